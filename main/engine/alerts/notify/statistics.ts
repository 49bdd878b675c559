import type { AlertStatistic } from '#shared/contract/notify.ts';
import type { AlertRecord } from '#shared/contract/notify-alerts.ts';
import type { Severity } from '#shared/contract/site.ts';

/** A rule or condition that could have fired. */
export type KnownRule = {
  readonly name: string;
  readonly rule: AlertStatistic['rule'];
  readonly severity: Severity | null;
};

/** The time that is looked at; what lasts still counts until `now`. */
export type StatisticsSpan = { readonly from: number; readonly to: number; readonly now: number };

/** So many alerts in a span make noise, if most others have far fewer. */
const NOISY_ALERTS = 20;
const NOISY_TIMES = 5;
/** More than half of the alerts over within this time are noise, too. */
const SHORT_MS = 5 * 60_000;
const SOME = 5;

type Figures = Omit<AlertStatistic, 'name' | 'rule' | 'severity' | 'marks'>;

/** What each rule and condition cost, the loudest first; rules that never fired last. */
export function statisticsOf(
  records: readonly AlertRecord[],
  known: readonly KnownRule[],
  span: StatisticsSpan,
  lateAfterMs: number,
): { readonly statistics: AlertStatistic[]; readonly totals: Figures } {
  const byRule = new Map<string, { readonly rule: KnownRule; readonly records: AlertRecord[] }>();
  const entryOf = (rule: KnownRule): { readonly records: AlertRecord[] } => {
    const key = JSON.stringify([rule.name, rule.rule]);
    const entry = byRule.get(key) ?? { rule, records: [] };
    byRule.set(key, entry);
    return entry;
  };
  for (const rule of known) entryOf(rule);
  for (const record of records) entryOf(ruleOf(record)).records.push(record);
  const counts = [...byRule.values()].map((entry) => entry.records.length).filter((count) => count > 0);
  const usual = median(counts) ?? 0;
  const statistics = [...byRule.values()].map(({ rule, records: own }): AlertStatistic => {
    const figures = figuresOf(own, span);
    return { ...rule, ...figures, marks: marksOf(own, figures, usual, lateAfterMs) };
  });
  statistics.sort((a, b) => b.notices - a.notices || b.alerts - a.alerts || (a.name < b.name ? -1 : 1));
  return { statistics, totals: figuresOf(records, span) };
}

function ruleOf({ problem, labels }: AlertRecord): KnownRule {
  const { alert } = problem;
  return {
    name: labels.alertname ?? problem.condition,
    rule: alert === undefined ? null : { file: alert.file, group: alert.group },
    severity: problem.severity,
  };
}

function figuresOf(records: readonly AlertRecord[], { from, to, now }: StatisticsSpan): Figures {
  const sum = (read: (record: AlertRecord) => number): number =>
    records.reduce((total, record) => total + read(record), 0);
  const count = (test: (record: AlertRecord) => boolean): number => records.filter(test).length;
  const end = Math.min(to, now);
  return {
    alerts: records.length,
    openings: sum(({ openings }) => openings),
    openMs: sum(({ problem }) =>
      Math.max(0, Math.min(problem.until ?? end, end) - Math.max(problem.since, from)),
    ),
    notices: sum(({ notices }) => notices),
    suppressed: count(({ suppressedBy }) =>
      suppressedBy.some((kind) => kind !== 'acknowledged' && kind !== 'waiting_for_cause'),
    ),
    acknowledged: count(({ acknowledgedAt }) => acknowledgedAt !== null),
    ignored: count(isIgnored),
    meanToAcknowledgeMs: mean(records.flatMap(toAcknowledge)),
    meanToResolveMs: mean(
      records.flatMap(({ problem }) => (problem.until === null ? [] : [problem.until - problem.since])),
    ),
  };
}

const isIgnored = ({ toldAt, acknowledgedAt, problem }: AlertRecord): boolean =>
  toldAt !== null && acknowledgedAt === null && problem.until !== null;

/** From the first notice, or from the opening when somebody came before it. */
function toAcknowledge({ problem, toldAt, acknowledgedAt }: AlertRecord): readonly number[] {
  if (acknowledgedAt === null) return [];
  const from = toldAt !== null && toldAt <= acknowledgedAt ? toldAt : problem.since;
  return [Math.max(0, acknowledgedAt - from)];
}

function marksOf(
  records: readonly AlertRecord[],
  figures: Figures,
  usual: number,
  lateAfterMs: number,
): AlertStatistic['marks'] {
  if (records.length === 0) return ['never_fired'];
  const short = records.filter(
    ({ problem }) => problem.until !== null && problem.until - problem.since < SHORT_MS,
  ).length;
  const isLoud = figures.openings >= NOISY_ALERTS && figures.openings >= NOISY_TIMES * Math.max(1, usual);
  const isShort = figures.notices >= SOME && short >= SOME && short * 2 > records.length;
  const waits = records.flatMap(toAcknowledge);
  const late = waits.filter((ms) => ms > lateAfterMs).length;
  const marks: AlertStatistic['marks'] = [];
  if (isLoud || isShort) marks.push('noisy');
  if (waits.length > 0 && late * 2 >= waits.length) marks.push('acknowledged_late');
  if (records.some(({ openings }) => openings > 1)) marks.push('flapping');
  if (figures.acknowledged === 0 && figures.ignored >= SOME) marks.push('ignored');
  return marks;
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
