import type { RemoteSeries, SampleValue } from './remote-write.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Numbers in [0, 1) that look random and are the same in every run. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

type Shape = {
  readonly name: string;
  readonly stepMs: number;
  /** Milliseconds that a sample may be off its grid. */
  readonly jitterMs?: number;
  readonly valueAt: (n: number, random: () => number) => SampleValue | null;
};

const SHAPES: readonly Shape[] = [
  { name: 'steady_total', stepMs: 30_000, valueAt: (n) => n * 7 },
  { name: 'decimal', stepMs: 60_000, valueAt: (_n, random) => Math.round(random() * 1e5) / 1e3 },
  { name: 'binary', stepMs: 60_000, jitterMs: 900, valueAt: (_n, random) => random() * 10 - 5 },
  { name: 'resets_total', stepMs: 45_000, jitterMs: 2_000, valueAt: (n, random) => (n % 97) * 3 + random() },
  { name: 'edges', stepMs: 5 * MINUTE, valueAt: (n) => n % 11 },
  { name: 'hours', stepMs: HOUR, valueAt: (n) => n },
  { name: 'rare', stepMs: 25 * MINUTE, jitterMs: 9 * MINUTE, valueAt: (n) => 100 - n },
  {
    name: 'odd',
    stepMs: MINUTE,
    valueAt: (n, random) =>
      [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0][n % 173] ??
      Math.floor(random() * 9),
  },
  { name: 'all_nan', stepMs: 3 * MINUTE, valueAt: () => Number.NaN },
  {
    name: 'holes',
    stepMs: MINUTE,
    jitterMs: 500,
    valueAt: (n) => (n % 500 > 260 ? null : n % 500 === 260 ? 'stale' : n % 60),
  },
  { name: 'flapping', stepMs: 5 * MINUTE, valueAt: (n) => (n % 3 === 2 ? 'stale' : n) },
  { name: 'late', stepMs: 2 * MINUTE, valueAt: (n) => (n < 800 ? null : n) },
  { name: 'gone', stepMs: 2 * MINUTE, valueAt: (n) => (n < 400 ? -n : n === 400 ? 'stale' : null) },
  { name: 'constant', stepMs: 15_000, valueAt: () => 1 },
  { name: 'large', stepMs: 7 * MINUTE, valueAt: (n) => (n % 2 === 0 ? 1e15 : 3e-7) },
];

/** Series that try everything that samples can be, from `start` (a whole hour, say) for `lengthMs`. */
export function hostileSeries(start: number, lengthMs: number, seed: number): readonly RemoteSeries[] {
  return SHAPES.map(({ name, stepMs, jitterMs = 0, valueAt }, index) => {
    const random = randomOf(seed * 100 + index);
    const samples: { time: number; value: SampleValue }[] = [];
    for (let n = 0; n * stepMs <= lengthMs; n++) {
      const value = valueAt(n, random);
      const time = start + n * stepMs + Math.round((random() * 2 - 1) * jitterMs);
      if (value !== null && time > (samples.at(-1)?.time ?? 0)) samples.push({ time, value });
    }
    return {
      labels: { __name__: name, shape: name, kind: index % 2 === 0 ? 'a' : 'b', job: 'hostile' },
      samples,
    };
  });
}
