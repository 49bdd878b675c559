import type { RuleForm } from '#shared/contract/rule-forms.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { formatDuration } from '#shared/units/duration.ts';
import { literalText, numberText } from './promql-text.ts';

/** The sentence of an alert and what to do next, as templates. */
export type FormTexts = { readonly summary: Bilingual; readonly advice: Bilingual };

const ONE = '{{ printf "%.1f" $value }}';
/** Log metrics whose series are no sources. */
const LOG_SUMMARIES: Readonly<Record<string, Bilingual>> = {
  hmtt_log_matches_total: {
    zh: `保存的搜索“{{ $labels.query }}”每分钟命中 ${ONE} 行`,
    en: `${ONE} lines a minute match the saved search "{{ $labels.query }}"`,
  },
  hmtt_log_stream_lines_total: {
    zh: `日志流“{{ $labels.stream }}”每分钟 ${ONE} 行`,
    en: `${ONE} lines a minute in log stream "{{ $labels.stream }}"`,
  },
  hmtt_log_new_patterns_total: {
    zh: '日志源 {{ $labels.source }} 出现了新的日志模式',
    en: 'Lines of a new kind in log source {{ $labels.source }}',
  },
};
const HUMAN = '{{ humanize $value }}';
const WHERE = '{{ with $labels.instance }}{{ . }} {{ end }}';
const OF = {
  value: { zh: '', en: '' },
  average: { zh: '的平均值', en: 'average of ' },
  least: { zh: '的最小值', en: 'minimum of ' },
  most: { zh: '的最大值', en: 'maximum of ' },
  rate: { zh: '的每秒速率', en: 'rate per second of ' },
  increase: { zh: '的增量', en: 'increase of ' },
} as const;

/** What the alerts of a form say; the value and the labels are filled in when one fires. */
export function formTexts(form: RuleForm): FormTexts {
  const texts = wordsOf(form);
  if (form.advice === '') return texts;
  const advice = literalText(form.advice);
  return { ...texts, advice: { zh: advice, en: advice } };
}

function wordsOf(form: RuleForm): FormTexts {
  switch (form.kind) {
    case 'expression': {
      const plain = `${WHERE}${literalText(form.name)}: ${HUMAN}`;
      const sentence = form.sentence === '' ? plain : form.sentence;
      return {
        summary: { zh: sentence, en: sentence },
        advice: {
          zh: '在指标页查看该表达式的走势。',
          en: 'See how the expression went on the metrics page.',
        },
      };
    }
    case 'disk':
      return {
        summary: {
          zh: `{{ $labels.instance }} 的磁盘 {{ $labels.mountpoint }} 已用 ${ONE}%`,
          en: `Disk {{ $labels.mountpoint }} of {{ $labels.instance }} is ${ONE} % full`,
        },
        advice: {
          zh: '清理或扩容；先看是哪些日志或数据在增长。',
          en: 'Free or add space; look first which logs or data are growing.',
        },
      };
    case 'memory':
      return {
        summary: {
          zh: `{{ $labels.instance }} 的内存已用 ${ONE}%`,
          en: `Memory of {{ $labels.instance }} is ${ONE} % used`,
        },
        advice: {
          zh: '找出占用内存最多的进程；必要时重启该服务或扩容。',
          en: 'Find the process that uses most of it; restart that service or add memory.',
        },
      };
    case 'cpu':
      return {
        summary: {
          zh: `{{ $labels.instance }} 的 CPU 使用率为 ${ONE}%`,
          en: `CPU of {{ $labels.instance }} is ${ONE} % busy`,
        },
        advice: { zh: '找出占用 CPU 最多的进程。', en: 'Find the process that uses most of it.' },
      };
    case 'load':
      return {
        summary: {
          zh: `{{ $labels.instance }} 的每核负载为 ${ONE}`,
          en: `Load of {{ $labels.instance }} is ${ONE} for each CPU`,
        },
        advice: {
          zh: '查看是 CPU、磁盘还是网络在等待。',
          en: 'See whether it waits for CPU, disk or network.',
        },
      };
    case 'down':
      return {
        summary: {
          zh: '{{ $labels.instance }}（{{ $labels.job }}）没有应答',
          en: '{{ $labels.instance }} ({{ $labels.job }}) does not answer',
        },
        advice: {
          zh: '检查主机是否开机、网络是否连通、采集目标的服务是否在运行。',
          en: 'Check that the host is powered, the network connected and the exporter running.',
        },
      };
    case 'service': {
      const name = literalText(form.service);
      return {
        summary: { zh: `${WHERE}的服务 ${name} 不在运行`, en: `${WHERE}service ${name} is not running` },
        advice: { zh: '查看该服务的日志后再启动。', en: 'Read the log of the service, then start it.' },
      };
    }
    case 'threshold':
      return {
        summary: {
          zh: `${WHERE}${form.metric}${OF[form.of].zh}为 ${HUMAN}（${form.comparison} ${numberText(form.value)}）`,
          en: `${WHERE}${OF[form.of].en}${form.metric} is ${HUMAN} (${form.comparison} ${numberText(form.value)})`,
        },
        advice: { zh: '在指标页查看该指标的走势。', en: 'See how the metric went on the metrics page.' },
      };
    case 'change': {
      const unit = form.unit === 'percent' ? ' %' : '';
      const length = formatDuration(form.windowMs);
      return {
        summary: {
          zh: `${WHERE}${form.metric} 在 ${length} 内变化了 ${HUMAN}${unit}`,
          en: `${WHERE}${form.metric} changed by ${HUMAN}${unit} within ${length}`,
        },
        advice: {
          zh: '查看这段时间内发生了什么：部署、备份、重启。',
          en: 'See what happened in that time: a deployment, a backup, a restart.',
        },
      };
    }
    case 'absence':
      return {
        summary: {
          zh: `${WHERE}指标 ${form.metric} 已 ${formatDuration(form.windowMs)} 没有数据`,
          en: `${WHERE}no data of ${form.metric} for ${formatDuration(form.windowMs)}`,
        },
        advice: { zh: '检查提供该指标的采集目标。', en: 'Check the target that gives this metric.' },
      };
    case 'prediction':
      return {
        summary: {
          zh: `${WHERE}${form.metric} 将在 ${formatDuration(form.withinMs)} 内到达 ${numberText(form.value)}`,
          en: `${WHERE}${form.metric} will reach ${numberText(form.value)} within ${formatDuration(form.withinMs)}`,
        },
        advice: {
          zh: '趁还有时间处理：查看增长来自哪里。',
          en: 'Act while there is time: see where the growth comes from.',
        },
      };
    case 'log':
      return {
        summary: LOG_SUMMARIES[form.metric] ?? {
          zh: `日志源 {{ $labels.source }} 每分钟 ${ONE} 行`,
          en: `${ONE} lines a minute in log source {{ $labels.source }}`,
        },
        advice: { zh: '打开日志页查看这些行。', en: 'Read these lines on the logs page.' },
      };
    case 'slo': {
      const name = literalText(form.name);
      return {
        summary: {
          zh: `“${name}”的错误预算消耗过快：错误率 {{ humanizePercentage $value }}，目标 ${numberText(form.objectivePercent)}%`,
          en: `"${name}" spends its error budget too fast: {{ humanizePercentage $value }} errors, objective ${numberText(form.objectivePercent)} %`,
        },
        advice: {
          zh: '先停止有风险的变更，再找出错误来源。',
          en: 'Stop risky changes, then find where the errors come from.',
        },
      };
    }
  }
}
