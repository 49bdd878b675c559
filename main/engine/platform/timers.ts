/** Something scheduled; calling it takes it back. */
export type CancelTimer = () => void;

/** Timers as a parameter, so that tests need not wait. */
export type Timers = {
  /** Calls once after `ms` milliseconds. */
  readonly after: (ms: number, call: () => void) => CancelTimer;
  /** Calls every `ms` milliseconds. */
  readonly every: (ms: number, call: () => void) => CancelTimer;
};

/** The event loop's own timers. */
export const systemTimers: Timers = {
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
  every: (ms, call) => {
    const timer = setInterval(call, ms);
    return () => clearInterval(timer);
  },
};

/** Resolves after `ms`, or rejects with the signal's reason when it is aborted first. */
export function sleep(timers: Timers, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = timers.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
