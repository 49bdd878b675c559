import * as z from 'zod';
import type { Broadcast } from '#shared/contract/index.ts';
import type { Job } from '#shared/contract/jobs.ts';
import { jobProgressSchema } from '#shared/contract/jobs.ts';
import type { Clock } from '../platform/clock.ts';
import type { JobControl, JobRegistry } from '../platform/jobs.ts';
import type { Logger } from '../platform/logger.ts';
import type { TaskRun, TaskStarter } from '../platform/worker-tasks.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import type { Catalogue } from './catalogue.ts';
import type { KeyRing } from './crypto/key-ring.ts';
import type { Keys } from './crypto/keys.ts';
import type { Media } from './media/media.ts';
import type { Shelf } from './media/shelf.ts';
import type { SourcesContext } from './sources/context.ts';
import { pauseMessageOf } from './task-breath.ts';

/** What the parts of the area share. */
export type BackupContext = {
  /** console.db, for what parts of the area keep besides the catalogue. */
  readonly db: WritableDb;
  readonly catalogue: Catalogue;
  /** Keys of encrypted plans, and the identities that are unlocked now. */
  readonly keys: Keys;
  readonly keyRing: KeyRing;
  readonly media: Media;
  /** Hooks, services and databases. */
  readonly sources: SourcesContext;
  /** Removable media, and the copies of points. */
  readonly shelf: Shelf;
  /** Where the indexes of points are. */
  readonly indexDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tasks: TaskStarter;
  readonly jobs: JobRegistry;
  readonly broadcast: Broadcast;
  readonly host: string;
  readonly tool: string;
  /** Runs under way: plan name → point id. A prune counts as one, under an id of its own. */
  readonly active: Map<string, string>;
  /** Called with each point that a run made, when the plan is free again; they do not wait for each other. */
  readonly afterRun: ((plan: string, pointId: string) => void)[];
  /** Points that restores under way, or to be resumed, read from. */
  readonly pointsInUse: () => ReadonlySet<string>;
  /** Aborted when the area closes: what comes in later is not taken. */
  readonly closing: AbortSignal;
};

const progressMessage = z.object({ kind: z.literal('progress'), progress: jobProgressSchema });

/** Whether a job of several tasks is paused; the next task begins as the last one ended. */
export type PauseMemory = { isPaused: boolean };

/** Ties a task to a job: its progress is the job's, the job's pause and cancel are the task's. */
export function taskInJob<R>(
  context: BackupContext,
  control: JobControl,
  name: string,
  data: unknown,
  onMessage: (message: unknown) => void = () => undefined,
  pause: PauseMemory = { isPaused: false },
): Promise<R> {
  const task: TaskRun<R> = context.tasks<R>(name, data, (message) => {
    const progress = progressMessage.safeParse(message);
    if (progress.success) control.progress(progress.data.progress);
    else onMessage(message);
  });
  control.onPause((paused) => {
    pause.isPaused = paused;
    task.post(pauseMessageOf(paused));
  });
  if (pause.isPaused) task.post(pauseMessageOf(true));
  if (control.signal.aborted) task.cancel();
  else control.signal.addEventListener('abort', () => task.cancel(), { once: true });
  return task.result;
}

/** Where in the app a plan is shown. */
export function planLink(name: string): string {
  return `/backups/${encodeURIComponent(name)}`;
}

/** A started job's id, as requests answer it. */
export function jobAnswer(job: Job): { readonly jobId: string } {
  return { jobId: job.id };
}
