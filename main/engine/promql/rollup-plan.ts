import type { RollupSource } from './source.ts';

/** How one selector is read: at which times, how far back, and whether buckets can stand for its samples. */
export type Reading = {
  /** Time of the first step, offset and `@` taken into account; UTC milliseconds. */
  readonly first: number;
  readonly step: number;
  readonly count: number;
  /** Range or lookback. */
  readonly backMs: number;
  /** Whether `backMs` has to be a multiple of the resolution: it has for a range, a lookback may be any. */
  readonly wholeBack: boolean;
  /** Whether what is asked for can be told from buckets. */
  readonly bucketed: boolean;
};

/** Steps [from, to) that are answered in the same way; resolution 0 is from samples. */
export type Segment = {
  readonly from: number;
  readonly to: number;
  readonly resolution: number;
  /** Whether the answer is that of the samples. */
  readonly exact: boolean;
};

/** The coarsest resolution whose buckets give the same answer as the samples, or 0. */
function exactResolution(reading: Reading, resolutions: readonly number[]): number {
  if (!reading.bucketed) return 0;
  const divides = (resolution: number, time: number): boolean => time % resolution === 0;
  const fits = resolutions.find(
    (resolution) =>
      divides(resolution, reading.first) &&
      (reading.count === 1 || divides(resolution, reading.step)) &&
      (!reading.wholeBack || divides(resolution, reading.backMs)),
  );
  return fits ?? 0;
}

/**
 * Decides step by step what answers: buckets where that is exact and a file has some of the time, else samples; and
 * where samples are lost that the exact buckets do not cover, the finest buckets there are.
 *
 * @returns null when samples answer for all steps
 */
export function planSegments(
  reading: Reading,
  rollups: RollupSource,
  whole = false,
): readonly Segment[] | null {
  const { first, step, count, backMs } = reading;
  const last = first + (count - 1) * step;
  const exact = exactResolution(reading, rollups.resolutions);
  const useful = exact > 0 && rollups.has(exact, first - backMs, last) ? exact : 0;
  const needed = rollups.finest(first - backMs - 1, last);
  const decide = (need: number): Omit<Segment, 'from' | 'to'> =>
    need <= exact ? { resolution: useful, exact: true } : { resolution: need, exact: false };
  if (needed <= exact || whole) {
    const all = decide(needed);
    return all.resolution === 0 ? null : [{ from: 0, to: count, ...all }];
  }
  const segments: { from: number; to: number; resolution: number; exact: boolean }[] = [];
  for (let i = 0; i < count; i++) {
    const time = first + i * step;
    const decided = decide(rollups.finest(time - backMs - 1, time));
    const before = segments.at(-1);
    if (before?.resolution === decided.resolution && before.exact === decided.exact) before.to = i + 1;
    else segments.push({ from: i, to: i + 1, ...decided });
  }
  return segments;
}
