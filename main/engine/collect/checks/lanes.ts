/** What a check occupies while it is made. */
export type Lane = 'network' | 'process' | 'thread';

/** How many checks may be under way, by lane. */
export type LaneWidth = {
  /** All together. */
  readonly all: number;
  /** Those that did not answer last time: however many there are, the others keep the rest for themselves. */
  readonly slow: number;
};

/** Bounds what is under way at the same time, in such a way that targets that hang cannot starve those that answer. */
export type Lanes = {
  /**
   * Runs work in its turn.
   *
   * @param isSlow whether it is to be expected to hang
   * @returns false when the signal was aborted before its turn came; nothing was run then
   */
  readonly run: (
    lane: Lane,
    isSlow: boolean,
    signal: AbortSignal,
    work: () => { readonly done: Promise<unknown>; readonly gone: Promise<unknown> },
  ) => Promise<boolean>;
};

/**
 * A connection costs little, so that even all hanging checks of a large site find room; a process costs much, and a thread that
 * hangs in the kernel cannot be ended.
 */
const LANE_WIDTHS: Readonly<Record<Lane, LaneWidth>> = {
  network: { all: 2_000, slow: 1_200 },
  process: { all: 24, slow: 12 },
  thread: { all: 4, slow: 2 },
};

type Waiting = { readonly isSlow: boolean; readonly begin: () => void };

/** Makes the lanes. */
export function createLanes(widths: Readonly<Record<Lane, LaneWidth>> = LANE_WIDTHS): Lanes {
  const state = Object.fromEntries(
    (Object.keys(widths) as Lane[]).map((lane) => [lane, { all: 0, slow: 0, waiting: [] as Waiting[] }]),
  ) as Record<Lane, { all: number; slow: number; readonly waiting: Waiting[] }>;

  const hasRoom = (lane: Lane, isSlow: boolean): boolean =>
    state[lane].all < widths[lane].all && (!isSlow || state[lane].slow < widths[lane].slow);

  const leave = (lane: Lane, isSlow: boolean): void => {
    state[lane].all -= 1;
    if (isSlow) state[lane].slow -= 1;
    const { waiting } = state[lane];
    const next = waiting.findIndex((one) => hasRoom(lane, one.isSlow));
    if (next >= 0) waiting.splice(next, 1)[0]?.begin();
  };

  return {
    run: (lane, isSlow, signal, work) =>
      new Promise((resolve, reject) => {
        const begin = (): void => {
          signal.removeEventListener('abort', onAbort);
          state[lane].all += 1;
          if (isSlow) state[lane].slow += 1;
          const { done, gone } = work();
          // Its place is free when nothing of it is left; its answer does not wait for that.
          gone.then(
            () => leave(lane, isSlow),
            () => leave(lane, isSlow),
          );
          done.then(() => resolve(true), reject);
        };
        const entry: Waiting = { isSlow, begin };
        const onAbort = (): void => {
          const at = state[lane].waiting.indexOf(entry);
          if (at >= 0) state[lane].waiting.splice(at, 1);
          resolve(false);
        };
        if (signal.aborted) resolve(false);
        else if (hasRoom(lane, isSlow)) begin();
        else {
          signal.addEventListener('abort', onAbort, { once: true });
          state[lane].waiting.push(entry);
        }
      }),
  };
}
