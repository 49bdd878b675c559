import { SampleBuffer } from '#shared/domain/samples.ts';

const scratch = new SampleBuffer();

/**
 * Brings samples into order of time and keeps each time once, the first given. Samples nearly always are in order
 * already; overlaps exist only for moments, while a window is being sealed.
 */
export function sortSamples(samples: SampleBuffer): void {
  const { times, length } = samples;
  let ordered = true;
  for (let i = 1; i < length && ordered; i++) ordered = (times[i] ?? 0) > (times[i - 1] ?? 0);
  if (ordered) return;
  const order = Array.from({ length }, (_, i) => i);
  order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
  scratch.length = 0;
  let newest = Number.NEGATIVE_INFINITY;
  for (const i of order) {
    const time = times[i] ?? 0;
    if (time > newest) scratch.push(time, samples.bits[i * 2 + 1] ?? 0, samples.bits[i * 2] ?? 0);
    newest = time;
  }
  samples.times.set(scratch.times.subarray(0, scratch.length));
  samples.bits.set(scratch.bits.subarray(0, scratch.length * 2));
  samples.length = scratch.length;
}

/** Keeps the samples of [from, to]; they are in order of time. */
export function trimSamples(samples: SampleBuffer, from: number, to: number): void {
  const { times } = samples;
  let last = samples.length;
  while (last > 0 && (times[last - 1] ?? 0) > to) last--;
  let first = 0;
  while (first < last && (times[first] ?? 0) < from) first++;
  if (first > 0) {
    samples.times.copyWithin(0, first, last);
    samples.bits.copyWithin(0, first * 2, last * 2);
  }
  samples.length = last - first;
}
