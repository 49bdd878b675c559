import { join } from 'node:path';
import type { Broadcast } from '#shared/contract/index.ts';
import type { BackupArea } from './backup/area.ts';
import type { HostsArea } from './hosts/index.ts';
import type { Clock } from './platform/clock.ts';
import { commandEnvironment } from './platform/command/environment.ts';
import { runCommand } from './platform/command/run-command.ts';
import type { JobRegistry } from './platform/jobs.ts';
import type { Logger } from './platform/logger.ts';
import type { Timers } from './platform/timers.ts';
import type { TaskStarter } from './platform/worker-tasks.ts';
import { createRecoveryArea, type RecoveryArea } from './recovery/area.ts';
import { drillCheck, drillRestore } from './recovery-drills.ts';
import { recoverySources } from './recovery-sources.ts';
import { createRestoreArea, type RestoreArea } from './restore/area.ts';
import { restoreHosts } from './restore-hosts.ts';
import { restorePoints } from './restore-points.ts';
import type { SshArea } from './ssh/area.ts';
import type { WritableDb } from './storage/sqlite.ts';

/** Restores, and drills that rehearse them. */
export type Recovering = { readonly restore: RestoreArea; readonly recovery: RecoveryArea };

/** Puts restores and drills over the backups. */
export function createRecovering(deps: {
  readonly db: WritableDb;
  readonly folder: { readonly dir: string; readonly restores: string };
  readonly version: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly tasks: TaskStarter;
  readonly jobs: JobRegistry;
  readonly broadcast: Broadcast;
  readonly backup: BackupArea;
  readonly hosts: Pick<HostsArea, 'list'>;
  readonly ssh: SshArea;
  readonly watching: boolean;
}): Recovering {
  const { db, folder, version, clock, timers, logger, tasks, jobs, broadcast, backup, hosts, ssh } = deps;
  const restore = createRestoreArea({
    db,
    folder: folder.restores,
    version,
    clock,
    timers,
    logger: logger.child('restore'),
    tasks,
    jobs,
    broadcast,
    points: restorePoints(backup),
    sshHosts: restoreHosts(ssh),
    hosts: () => hosts.list().map(({ name, state, stateSince }) => ({ name, state, since: stateSince })),
    runCheck: (shell, timeoutMs, signal) =>
      runCommand({ run: { shell }, env: commandEnvironment(), timeoutMs, signal }, timers),
  });
  const recovery = createRecoveryArea({
    db,
    folder: join(folder.dir, 'drills'),
    version,
    clock,
    timers,
    logger: logger.child('recovery'),
    jobs,
    broadcast,
    sources: recoverySources(backup, db),
    restore: drillRestore({ restore, jobs, db, folder: folder.restores }),
    databases: ({ dir, signal }) => backup.rehearseDatabases(dir, signal),
    check: drillCheck(clock, timers),
    watching: deps.watching,
  });
  return { restore, recovery };
}
