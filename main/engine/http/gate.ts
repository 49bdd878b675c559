/** Lets a bounded number of queries run at once, and a bounded number wait for their turn. */
export type Gate = {
  readonly running: number;
  readonly waiting: number;
  /**
   * Waits for a turn.
   *
   * @returns what gives the turn back (to be called once), `full` when too many wait already, or `aborted`
   */
  readonly enter: (signal: AbortSignal) => Promise<(() => void) | 'full' | 'aborted'>;
};

/** Makes a gate. */
export function createGate(mostRunning: number, mostWaiting: number): Gate {
  let running = 0;
  const waiting = new Set<() => void>();
  const leave = (): void => {
    running--;
    const [next] = waiting;
    next?.();
  };
  return {
    get running() {
      return running;
    },
    get waiting() {
      return waiting.size;
    },
    enter: (signal) => {
      if (signal.aborted) return Promise.resolve('aborted');
      if (running < mostRunning) {
        running++;
        return Promise.resolve(leave);
      }
      if (waiting.size >= mostWaiting) return Promise.resolve('full');
      return new Promise((resolve) => {
        const begin = (): void => {
          signal.removeEventListener('abort', giveUp);
          waiting.delete(begin);
          running++;
          resolve(leave);
        };
        const giveUp = (): void => {
          waiting.delete(begin);
          resolve('aborted');
        };
        waiting.add(begin);
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
  };
}
