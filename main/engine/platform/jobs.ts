import { randomUUID } from 'node:crypto';
import type { Job, JobProgress } from '#shared/contract/jobs.ts';
import { type AppError, appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

/** How a job's work ends. */
export type JobOutcome = Result<Job['result']>;

/** What a job's work may use. */
export type JobControl = {
  readonly signal: AbortSignal;
  /** Reports how far the work is; call as often as you like, clients hear at most ten times a second. */
  readonly progress: (progress: JobProgress) => void;
  /** Told when the operator pauses (true) or resumes (false); only for jobs with `canPause`. */
  readonly onPause: (listener: (paused: boolean) => void) => void;
};

/** What a job is started with. */
export type JobSpec = {
  readonly kind: Job['kind'];
  readonly title: Bilingual;
  readonly link: string;
  readonly canPause: boolean;
  readonly work: (control: JobControl, jobId: string) => Promise<JobOutcome>;
};

/** The long work that is going on or ended lately. */
export type JobRegistry = {
  readonly start: (spec: JobSpec) => Job;
  readonly list: () => readonly Job[];
  readonly get: (id: string) => Job | undefined;
  readonly cancel: (id: string) => Result<Record<string, never>>;
  readonly setPaused: (id: string, paused: boolean) => Result<Record<string, never>>;
  /** Resolves when the job has ended, with its last state. */
  readonly ended: (id: string) => Promise<Job>;
  /** Cancels everything and waits for it to end. */
  readonly close: () => Promise<void>;
};

type Entry = {
  job: Job;
  readonly abort: AbortController;
  readonly done: Promise<Job>;
  pauseListener: ((paused: boolean) => void) | null;
  toldAt: number;
};

const KEPT_AFTER_END = 200;
const TELL_EVERY_MS = 100;

/** Makes the registry; `changed` hears every state change and throttled progress. */
export function createJobRegistry(clock: Clock, logger: Logger, changed: (job: Job) => void): JobRegistry {
  const entries = new Map<string, Entry>();

  const settle = (entry: Entry, outcome: JobOutcome | { readonly thrown: unknown }): Job => {
    let error: AppError | null = null;
    let result: Job['result'] = null;
    if ('thrown' in outcome) {
      logger.log('error', 'job threw', {
        job: entry.job.id,
        kind: entry.job.kind,
        thrown: String(outcome.thrown),
      });
      error = appError('INTERNAL', { what: String(outcome.thrown) });
    } else if (outcome.ok) result = outcome.value;
    else error = outcome.error;
    const state = error === null ? 'done' : error.code === 'CANCELLED' ? 'cancelled' : 'failed';
    entry.job = { ...entry.job, state, endedAt: clock.now(), error, result };
    changed(entry.job);
    const ended = [...entries.values()].filter((other) => other.job.endedAt !== null);
    for (const old of ended.slice(0, Math.max(0, ended.length - KEPT_AFTER_END))) entries.delete(old.job.id);
    return entry.job;
  };

  const start = (spec: JobSpec): Job => {
    const abort = new AbortController();
    const id = randomUUID();
    const job: Job = {
      id,
      kind: spec.kind,
      title: spec.title,
      link: spec.link,
      canPause: spec.canPause,
      state: 'running',
      startedAt: clock.now(),
      endedAt: null,
      progress: null,
      error: null,
      result: null,
    };
    const control: JobControl = {
      signal: abort.signal,
      progress: (progress) => {
        entry.job = { ...entry.job, progress };
        const now = clock.monotonic();
        if (now - entry.toldAt < TELL_EVERY_MS) return;
        entry.toldAt = now;
        changed(entry.job);
      },
      onPause: (listener) => {
        entry.pauseListener = listener;
      },
    };
    // The work starts in a later microtask, so that the caller has the job's id before its first event.
    const done = Promise.resolve()
      .then(() => (abort.signal.aborted ? err(appError('CANCELLED')) : spec.work(control, id)))
      .then(
        (outcome) => settle(entry, outcome),
        (thrown: unknown) => settle(entry, { thrown }),
      );
    const entry: Entry = { job, abort, done, pauseListener: null, toldAt: -TELL_EVERY_MS };
    entries.set(id, entry);
    changed(job);
    return job;
  };

  const missing = (id: string): Result<Record<string, never>> =>
    err(appError('NOT_FOUND', { what: 'job', id }));

  return {
    start,
    list: () => [...entries.values()].map((entry) => entry.job),
    get: (id) => entries.get(id)?.job,
    cancel: (id) => {
      const entry = entries.get(id);
      if (!entry) return missing(id);
      entry.abort.abort();
      return ok({});
    },
    setPaused: (id, paused) => {
      const entry = entries.get(id);
      if (!entry?.pauseListener) return missing(id);
      if (entry.job.endedAt === null) {
        entry.pauseListener(paused);
        entry.job = { ...entry.job, state: paused ? 'paused' : 'running' };
        changed(entry.job);
      }
      return ok({});
    },
    ended: async (id) => {
      const entry = entries.get(id);
      if (!entry) throw new Error(`no job ${id}`);
      return entry.done;
    },
    close: async () => {
      for (const entry of entries.values()) entry.abort.abort();
      await Promise.all([...entries.values()].map((entry) => entry.done));
    },
  };
}
