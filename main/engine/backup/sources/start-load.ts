import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseTarget, Dump } from '#shared/contract/backup-sources.ts';
import type { Job } from '#shared/contract/jobs.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { JobControl, JobOutcome } from '../../platform/jobs.ts';
import { TaskFailure } from '../../platform/worker-tasks.ts';
import { linksOf } from '../chain.ts';
import { type BackupContext, taskInJob } from '../context.ts';
import { chainAtHand } from '../copy/point-access.ts';
import { privateFolder } from './dump-folder.ts';
import type { DumpsTask } from './dumps-task.ts';
import { loadDump } from './load.ts';

/** A database of a point that is to be loaded somewhere. */
export type LoadRequest = {
  readonly pointId: string;
  readonly source: string;
  readonly database: string;
  readonly into: DatabaseTarget;
  readonly replace: boolean;
};

/** The dumps that a point holds. */
export async function listDumps(context: BackupContext, pointId: string): Promise<Result<readonly Dump[]>> {
  const task = taskFor(context, pointId, null);
  if (!task.ok) return task;
  try {
    return await context.tasks<Result<readonly Dump[]>>('backup.dumps', task.value).result;
  } catch (thrown) {
    if (thrown instanceof TaskFailure) return err(thrown.error);
    throw thrown;
  }
}

function taskFor(context: BackupContext, pointId: string, extract: DumpsTask['extract']): Result<DumpsTask> {
  const chain = chainAtHand(context.shelf.copies, pointId);
  if (!chain.ok) return chain;
  return ok({
    chain: linksOf(chain.value),
    identities: [...context.keyRing.keys().identities],
    extract,
  });
}

/**
 * Starts loading one database of a point, as a job: takes its dump out of the archive, loads it, removes it.
 *
 * @returns the job, or what {@link listDumps} says
 */
export async function startLoad(context: BackupContext, request: LoadRequest): Promise<Result<Job>> {
  const { pointId, source, database } = request;
  const dumps = await listDumps(context, pointId);
  if (!dumps.ok) return dumps;
  const dump = dumps.value.find(({ name }) => name === source);
  const entry = dump?.databases.find(({ name }) => name === database);
  if (dump === undefined || entry === undefined)
    return err(appError('BACKUP_DATABASE_DUMP_MISSING', { point: pointId, source, database }));
  return ok(
    context.jobs.start({
      kind: 'restore',
      title: { zh: `恢复数据库 ${database}`, en: `Restore the database ${database}` },
      link: `/backups/points/${encodeURIComponent(pointId)}`,
      canPause: false,
      work: (control) => work(context, request, dump, entry, control),
    }),
  );
}

async function work(
  context: BackupContext,
  request: LoadRequest,
  dump: Dump,
  entry: Dump['databases'][number],
  control: JobControl,
): Promise<JobOutcome> {
  const { sources, clock } = context;
  const id = randomUUID();
  const folder = join(sources.spoolDir, `load-${id}`);
  const startedAt = clock.now();
  const since = clock.monotonic();
  try {
    privateFolder(folder);
    const task = taskFor(context, request.pointId, { source: dump.name, files: [entry.file], to: folder });
    if (!task.ok) return task;
    const taken = await taskInJob<Result<readonly Dump[]>>(context, control, 'backup.dumps', task.value);
    if (!taken.ok) return taken;
    const job = { dump, entry, folder, replace: request.replace, signal: control.signal };
    const loaded = await loadDump(job, request.into, sources);
    if (!loaded.ok) return loaded;
    sources.steps.addRestore(id, clock.now(), {
      pointId: request.pointId,
      source: dump.name,
      database: entry.name,
      kind: dump.kind,
      into: loaded.value.into,
      server: loaded.value.server,
      tables: loaded.value.tables,
      bytes: loaded.value.bytes,
      startedAt,
      durationMs: Math.round(clock.monotonic() - since),
      kept: loaded.value.kept,
      notes: [...loaded.value.notes],
    });
    return ok({ kind: 'database', id });
  } catch (thrown) {
    if (thrown instanceof TaskFailure) return err(thrown.error);
    const { code } = thrown as { readonly code?: unknown };
    if (typeof code !== 'string') throw thrown;
    return err(
      appError('BACKUP_DATABASE_LOAD_FAILED', {
        name: entry.name,
        how: code,
        tail: describeThrown(thrown),
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
