import type { Result } from '#shared/errors/index.ts';

/** What an asker needs: how to call, and whom to tell. */
export type AskerDeps<I, T> = {
  readonly call: (input: I, signal: AbortSignal) => Promise<Result<T>>;
  readonly onStart: () => void;
  readonly onResult: (result: Result<T>) => void;
};

export type AskOptions = {
  /**
   * What happens to a question that is still open: false cancels it, true lets it be answered first. Questions that
   * move with the clock are patient, else a slow answer would be overtaken for ever and never be seen.
   */
  readonly patient: boolean;
  /** Asks the same again this long after each answer, milliseconds. */
  readonly refreshMs?: number | undefined;
};

/** Asks one question at a time, again and again. */
export type Asker<I> = {
  readonly ask: (input: I, options: AskOptions) => void;
  /** Cancels what is open and asks nothing more. */
  readonly close: () => void;
};

/** Makes an asker. */
export function createAsker<I, T>(deps: AskerDeps<I, T>): Asker<I> {
  let open: AbortController | null = null;
  let next: { readonly input: I; readonly options: AskOptions } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const run = async (input: I, options: AskOptions): Promise<void> => {
    clearTimeout(timer);
    const call = new AbortController();
    open = call;
    deps.onStart();
    const result = await deps.call(input, call.signal);
    if (closed || open !== call) return;
    open = null;
    deps.onResult(result);
    if (next !== null) {
      const following = next;
      next = null;
      void run(following.input, following.options);
    } else if (options.refreshMs !== undefined) {
      timer = setTimeout(() => void run(input, options), options.refreshMs);
    }
  };

  return {
    ask: (input, options) => {
      if (closed) return;
      if (open !== null && options.patient) {
        next = { input, options };
        return;
      }
      next = null;
      open?.abort();
      void run(input, options);
    },
    close: () => {
      closed = true;
      open?.abort();
      clearTimeout(timer);
    },
  };
}
