import { availableParallelism } from 'node:os';
import { appError, describeThrown, err, type Result } from '#shared/errors/index.ts';
import type { Logger } from '../../platform/logger.ts';
import { TaskFailure, type TaskRun, type TaskStarter } from '../../platform/worker-tasks.ts';
import type {
  DamagedIndex,
  FromSearch,
  SearchAnswers,
  SearchCall,
  SearchProgress,
  ToSearch,
} from '../messages.ts';

/** The search thread as the engine's thread sees it. */
export type SearchProxy = {
  readonly call: <M extends SearchCall['method']>(
    request: Extract<SearchCall, { readonly method: M }>,
    signal: AbortSignal,
    progress?: (progress: SearchProgress) => void,
  ) => Promise<Result<SearchAnswers[M]>>;
  /** Closes a day's file in the thread. */
  readonly forget: (day: string) => void;
  readonly close: () => Promise<void>;
};

type Waiting = {
  readonly progress: ((progress: SearchProgress) => void) | undefined;
  readonly answer: (outcome: Result<SearchAnswers[keyof SearchAnswers]>) => void;
};

/** Threads that help the first one with long searches: one, where there is a processor for it. */
function helperCount(): number {
  return Math.min(1, availableParallelism() - 1);
}

/** Starts the search thread with the first search; a thread that died is started again by the next one. */
export function startSearch(
  tasks: TaskStarter,
  folder: string,
  logger: Logger,
  damaged: (index: DamagedIndex) => void = () => undefined,
): SearchProxy {
  let run: TaskRun<unknown> | null = null;
  let nextCall = 1;
  let closing = false;
  const waiting = new Map<number, Waiting>();

  const died = (thrown: unknown): void => {
    run = null;
    const error =
      thrown instanceof TaskFailure ? thrown.error : appError('INTERNAL', { what: describeThrown(thrown) });
    if (!closing) logger.log('error', 'log search thread died', { why: error.message.en });
    for (const { answer } of waiting.values()) answer(err(closing ? appError('CANCELLED') : error));
    waiting.clear();
  };

  const ensure = (): TaskRun<unknown> => {
    if (run !== null) return run;
    const started = tasks<unknown>('logs.search', { folder, helpers: helperCount() }, (message) => {
      // The thread runs this area's own task, which posts exactly this.
      const told = message as FromSearch;
      if (told.kind === 'damaged') {
        logger.log('warn', 'log index damaged, made anew', { day: told.day });
        damaged({ day: told.day, segments: told.segments });
      } else if (told.kind === 'progress') waiting.get(told.call)?.progress?.(told);
      else {
        waiting.get(told.call)?.answer(told.outcome);
        waiting.delete(told.call);
      }
    });
    run = started;
    started.result.then(
      () => {
        if (run === started) died(new Error('it ended by itself'));
      },
      (thrown: unknown) => {
        if (run === started) died(thrown);
      },
    );
    return started;
  };

  return {
    call: <M extends SearchCall['method']>(
      request: Extract<SearchCall, { readonly method: M }>,
      signal: AbortSignal,
      progress?: (progress: SearchProgress) => void,
    ) =>
      new Promise<Result<SearchAnswers[M]>>((resolve) => {
        if (closing || signal.aborted) {
          resolve(err(appError('CANCELLED')));
          return;
        }
        const thread = ensure();
        const call = nextCall++;
        // The caller is answered at once; the thread hears of it between two blocks and stops.
        const cancel = (): void => {
          thread.post({ kind: 'cancel', call } satisfies ToSearch);
          waiting.get(call)?.answer(err(appError('CANCELLED')));
          waiting.delete(call);
        };
        signal.addEventListener('abort', cancel, { once: true });
        waiting.set(call, {
          progress,
          answer: (outcome) => {
            signal.removeEventListener('abort', cancel);
            // The thread answers a call of method M with M's answer; the message itself does not carry the type.
            resolve(outcome as Result<SearchAnswers[M]>);
          },
        });
        thread.post({ kind: 'call', call, request, progress: progress !== undefined } satisfies ToSearch);
      }),
    forget: (day) => run?.post({ kind: 'forget', day } satisfies ToSearch),
    close: async () => {
      closing = true;
      const ending = run;
      ending?.cancel();
      await ending?.result.catch((thrown: unknown) =>
        logger.log('warn', 'log search thread died while closing', { why: describeThrown(thrown) }),
      );
    },
  };
}
