import type { MetricsUsage } from '#shared/contract/metrics-usage.ts';
import { labelValue, METRIC_NAME } from '#shared/domain/labels.ts';
import type { Head } from './head.ts';
import type { SeriesGuard } from './series-limits.ts';

/** What the lists are made of; the rest of the answer is the area's. */
export type UsageLists = Pick<
  MetricsUsage,
  | 'newSeries'
  | 'newSince'
  | 'metrics'
  | 'metricsTotal'
  | 'labels'
  | 'labelsTotal'
  | 'pairs'
  | 'pairsTotal'
  | 'targets'
  | 'targetsTotal'
>;

/** Lets scrapes in between; false when the store was closed. */
export type Pause = () => Promise<boolean>;

const HOUR_MS = 3_600_000;
/** Series or labels that are counted at a stroke: a few milliseconds. */
const AT_A_STROKE = 20_000;
/** Values are cut for showing; a label of 60 kB is a finding, but not on one line. */
const LONGEST_SHOWN = 300;

/**
 * Counts who uses the space, in small turns between scrapes.
 *
 * @param limit the most entries of each list
 * @returns null when the store was closed meanwhile
 */
export async function countUsage(
  head: Head,
  guard: SeriesGuard,
  now: number,
  limit: number,
  pause: Pause,
): Promise<UsageLists | null> {
  const since = guard.ages.before(now - HOUR_MS);
  const metrics = new Map<string, { name: string; series: number; newSeries: number }>();
  let newSeries = 0;
  let turn = 0;
  for (const slot of head.series.slots()) {
    const name = labelValue(head.series.labels(slot), METRIC_NAME);
    const metric = metrics.get(name) ?? { name, series: 0, newSeries: 0 };
    metric.series++;
    if ((head.series.ref[slot] ?? 0) > since.ref) {
      metric.newSeries++;
      newSeries++;
    }
    metrics.set(name, metric);
    if (++turn % AT_A_STROKE === 0 && !(await pause())) return null;
  }
  const labels = new Top<MetricsUsage['labels'][number]>(limit, ({ values }) => values);
  const pairs = new Top<MetricsUsage['pairs'][number]>(limit, ({ series }) => series);
  const { index } = head.series;
  for (const name of [...index.names()]) {
    if (name === METRIC_NAME) continue;
    let values = 0;
    let series = 0;
    for (const value of index.values(name)) {
      const having = index.count(name, value);
      values++;
      series += having;
      // A target is a list of its own; a rule that drops all of it is not what anybody wants.
      if (name !== 'job' && name !== 'instance')
        pairs.offer(having, () => ({ name, value: value.slice(0, LONGEST_SHOWN), series: having }));
      if (++turn % AT_A_STROKE === 0 && !(await pause())) return null;
    }
    const found = { values, series };
    labels.offer(values, () => ({ name, ...found }));
  }
  const targets = new Top<MetricsUsage['targets'][number]>(limit, (one) =>
    one.refusal === null ? one.series : Number.MAX_SAFE_INTEGER,
  );
  for (const { labels: own, share, refusal } of guard.targets) {
    const { series, fresh } = share.count(since.ref);
    const target = {
      job: own.job ?? '',
      instance: own.instance ?? '',
      series,
      newSeries: fresh,
      refusal: refusal === null ? null : { ...refusal },
    };
    // A target that is refused comes first, whatever it has now.
    targets.offer(refusal === null ? series : Number.MAX_SAFE_INTEGER, () => target);
  }
  const top = new Top<MetricsUsage['metrics'][number]>(limit, ({ series }) => series);
  for (const metric of metrics.values()) top.offer(metric.series, () => metric);
  return {
    newSeries,
    newSince: Math.round(since.time),
    metrics: top.sorted(),
    metricsTotal: metrics.size,
    labels: labels.sorted(),
    labelsTotal: labels.offered,
    pairs: pairs.sorted(),
    pairsTotal: pairs.offered,
    targets: targets.sorted(),
    targetsTotal: targets.offered,
  };
}

/** Keeps the largest of many entries. */
class Top<T> {
  readonly #most: number;
  readonly #by: (entry: T) => number;
  #kept: T[] = [];
  #least = Number.NEGATIVE_INFINITY;
  offered = 0;

  constructor(most: number, by: (entry: T) => number) {
    this.#most = most;
    this.#by = by;
  }

  /** Takes an entry of this size if it is among the largest so far; it is only made then. */
  offer(size: number, make: () => T): void {
    this.offered++;
    if (size <= this.#least) return;
    this.#kept.push(make());
    if (this.#kept.length < this.#most * 2) return;
    this.#kept = this.sorted();
    const last = this.#kept.at(-1);
    if (last !== undefined) this.#least = this.#by(last);
  }

  /** The largest, largest first. */
  sorted(): T[] {
    return this.#kept.toSorted((a, b) => this.#by(b) - this.#by(a)).slice(0, this.#most);
  }
}
