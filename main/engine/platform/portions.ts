/**
 * A computation in portions of about a millisecond: it yields wherever other work of the engine may have its turn. So
 * what computes stays plain code without promises, and nothing holds the thread, however much there is of it.
 */
export type Work<T> = Generator<undefined, T, undefined>;

/** How long a computation may hold the thread before other work has its turn. */
const TURN_MS = 15;

/**
 * Runs a computation to its end, giving other work its turn every few milliseconds.
 *
 * @returns null when `signal` was aborted before it came to its end
 */
export async function inPortions<T>(work: Work<T>, signal?: AbortSignal): Promise<T | null> {
  let began = performance.now();
  for (;;) {
    const portion = work.next();
    if (portion.done === true) return portion.value;
    if (performance.now() - began < TURN_MS) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (signal?.aborted) return null;
    began = performance.now();
  }
}

/** Items that are sorted at a stretch, which takes about a millisecond. */
const RUN = 1_024;

/** A sorted copy, by merging sorted runs; items that are in order already are only looked at. Stable. */
export function* sortedInTurns<T>(items: readonly T[], compare: (a: T, b: T) => number): Work<readonly T[]> {
  if (yield* isSorted(items, compare)) return items;
  let runs: T[][] = [];
  for (let at = 0; at < items.length; at += RUN) {
    runs.push(items.slice(at, at + RUN).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2)
      merged.push(yield* mergedRuns(runs[i] ?? [], runs[i + 1] ?? [], compare));
    runs = merged;
  }
  return runs[0] ?? [];
}

function* isSorted<T>(items: readonly T[], compare: (a: T, b: T) => number): Work<boolean> {
  let before: T | undefined;
  for (const [index, item] of items.entries()) {
    if (before !== undefined && compare(before, item) > 0) return false;
    before = item;
    if (index % RUN === 0) yield;
  }
  return true;
}

function* mergedRuns<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number): Work<T[]> {
  const merged: T[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const x = a[i];
    const y = b[j];
    if (x === undefined && y === undefined) return merged;
    if (y === undefined || (x !== undefined && compare(x, y) <= 0)) {
      if (x !== undefined) merged.push(x);
      i++;
    } else {
      merged.push(y);
      j++;
    }
    if (merged.length % RUN === 0) yield;
  }
}
