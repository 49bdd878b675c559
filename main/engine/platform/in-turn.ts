/** Runs work after all that was handed over earlier has ended, however that ended; answers what the work answers. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** A queue of its own: one piece of work at a time, in the order in which it is handed over. */
export function inTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    // A failure is for whoever handed the work over; what comes after must not fail with it.
    last = turn.catch(() => undefined);
    return turn;
  };
}
