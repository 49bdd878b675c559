import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { TaskRun } from '../../platform/worker-tasks.ts';
import type { FormatSpec } from '../model.ts';
import type { LineParser } from '../parse/parser.ts';
import { type FreshBatch, FreshTexts } from '../store/fresh-texts.ts';
import type { IndexOrder, StoreWriter } from '../store/writer.ts';
import { type IndexOutcome, runIndexJob } from '../terms/job.ts';
import { OpenDay } from '../terms/open-day.ts';

/** Does a job on the index of a day file, which it only reads: in this thread, or in one of its own. */
export type IndexRunner = {
  readonly run: (order: IndexOrder) => Promise<Result<IndexOutcome>>;
  /** Takes the texts of blocks that are just being stored; null where they are read from the day file in any case. */
  readonly texts: FreshTexts | null;
  /** Settles when no day file is open any more. */
  readonly close: () => Promise<void>;
};

/** Does the jobs in the thread of the caller. */
export function localRunner(folder: string, parserOf: (format: FormatSpec) => LineParser): IndexRunner {
  return {
    texts: null,
    run: async ({ day, job }) => {
      const open = new OpenDay(folder);
      try {
        return runIndexJob(open, day, job, new Map(), parserOf);
      } finally {
        open.close();
      }
    },
    close: () => Promise.resolve(),
  };
}

/** What the index thread is told: to do a job, and texts whose terms one of the next jobs will want. */
export type ToIndex =
  | (IndexOrder & { readonly kind: 'job'; readonly call: number })
  | (FreshBatch & { readonly kind: 'texts' });
/** What it answers to a job. */
export type IndexAnswer = { readonly call: number; readonly outcome: Result<IndexOutcome> };

/** The index thread ends when it had nothing to do for so long. */
const IDLE_MS = 20_000;

/**
 * Does the jobs in a thread of their own, so that another processor indexes what was stored while the next lines are read.
 *
 * @param start starts the task `logs.index`
 */
export function threadRunner(start: (heard: (answer: IndexAnswer) => void) => TaskRun<unknown>): IndexRunner {
  let thread: TaskRun<unknown> | null = null;
  let nextCall = 1;
  let idle: NodeJS.Timeout | undefined;
  const waiting = new Map<number, (outcome: Result<IndexOutcome>) => void>();
  const answer = (call: number, outcome: Result<IndexOutcome>): void => {
    const settle = waiting.get(call);
    waiting.delete(call);
    settle?.(outcome);
  };
  const end = async (): Promise<void> => {
    const ending = thread;
    clearTimeout(idle);
    thread = null;
    texts.renew();
    ending?.cancel();
    // How it ended was heard by those who waited for its answers.
    await ending?.result.catch(() => undefined);
  };
  const begin = (): TaskRun<unknown> => {
    const begun = start(({ call, outcome }) => answer(call, outcome));
    // A thread that dies has changed nothing; what it was asked for is asked again later.
    begun.result.catch((thrown: unknown) => {
      if (thread === begun) thread = null;
      texts.renew();
      for (const call of [...waiting.keys()])
        answer(call, err(appError('INTERNAL', { what: describeThrown(thrown) })));
    });
    return begun;
  };
  const rest = (): void => {
    clearTimeout(idle);
    if (waiting.size > 0) return;
    idle = setTimeout(() => void end(), IDLE_MS);
    idle.unref();
  };
  const tell = (order: ToIndex): void => {
    thread ??= begin();
    thread.post(order);
    rest();
  };
  const texts = new FreshTexts((batch) => tell({ kind: 'texts', ...batch }));
  return {
    texts,
    run: (order) => {
      const call = nextCall++;
      const answered = new Promise<Result<IndexOutcome>>((resolve) => {
        waiting.set(call, resolve);
      });
      tell({ kind: 'job', call, ...order });
      return answered.finally(rest);
    },
    close: end,
  };
}

/** How long the index rests after a job that failed: the disk may be full. */
const REST_MS = 10_000;

/**
 * Keeps the index of the day files up with their blocks: one job at a time, made elsewhere, stored here, between two
 * commits. Blocks that are not indexed yet are found all the same, so nothing waits for it.
 */
export class Indexing {
  readonly #store: StoreWriter;
  readonly #runner: IndexRunner;
  readonly #failed: (error: AppError) => void;
  #busy: Promise<void> | null = null;
  #closed = false;
  #reading = false;
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor(store: StoreWriter, runner: IndexRunner, failed: (error: AppError) => void) {
    this.#store = store;
    this.#runner = runner;
    this.#failed = failed;
  }

  /**
   * Starts the next job when there is one and none runs.
   *
   * @param reading whether more lines are about to be stored: then only large segments are made
   */
  go(today: string, monotonic: number, reading: boolean): void {
    this.#reading = reading;
    if (this.#busy !== null || this.#closed || monotonic < this.#restUntil) return;
    const next = this.#store.nextIndexJob(today, reading);
    if (next === null) return;
    this.#busy = this.#runner.run(next).then((outcome) => {
      this.#busy = null;
      if (this.#closed) return;
      const stored = outcome.ok ? this.#store.putIndex(outcome.value, next.file) : outcome;
      if (stored.ok) {
        this.go(today, monotonic, this.#reading);
        return;
      }
      this.#store.indexFailed(next.day);
      this.#restUntil = monotonic + REST_MS;
      this.#failed(stored.error);
    });
  }

  /** Settles when nothing is left to do at present. */
  async finished(): Promise<void> {
    while (this.#busy !== null) await this.#busy;
  }

  /** Takes damaged segments out; their blocks are indexed anew. */
  forget(day: string, segments: readonly number[]): Result<object> {
    return this.#closed ? ok({}) : this.#store.putIndex({ day, built: null, obsolete: segments }, null);
  }

  /** Stores nothing any more; settles when no day file is open any more. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#runner.close();
  }
}
