import type { FormMatcher, RuleForm } from '#shared/contract/rule-forms.ts';
import { formatDuration } from '#shared/units/duration.ts';
import { formTexts } from './form-texts.ts';
import { globRegex, numberText, rangeText, selectorText } from './promql-text.ts';
import type { DraftGroup } from './rule-text.ts';
import { sloGroups } from './slo-rules.ts';

/** File systems that are full by nature, or have no space of their own. */
export const REAL_FILESYSTEM: FormMatcher = {
  label: 'fstype',
  op: '!~',
  value: 'squashfs|iso9660|erofs|overlay|tmpfs|devtmpfs|ramfs',
};

/** The groups of the rule file that a form stands for. Pure: the same form gives the same groups. */
export function formToRule(form: RuleForm): readonly DraftGroup[] {
  if (form.kind === 'slo') return sloGroups(form);
  const { summary, advice } = formTexts(form);
  return [
    {
      name: form.name,
      intervalMs: null,
      rules: [
        {
          kind: 'alerting',
          name: form.name,
          expr: formExpression(form),
          forMs: form.forMs,
          keepFiringForMs: form.keepFiringForMs,
          labels: [['severity', form.severity]],
          annotations: [
            ['summary_zh', summary.zh],
            ['summary_en', summary.en],
            ['description_zh', advice.zh],
            ['description_en', advice.en],
          ],
        },
      ],
    },
  ];
}

const WRAPPED = {
  value: null,
  average: 'avg_over_time',
  least: 'min_over_time',
  most: 'max_over_time',
  rate: 'rate',
  increase: 'increase',
} as const;

/** The PromQL that a form of one rule stands for. */
function formExpression(form: Exclude<RuleForm, { kind: 'slo' }>): string {
  const of = (metric: string, ...more: readonly FormMatcher[]): string =>
    selectorText(metric, [...more, ...form.matchers]);
  switch (form.kind) {
    case 'expression':
      return form.expr;
    case 'disk': {
      const avail = of('node_filesystem_avail_bytes', REAL_FILESYSTEM);
      const size = of('node_filesystem_size_bytes', REAL_FILESYSTEM);
      return `100 * (1 - ${avail} / ${size}) > ${numberText(form.percent)}`;
    }
    case 'memory':
      return `100 * (1 - ${of('node_memory_MemAvailable_bytes')} / ${of('node_memory_MemTotal_bytes')}) > ${numberText(form.percent)}`;
    case 'cpu': {
      const idle = of('node_cpu_seconds_total', { label: 'mode', op: '=', value: 'idle' });
      return `100 * (1 - avg without (cpu, mode) (rate(${idle}${rangeText(form.windowMs)}))) > ${numberText(form.percent)}`;
    }
    case 'load': {
      const idle = of('node_cpu_seconds_total', { label: 'mode', op: '=', value: 'idle' });
      return `${of('node_load5')} / count without (cpu, mode) (${idle}) > ${numberText(form.perCpu)}`;
    }
    case 'down':
      return `${of('up')} == 0`;
    case 'service':
      return serviceExpression(form, of);
    case 'threshold': {
      const wrap = WRAPPED[form.of];
      const plain = of(form.metric);
      const each = wrap === null ? plain : `${wrap}(${plain}${rangeText(form.windowMs)})`;
      const value = form.sumBy === null ? each : `sum by (${form.sumBy.join(', ')}) (${each})`;
      return `${value} ${form.comparison} ${numberText(form.value)}`;
    }
    case 'change':
      return changeExpression(form, of(form.metric));
    case 'absence':
      return `absent_over_time(${of(form.metric)}${rangeText(form.windowMs)})`;
    case 'prediction': {
      const series = of(form.metric);
      const soon = `predict_linear(${series}${rangeText(form.basedOnMs)}, ${form.withinMs / 1000})`;
      const [reached, not] = form.direction === 'above' ? ['>=', '<'] : ['<=', '>'];
      return `${soon} ${reached} ${numberText(form.value)} and ${series} ${not} ${numberText(form.value)}`;
    }
    case 'log':
      return logExpression(form, of(form.metric));
  }
}

function logExpression(form: Extract<RuleForm, { kind: 'log' }>, series: string): string {
  const { metric, windowMs, direction, perMinute } = form;
  const below = perMinute === 0 ? '==' : '<';
  const labels = LOG_LABELS[metric] ?? 'source, host';
  return `sum by (${labels}) (rate(${series}${rangeText(windowMs)})) * 60 ${direction === 'above' ? '>' : below} ${numberText(perMinute)}`;
}

/** What tells the series of a log metric apart; sources are told apart by name and host. */
const LOG_LABELS: Readonly<Record<string, string>> = {
  hmtt_log_matches_total: 'query',
  hmtt_log_stream_lines_total: 'stream',
  hmtt_log_new_patterns_total: 'source',
};

function serviceExpression(
  form: Extract<RuleForm, { kind: 'service' }>,
  of: (metric: string, ...more: readonly FormMatcher[]) => string,
): string {
  const named = (label: string): FormMatcher =>
    form.service.includes('*')
      ? { label, op: '=~', value: globRegex(form.service) }
      : { label, op: '=', value: form.service };
  switch (form.by) {
    case 'systemd':
      return `${of('node_systemd_unit_state', named('name'), { label: 'state', op: '=', value: 'active' })} == 0`;
    case 'process':
      return `${of('namedprocess_namegroup_num_procs', named('groupname'))} == 0`;
    case 'probe':
      return `${of('probe_success', named('instance'))} == 0`;
  }
}

function changeExpression(form: Extract<RuleForm, { kind: 'change' }>, series: string): string {
  const before = `${series} offset ${formatDuration(form.windowMs)}`;
  const change = form.direction === 'down' ? `(${before} - ${series})` : `(${series} - ${before})`;
  const sized = form.direction === 'either' ? `abs${change}` : change;
  const measured = form.unit === 'percent' ? `100 * ${sized} / abs(${before})` : sized;
  return `${measured} > ${numberText(form.amount)}`;
}
