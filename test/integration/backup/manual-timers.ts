import type { Timers } from '../../../main/engine/platform/timers.ts';

/** Timers whose repeating calls happen when the test says so; single ones never. */
export function manualTimers(): Timers & { readonly fire: () => void } {
  const calls = new Set<() => void>();
  return {
    after: () => () => undefined,
    every: (_ms, call) => {
      calls.add(call);
      return () => calls.delete(call);
    },
    fire: () => {
      for (const call of calls) call();
    },
  };
}
