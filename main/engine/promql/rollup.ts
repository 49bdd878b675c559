import { BucketFold } from '#shared/domain/bucket-fold.ts';
import { BucketBuffer, columnMask } from '#shared/domain/buckets.ts';
import { compareLabels, labelsKey, labelsWithoutName } from '#shared/domain/labels.ts';
import type { SampleBuffer } from '#shared/domain/samples.ts';
import { STALE_HI, STALE_LO } from '#shared/domain/samples.ts';
import type { SelectorNode } from './ast.ts';
import type { QueryContext } from './context.ts';
import { type BucketFunction, EDGE_COLUMNS } from './rollup-functions.ts';
import { planSegments, type Reading, type Segment } from './rollup-plan.ts';
import type { BucketSeries, RollupSource, SeriesSource } from './source.ts';
import { type Column, hasAny, newColumn, type Steps, timeAt } from './values.ts';

/** What is asked for of a selector: its newest sample, or a function over a range; null when samples are needed. */
export type RollupQuestion =
  | { readonly kind: 'newest'; readonly timestamps: boolean }
  | { readonly kind: 'range'; readonly compute: BucketFunction | null; readonly keepsName: boolean };

/** Evaluates from samples, over part of the steps, with a range or lookback that may be wider than was asked for. */
export type EvaluateSamples = (
  context: QueryContext,
  steps: Steps,
  backMs: number,
) => Promise<readonly Column[]>;

/**
 * Evaluates a selector, or a range function over one, from roll-ups as far as they give the same answer as the samples,
 * or the samples are gone (docs/metrics-format.md, "What a query takes").
 *
 * @returns null when there is nothing for roll-ups to do
 */
export async function evaluateByRollups(
  context: QueryContext,
  node: SelectorNode,
  steps: Steps,
  at: { readonly first: number; readonly step: number; readonly backMs: number },
  question: RollupQuestion,
  samples: EvaluateSamples,
): Promise<readonly Column[] | null> {
  const { rollups } = context;
  if (rollups === null || steps.count === 0) return null;
  const visible = context.plan.visible.get(node);
  const last = at.first + (steps.count - 1) * at.step;
  // A selector that moves on from its `@` does not see all of its windows.
  if (visible === undefined || visible.from > at.first - at.backMs || visible.to < last) return null;
  const reading: Reading = {
    ...at,
    count: steps.count,
    wholeBack: question.kind === 'range',
    bucketed: question.kind === 'newest' || question.compute !== null,
  };
  const segments = planSegments(reading, rollups, context.plan.pins.has(node));
  if (segments === null) return null;
  const work = new RollupWork(context, rollups, node, reading, question, samples);
  const [only] = segments;
  if (segments.length === 1 && only !== undefined) return work.segment(only, steps);
  const merged = new Map<string, Column>();
  for (const segment of segments) {
    const part = { start: timeAt(steps, segment.from), step: steps.step, count: segment.to - segment.from };
    for (const column of await work.segment(segment, part)) {
      const key = labelsKey(column.labels);
      const whole = merged.get(key) ?? newColumn(column.labels, steps.count);
      whole.values.set(column.values, segment.from);
      whole.has.set(column.has, segment.from);
      merged.set(key, whole);
    }
  }
  return sorted([...merged.values()]);
}

function sorted<T extends { readonly labels: Column['labels'] }>(columns: readonly T[]): readonly T[] {
  return [...columns].sort((a, b) => compareLabels(a.labels, b.labels));
}

/** One selector's evaluation. */
class RollupWork {
  readonly #context: QueryContext;
  readonly #rollups: RollupSource;
  readonly #node: SelectorNode;
  readonly #reading: Reading;
  readonly #question: RollupQuestion;
  readonly #samples: EvaluateSamples;

  constructor(
    context: QueryContext,
    rollups: RollupSource,
    node: SelectorNode,
    reading: Reading,
    question: RollupQuestion,
    samples: EvaluateSamples,
  ) {
    this.#context = { ...context, rollups: null };
    this.#rollups = rollups;
    this.#node = node;
    this.#reading = reading;
    this.#question = question;
    this.#samples = samples;
  }

  async segment(segment: Segment, steps: Steps): Promise<readonly Column[]> {
    const { backMs } = this.#reading;
    if (segment.resolution === 0) return this.#samples(this.#context, steps, backMs);
    if (segment.exact) return this.#buckets(segment, steps);
    this.#context.note(segment.resolution);
    const { first, step } = this.#reading;
    const from = first + segment.from * step - backMs;
    const lost = this.#rollups.lost(from - 1, first + (segment.to - 1) * step);
    const kept = new Set<string>();
    // A retention class of its own may have kept the samples of some series.
    for (const { start, end } of lost)
      for (const { labels } of this.#context.source.select(this.#node.matchers, start + 1, end))
        kept.add(this.#keyOf(labels));
    const rough = await this.#rough(segment, steps);
    if (kept.size === 0) return rough;
    const exact = await this.#samples(this.#context, steps, backMs);
    const isKept = ({ labels }: Column): boolean => kept.has(labelsKey(labels));
    return sorted([...exact.filter(isKept), ...rough.filter((column) => !isKept(column))]);
  }

  /** What the labels of a series become in the result. */
  #keyOf(labels: Column['labels']): string {
    const named = this.#question.kind === 'newest' || this.#question.keepsName;
    return labelsKey(named ? labels : labelsWithoutName(labels));
  }

  /** Where samples are gone: whole buckets for functions that have enough of them, else the samples that buckets keep. */
  #rough(segment: Segment, steps: Steps): Promise<readonly Column[]> {
    const question = this.#question;
    if (question.kind === 'range' && question.compute !== null) return this.#buckets(segment, steps);
    const { resolution } = segment;
    const source = keptSamples(this.#rollups, resolution);
    return this.#samples({ ...this.#context, source }, steps, Math.max(this.#reading.backMs, resolution));
  }

  async #buckets(segment: Segment, steps: Steps): Promise<readonly Column[]> {
    const { resolution, exact } = segment;
    const { budget } = this.#context;
    const { first: start, step, backMs } = this.#reading;
    const first = start + segment.from * step;
    const last = first + (steps.count - 1) * step;
    // One bucket more at the end, because a rounded window may end after its step.
    const from = Math.floor((first - Math.max(backMs, resolution)) / resolution) * resolution;
    const to = Math.ceil(last / resolution) * resolution;
    const question = this.#question;
    const fill =
      question.kind === 'newest'
        ? newestOf(question.timestamps, first, step, backMs)
        : rangeOf(question.compute, first, step, exact ? null : { backMs, resolution }, backMs);
    const buffer = new BucketBuffer();
    const columns: Column[] = [];
    for (const series of sorted(this.#rollups.select(this.#node.matchers, from, to, resolution))) {
      if (budget.isDue) await budget.breathe();
      series.read(from, to, fill.columns, buffer);
      if (buffer.length === 0) continue;
      const named = question.kind === 'newest' || question.keepsName;
      const column = newColumn(named ? series.labels : labelsWithoutName(series.labels), steps.count);
      fill.into(column, buffer);
      if (!hasAny(column)) continue;
      budget.spend(steps.count);
      columns.push(column);
    }
    return columns;
  }
}

/** Computes a column from a series' buckets. */
type Fill = { readonly columns: number; readonly into: (column: Column, buckets: BucketBuffer) => void };

/** The newest sample not older than the lookback, unless a staleness marker comes after it. */
function newestOf(timestamps: boolean, first: number, step: number, lookbackMs: number): Fill {
  return {
    columns: EDGE_COLUMNS,
    into: (column, buckets) => {
      const { ends, length } = buckets;
      const times = buckets.column('lastTime');
      const values = buckets.column(timestamps ? 'lastTime' : 'last');
      const counts = buckets.column('count');
      const stale = buckets.column('stale');
      let next = 0;
      for (let i = 0; i < column.has.length; i++) {
        const time = first + i * step;
        while (next < length && (ends[next] ?? 0) <= time) next++;
        const at = next - 1;
        if (at < 0 || counts[at] === 0 || stale[at] === 1 || (times[at] ?? 0) < time - lookbackMs) continue;
        column.values[i] = timestamps ? (values[at] ?? 0) / 1000 : (values[at] ?? 0);
        column.has[i] = 1;
      }
    },
  };
}

/**
 * A function over [time - range, time]: the whole buckets inside, and the sample exactly at the start, which is the last
 * one of the bucket before.
 *
 * @param rounded the range that was asked for and the resolution, when windows are to be rounded to whole buckets
 */
function rangeOf(
  compute: BucketFunction | null,
  first: number,
  step: number,
  rounded: { readonly backMs: number; readonly resolution: number } | null,
  rangeMs: number,
): Fill {
  if (compute === null) throw new Error('a function that needs samples was given buckets');
  const fold = new BucketFold();
  const round = (time: number, resolution: number): number => Math.round(time / resolution) * resolution;
  const length =
    rounded === null ? rangeMs : Math.max(rounded.resolution, round(rangeMs, rounded.resolution));
  const scale = rounded !== null && compute.extensive ? rangeMs / length : 1;
  return {
    columns: compute.columns,
    into: (column, buckets) => {
      const { ends } = buckets;
      const lastTimes = buckets.column('lastTime');
      const lasts = buckets.column('last');
      const counts = buckets.column('count');
      let from = 0;
      for (let i = 0; i < column.has.length; i++) {
        const time = first + i * step;
        const end = rounded === null ? time : round(time, rounded.resolution);
        const start = end - length;
        while (from < buckets.length && (ends[from] ?? 0) <= start) from++;
        fold.clear();
        const before = from - 1;
        if (rounded === null && before >= 0 && lastTimes[before] === start && (counts[before] ?? 0) > 0)
          fold.sample(start, lasts[before] ?? 0);
        for (let at = from; at < buckets.length && (ends[at] ?? 0) <= end; at++) fold.bucket(buckets, at);
        if (fold.count === 0) continue;
        const value = compute.compute(fold, { start, end });
        if (value === null) continue;
        column.values[i] = value * scale;
        column.has[i] = 1;
      }
    },
  };
}

const KEPT = columnMask('count', 'firstTime', 'lastTime', 'first', 'last', 'stale');

/** The samples that buckets keep, first and last of each, as a source of samples; read from one bucket earlier on. */
function keptSamples(rollups: RollupSource, resolution: number): SeriesSource {
  const buffer = new BucketBuffer();
  const down = (time: number): number => Math.floor(time / resolution - 1) * resolution;
  const up = (time: number): number => Math.ceil(time / resolution) * resolution;
  return {
    select: (matchers, from, to) =>
      rollups.select(matchers, down(from), up(to), resolution).map((series) => ({
        labels: series.labels,
        read: (first, last, into) => readKept(series, down(first), up(last), last, buffer, into),
      })),
  };
}

function readKept(
  series: BucketSeries,
  from: number,
  to: number,
  last: number,
  buffer: BucketBuffer,
  into: SampleBuffer,
): void {
  series.read(from, to, KEPT, buffer);
  into.length = 0;
  const value = new Float64Array(1);
  const bits = new Uint32Array(value.buffer);
  const push = (time: number, sample: number): void => {
    value[0] = sample;
    if (time <= last) into.push(time, bits[1] ?? 0, bits[0] ?? 0);
  };
  const [counts, firstTimes, lastTimes] = [
    buffer.column('count'),
    buffer.column('firstTime'),
    buffer.column('lastTime'),
  ];
  const [firsts, lasts, stale] = [buffer.column('first'), buffer.column('last'), buffer.column('stale')];
  for (let i = 0; i < buffer.length; i++) {
    const count = counts[i] ?? 0;
    if (count > 0) push(firstTimes[i] ?? 0, firsts[i] ?? 0);
    if (count > 1) push(lastTimes[i] ?? 0, lasts[i] ?? 0);
    // The marker's own time is not kept; it came after the last sample, and no later than the bucket's end.
    const end = buffer.ends[i] ?? 0;
    if (stale[i] === 1 && end <= last && (count === 0 || end > (lastTimes[i] ?? 0)))
      into.push(end, STALE_HI, STALE_LO);
  }
}
