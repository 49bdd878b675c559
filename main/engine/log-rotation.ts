import type { Broadcast } from '#shared/contract/index.ts';
import { err, ok } from '#shared/errors/index.ts';
import { ageSegments } from './age-segments.ts';
import type { BackupArea } from './backup/area.ts';
import type { LogsArea } from './logs/area.ts';
import { createRotationArea, type RotationArea } from './logs/rotate/area.ts';
import type { Clock } from './platform/clock.ts';
import { commandEnvironment } from './platform/command/environment.ts';
import { runCommand } from './platform/command/run-command.ts';
import type { NoteDeletion } from './platform/deletions.ts';
import { diskSpaceAround } from './platform/disk.ts';
import type { JobRegistry } from './platform/jobs.ts';
import type { Logger } from './platform/logger.ts';
import type { DocumentSigner } from './platform/signing.ts';
import type { Timers } from './platform/timers.ts';
import type { TaskStarter } from './platform/worker-tasks.ts';
import { rotationHosts } from './rotation-hosts.ts';
import type { SshArea } from './ssh/area.ts';
import type { WritableDb } from './storage/sqlite.ts';

/** Puts the rotation of log files over the log store, the console's signing key and the keys of the backups. */
export function createLogRotation(deps: {
  readonly db: WritableDb;
  readonly folder: { readonly archive: string };
  readonly signer: () => DocumentSigner;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly tasks: TaskStarter;
  readonly jobs: JobRegistry;
  readonly broadcast: Broadcast;
  readonly logs: Pick<LogsArea, 'handlers' | 'sources' | 'retentionChanged'>;
  readonly backup: Pick<BackupArea, 'unlockedKeys'>;
  readonly ssh: SshArea;
  readonly watching: boolean;
  readonly noteDeletion: NoteDeletion;
}): RotationArea {
  const { folder, timers, logs, logger } = deps;
  return createRotationArea({
    ...deps,
    logger: logger.child('rotation'),
    archive: folder.archive,
    cipher: ageSegments,
    keys: () => ({ identities: deps.backup.unlockedKeys().identities }),
    writer: {
      run: (file, args, timeoutMs, signal) =>
        runCommand({ run: { file, args }, env: commandEnvironment(), timeoutMs, signal, cwd: '/' }, timers),
      kill: (pid, name) => {
        process.kill(pid, name);
      },
    },
    hosts: rotationHosts(deps.ssh),
    drain: async (path) => {
      // Whether one of them reads this log, its patterns decide at that moment; reading once too often costs little.
      if (logs.sources().length === 0) return ok({});
      const signal = new AbortController().signal;
      const synced = await logs.handlers['logs.sync']({}, { signal, closed: signal, emit: () => undefined });
      if (!synced.ok) return synced;
      const files = logs.sources().flatMap((source) => source.files);
      const failing = files.find((file) => file.path === path)?.error ?? null;
      return failing?.code === 'LOG_FILE_UNREADABLE' ? err(failing) : synced;
    },
    intake: (paths) => {
      const wanted = new Set(paths);
      const files = logs.sources().flatMap(({ files }) => files.filter(({ path }) => wanted.has(path)));
      // How long a file took to grow is not known; its size of a day is a cautious beginning.
      const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      return files.length === 0 ? null : { bytes, days: 1 };
    },
    // Before the first rotation there is no folder yet.
    freeBytes: (dir) =>
      diskSpaceAround(dir).then(
        ({ freeBytes }) => freeBytes,
        () => null,
      ),
    retentionChanged: () => logs.retentionChanged(),
  });
}
