/** Queries that compute at the same time, one turn each. */
export type Turns = {
  /** Takes this round's turn when nobody has or waits for it: a query that is alone does not wait for a round to pass. */
  readonly takeNow: () => boolean;
  /** Resolves when it is this query's turn again. */
  readonly next: () => Promise<void>;
};

/**
 * Hands out turns one at a time, with a round of the event loop between two of them, so that twenty queries hold up a
 * scrape no longer than one does.
 *
 * @param later calls in the next round of the event loop
 */
export function createTurns(later: (call: () => void) => void = (call) => void setImmediate(call)): Turns {
  const waiting: (() => void)[] = [];
  let isPlanned = false;
  let isTaken = false;
  const give = (): void => {
    waiting.shift()?.();
    isPlanned = waiting.length > 0;
    if (isPlanned) later(give);
  };
  return {
    takeNow: () => {
      if (isPlanned || isTaken) return false;
      isTaken = true;
      later(() => {
        isTaken = false;
      });
      return true;
    },
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (isPlanned) return;
        isPlanned = true;
        later(give);
      }),
  };
}
