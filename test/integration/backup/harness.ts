import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BackupType, backupPlanInputSchema } from '#shared/contract/backup.ts';
import type { EventName, EventPayload } from '#shared/contract/index.ts';
import type { Job } from '#shared/contract/jobs.ts';
import { type BackupArea, createBackupArea } from '../../../main/engine/backup/area.ts';
import type { MountPlaces } from '../../../main/engine/backup/media/mounts.ts';
import { type Clock, systemClock } from '../../../main/engine/platform/clock.ts';
import { createJobRegistry, type JobRegistry } from '../../../main/engine/platform/jobs.ts';
import { systemTimers, type Timers } from '../../../main/engine/platform/timers.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable, type WritableDb } from '../../../main/engine/storage/sqlite.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';
import { inlineTasks } from './inline-tasks.ts';
import { value } from './tools.ts';

export { debian, scratch, value } from './tools.ts';

export { inlineTasks };

/** A backup area on a data folder of its own. */
export type Harness = {
  readonly dir: string;
  readonly target: string;
  readonly area: BackupArea;
  readonly db: WritableDb;
  readonly jobs: JobRegistry;
  readonly events: { readonly name: EventName; readonly payload: unknown }[];
  /** Adds a plan called `name` for the sources. */
  readonly plan: (name: string, sources: readonly string[], extra?: object) => Promise<void>;
  /** Runs a plan to its end. */
  readonly run: (name: string, type?: BackupType) => Promise<Job>;
  readonly verify: (name: string, pointId?: string) => Promise<Job>;
  readonly close: () => Promise<void>;
};

const context = {
  signal: new AbortController().signal,
  emit: () => undefined,
  closed: new AbortController().signal,
};

/** Opens (or opens again) an area on a folder. */
export function openHarness(
  dir: string,
  options: {
    readonly clock?: Clock;
    readonly timers?: Timers;
    readonly target?: string;
    readonly mediaPlaces?: MountPlaces;
  } = {},
): Harness {
  const target = options.target ?? join(dir, 'target');
  mkdirSync(target, { recursive: true });
  const clock = options.clock ?? systemClock;
  const db = value(
    openWritable(join(dir, 'console.db'), { migrations: consoleMigrations, synchronous: 'FULL' }),
  );
  const events: { name: EventName; payload: unknown }[] = [];
  const jobs = createJobRegistry(clock, silentLogger, (job) =>
    events.push({ name: 'jobs.changed', payload: job }),
  );
  const area = value(
    createBackupArea({
      consoleDb: db,
      folder: target,
      clock,
      timers: options.timers ?? systemTimers,
      logger: silentLogger,
      tasks: inlineTasks,
      jobs,
      broadcast: <E extends EventName>(name: E, payload: EventPayload<E>) => {
        events.push({ name, payload });
      },
      version: '0.0.0-test',
      // What is mounted on the machine of the tests is no concern of theirs.
      mediaPlaces: options.mediaPlaces ?? { parents: [], roots: [] },
    }),
  );
  const { handlers } = area;
  return {
    dir,
    target,
    area,
    db,
    jobs,
    events,
    plan: async (name, sources, extra = {}) => {
      value(
        await handlers['backup.plans.add'](
          backupPlanInputSchema.parse({ name, sources: [...sources], targetDir: target, ...extra }),
          context,
        ),
      );
    },
    run: async (name, type = 'full') => {
      const { jobId } = value(await handlers['backup.run']({ name, type, regardless: false }, context));
      return jobs.ended(jobId);
    },
    verify: async (name, pointId) => {
      const { jobId } = value(
        await handlers['backup.verify']({ name, ...(pointId === undefined ? {} : { pointId }) }, context),
      );
      return jobs.ended(jobId);
    },
    close: async () => {
      await jobs.close();
      await area.close();
      db.close();
    },
  };
}

/** What handlers are called with besides their parameters. */
export const callContext = context;
