import { appError, err, type Result } from '#shared/errors/index.ts';

/** Lets so many calls through at once; the others wait in order. */
export type Gate = {
  /** Runs a call when it is its turn; one that was given up while it waited never runs. */
  readonly through: <T>(signal: AbortSignal, call: () => Promise<Result<T>>) => Promise<Result<T>>;
};

/** Makes a gate. */
export function createGate(most: number): Gate {
  let open = 0;
  const waiting: (() => void)[] = [];
  const turn = (signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        open += 1;
        resolve(true);
      };
      const leave = (): void => {
        const at = waiting.indexOf(enter);
        if (at >= 0) waiting.splice(at, 1);
        resolve(false);
      };
      if (signal.aborted) resolve(false);
      else if (open < most) enter();
      else {
        waiting.push(enter);
        signal.addEventListener('abort', leave, { once: true });
      }
    });
  return {
    through: async (signal, call) => {
      if (!(await turn(signal))) return err(appError('CANCELLED'));
      try {
        return await call();
      } finally {
        open -= 1;
        waiting.shift()?.();
      }
    },
  };
}

/**
 * The gate of all panels: a page of many never asks everything at once, so that the engine's other work goes on and the
 * panels at the top are there first.
 */
export const panelGate = createGate(6);
