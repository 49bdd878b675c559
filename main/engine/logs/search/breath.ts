import type { Breath } from './scan.ts';

/** A search gives way to messages after this long. */
const SLICE_MS = 15;

/** A pause in which the thread hears its messages. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Thrown by a breath when the search was cancelled. */
export class Cancelled extends Error {}

/** Makes the breath of one search. */
export function breathUntil(isCancelled: () => boolean): Breath {
  let sliceEnd = performance.now() + SLICE_MS;
  return () => {
    if (performance.now() < sliceEnd) return undefined;
    return turn().then(() => {
      if (isCancelled()) throw new Cancelled();
      sliceEnd = performance.now() + SLICE_MS;
    });
  };
}
