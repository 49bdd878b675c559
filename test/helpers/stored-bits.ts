import { SampleBuffer } from '#shared/domain/samples.ts';
import type { MetricsBench } from './metrics-area.ts';
import type { WrittenSeries } from './write-receiver.ts';

/** Everything that a store holds, in the form that receivers keep: `time bits` by `name=value,…`. */
export function storedBits({ area }: MetricsBench): WrittenSeries {
  const all: WrittenSeries = new Map();
  const buffer = new SampleBuffer();
  const from = Number.MIN_SAFE_INTEGER;
  for (const series of area.store.select([], from, Number.MAX_SAFE_INTEGER)) {
    series.read(from, Number.MAX_SAFE_INTEGER, buffer);
    const samples: string[] = [];
    for (let i = 0; i < buffer.length; i++) {
      const bits = (BigInt(buffer.bits[i * 2 + 1] ?? 0) << 32n) | BigInt(buffer.bits[i * 2] ?? 0);
      samples.push(`${buffer.times[i]} ${bits.toString(16)}`);
    }
    const labels: string[] = [];
    for (let i = 0; i < series.labels.length; i += 2)
      labels.push(`${series.labels[i]}=${series.labels[i + 1]}`);
    all.set(labels.join(','), samples);
  }
  return all;
}
