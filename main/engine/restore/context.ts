import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Broadcast } from '#shared/contract/index.ts';
import { appError, err, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { JobRegistry } from '../platform/jobs.ts';
import type { Logger } from '../platform/logger.ts';
import type { DocumentSigner } from '../platform/signing.ts';
import type { Timers } from '../platform/timers.ts';
import type { TaskStarter } from '../platform/worker-tasks.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import type { RunCheck } from './app-check.ts';
import type { RestoreHosts } from './host/port.ts';
import type { RestoreRecords } from './records.ts';
import type { HostStates, PointCatalogue } from './types.ts';

/** What the area is made of. */
export type RestoreDeps = {
  readonly db: WritableDb;
  /** Folder for the files of plans and for safety copies. */
  readonly folder: string;
  readonly version: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly tasks: TaskStarter;
  readonly jobs: JobRegistry;
  readonly broadcast: Broadcast;
  readonly points: PointCatalogue;
  readonly hosts: HostStates;
  /** Hosts that can be restored to. */
  readonly sshHosts: RestoreHosts;
  readonly runCheck: RunCheck;
};

/** What the parts of the area share. */
export type RestoreContext = RestoreDeps & {
  readonly records: RestoreRecords;
  /** The console's signing key, made at first use; null when it cannot be had, which is logged. */
  readonly signer: () => DocumentSigner | null;
  /** True once the engine ends. */
  readonly isClosing: () => boolean;
};

/** The file that holds a plan's items. */
export function planFile(folder: string, id: string): string {
  return join(folder, `${id}.db`);
}

/** The folder that holds what a restore overwrote. */
export function safetyFolder(folder: string, id: string): string {
  return join(folder, `${id}.safety`);
}

/** Removes a plan that nobody executes any more. */
export function removePlanFile(folder: string, id: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(planFile(folder, id) + suffix, { force: true });
}

/** The answer about a restore that does not exist. */
export function missingRestore(id: string): Result<never> {
  return err(appError('NOT_FOUND', { what: 'restore', id }));
}
