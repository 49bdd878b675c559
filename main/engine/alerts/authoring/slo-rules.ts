import type { FormMatcher, RuleForm } from '#shared/contract/rule-forms.ts';
import { formatDuration } from '#shared/units/duration.ts';
import { formTexts } from './form-texts.ts';
import { numberText, promqlString, rangeText, selectorText } from './promql-text.ts';
import type { DraftGroup, DraftRule } from './rule-text.ts';

/** The form of an SLO. */
export type SloForm = Extract<RuleForm, { kind: 'slo' }>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * When somebody is told: a share of the budget is spent within the long window, and the short one shows that it still is.
 * Chapter 5 of "The Site Reliability Workbook" (Google, 2018), table 5-8, with its one further row for a day.
 */
const BURNS = [
  { share: 0.02, longMs: HOUR, shortMs: 5 * MINUTE, severity: 'critical' },
  { share: 0.05, longMs: 6 * HOUR, shortMs: 30 * MINUTE, severity: 'critical' },
  { share: 0.1, longMs: DAY, shortMs: 2 * HOUR, severity: 'warning' },
  { share: 0.1, longMs: 3 * DAY, shortMs: 6 * HOUR, severity: 'warning' },
] as const;

/** How fast a budget is spent is looked at over these times. */
export const BURN_WINDOWS_MS = [HOUR, 6 * HOUR, DAY, 3 * DAY] as const;

const SLO_INTERVAL_MS = MINUTE;

/** Share of events that may be bad, 0…1. */
export function budgetOf({ objectivePercent }: Pick<SloForm, 'objectivePercent'>): number {
  // In whole millionths, so that 99.9 is 0.001 and not 0.0010000000000000009.
  return Math.round((100 - objectivePercent) * 1e6) / 1e8;
}

/** An expression for the share of bad events over a time, 0…1, for each value of the SLO's labels. */
export function errorRatio({ events, matchers, by }: SloForm, windowMs: number): string {
  const group = by.length === 0 ? '' : `by (${by.join(', ')}) `;
  const rate = (metric: string, more: readonly FormMatcher[] = []): string =>
    `sum ${group}(rate(${selectorText(metric, [...matchers, ...more])}${rangeText(windowMs)}))`;
  switch (events.kind) {
    case 'events': {
      const all = rate(events.metric);
      // Without a single bad event there may be no series of bad ones.
      return `(${rate(events.metric, events.bad)} or ${all} * 0) / ${all}`;
    }
    case 'availability':
      return `1 - avg ${group}(avg_over_time(${selectorText(events.metric, matchers)}${rangeText(windowMs)}))`;
    case 'latency': {
      const within = rate(`${events.metric}_bucket`, [{ label: 'le', op: '=', value: events.bound }]);
      return `1 - ${within} / ${rate(`${events.metric}_count`)}`;
    }
  }
}

const recordName = (ms: number): string => `slo:error_ratio:rate${formatDuration(ms)}`;

/** Recording rules for the share of errors, and alerts on the rate at which the error budget burns. */
export function sloGroups(form: SloForm): readonly DraftGroup[] {
  const budget = budgetOf(form);
  const burns = BURNS.filter(({ longMs }) => longMs <= form.windowMs)
    .map((burn) => ({ ...burn, factor: Math.max(1, (burn.share * form.windowMs) / burn.longMs) }))
    // More than all events cannot be bad.
    .filter(({ factor }) => factor * budget < 1);
  const windows = [...new Set(burns.flatMap(({ shortMs, longMs }) => [shortMs, longMs]))].sort(
    (a, b) => a - b,
  );
  const own = `{slo=${promqlString(form.name)}}`;
  const records = windows.map(
    (ms): DraftRule => ({
      kind: 'recording',
      name: recordName(ms),
      expr: errorRatio(form, ms),
      labels: [['slo', form.name]],
    }),
  );
  const alerts = (['critical', 'warning'] as const).flatMap((severity): DraftRule[] => {
    const conditions = burns
      .filter((burn) => burn.severity === severity)
      .map(({ factor, longMs, shortMs }) => {
        const most = `${numberText(Math.round(factor * 1e6) / 1e6)} * ${numberText(budget)}`;
        return `(${recordName(longMs)}${own} > ${most} and ${recordName(shortMs)}${own} > ${most})`;
      });
    if (conditions.length === 0) return [];
    const { summary, advice } = formTexts(form);
    return [
      {
        kind: 'alerting',
        name: form.name,
        expr: conditions.join('\nor\n'),
        forMs: form.forMs,
        keepFiringForMs: form.keepFiringForMs,
        labels: [['severity', severity]],
        annotations: [
          ['summary_zh', summary.zh],
          ['summary_en', summary.en],
          ['description_zh', advice.zh],
          ['description_en', advice.en],
        ],
      },
    ];
  });
  return [{ name: form.name, intervalMs: SLO_INTERVAL_MS, rules: [...records, ...alerts] }];
}
