import type { RequestOutput } from '#shared/contract/index.ts';
import type { LogLevel } from '#shared/contract/logs.ts';
import { niceStep } from '../../charts/steps.ts';
import { timeLabels } from '../../charts/time-axis.ts';
import { levelsBySeverity } from './log-filters.ts';

/** The engine's answer to `logs.histogram`. */
export type Histogram = RequestOutput<'logs.histogram'>;

/** One bar: a span of time with the events of each level in it. */
export type HistogramBar = {
  /** Start of the span, UTC milliseconds. */
  readonly time: number;
  readonly total: number;
  /** From the baseline upwards, the most severe first, so that a few errors never vanish on top of many lines. */
  readonly parts: readonly { readonly level: LogLevel; readonly from: number; readonly to: number }[];
};

/**
 * Lays out the bars of a histogram over the whole window; spans without events are there with zero, because a gap
 * in the log is information.
 *
 * @param start first millisecond of the window; it may lie inside the first bucket
 * @param end end of the window
 */
export function layOutHistogram(histogram: Histogram, start: number, end: number): readonly HistogramBar[] {
  const { bucketMs, buckets } = histogram;
  if (!(bucketMs > 0) || end <= start) return [];
  const counts = new Map(buckets.map((bucket) => [bucket.time, bucket.counts]));
  const first = buckets[0]?.time;
  const anchor = first === undefined ? start : first - Math.ceil((first - start) / bucketMs) * bucketMs;
  const bars: HistogramBar[] = [];
  for (let time = anchor; time < end && bars.length < 2000; time += bucketMs) {
    bars.push(layOutBar(time, counts.get(time) ?? {}));
  }
  return bars;
}

function layOutBar(time: number, counts: Readonly<Partial<Record<LogLevel, number>>>): HistogramBar {
  let reached = 0;
  const parts = levelsBySeverity.flatMap((level) => {
    const count = counts[level] ?? 0;
    if (count <= 0) return [];
    const part = { level, from: reached, to: reached + count };
    reached = part.to;
    return [part];
  });
  return { time, total: reached, parts };
}

/** The tallest bar; 0 when there is nothing. */
export function tallest(bars: readonly HistogramBar[]): number {
  return bars.reduce((most, bar) => Math.max(most, bar.total), 0);
}

/** A time below the bars: where, from 0 at the left edge to 1 at the right, and in words. */
export type HistogramTick = { readonly share: number; readonly label: string };

const MOST_TICKS = 10;
/** A label nearer to an edge than this share would be cut off. */
const EDGE_SHARE = 0.03;

/** Round local times below the bars, the date where the day changes. */
export function histogramTicks(bars: readonly HistogramBar[], bucketMs: number): readonly HistogramTick[] {
  const start = bars[0]?.time;
  if (start === undefined) return [];
  const span = bars.length * bucketMs;
  const step = niceStep(span, MOST_TICKS);
  const zone = new Date(start).getTimezoneOffset() * 60_000;
  const first = Math.ceil((start + span * EDGE_SHARE - zone) / step) * step + zone;
  const times: number[] = [];
  for (let time = first; time <= start + span * (1 - EDGE_SHARE); time += step) times.push(time);
  const labels = timeLabels(
    times.map((time) => time / 1000),
    step / 1000,
    true,
  );
  return times.map((time, index) => ({ share: (time - start) / span, label: labels[index] ?? '' }));
}

/** Levels that occur at all, the most severe first. */
export function levelsPresent(bars: readonly HistogramBar[]): readonly LogLevel[] {
  const present = new Set(bars.flatMap((bar) => bar.parts.map((part) => part.level)));
  return levelsBySeverity.filter((level) => present.has(level));
}

/**
 * The time span of a drag over the chart, in whole buckets.
 *
 * @param fromShare where the drag began, 0 at the left edge and 1 at the right
 * @param toShare where it ended
 * @returns null when the drag is shorter than half a bucket, which is a click and not a zoom
 */
export function dragToSpan(
  bars: readonly HistogramBar[],
  bucketMs: number,
  fromShare: number,
  toShare: number,
): { readonly start: number; readonly end: number } | null {
  if (bars.length === 0 || Math.abs(toShare - fromShare) * bars.length < 0.5) return null;
  const clamp = (share: number): number => Math.min(1, Math.max(0, share));
  const low = Math.floor(clamp(Math.min(fromShare, toShare)) * bars.length);
  const high = Math.max(low + 1, Math.ceil(clamp(Math.max(fromShare, toShare)) * bars.length));
  const origin = bars[0]?.time ?? 0;
  return { start: origin + low * bucketMs, end: origin + Math.min(high, bars.length) * bucketMs };
}
