import { statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { backupTypeSchema, changeDetectionSchema } from '#shared/contract/backup.ts';
import { bilingual } from '#shared/contract/define.ts';
import { anyGlob } from '#shared/domain/glob.ts';
import { appError, appErrorSchema, err, ok, type Result } from '#shared/errors/index.ts';
import { yieldToOthers } from '../platform/low-priority.ts';
import type { TaskContext } from '../platform/worker-tasks.ts';
import { writeArchive } from './archive-writer.ts';
import { Baseline } from './baseline.ts';
import { preferredCodec } from './codec.ts';
import { onTarget } from './faults.ts';
import { partsOf, publishPoint, type RunMade, removeQuietly, reportOf } from './finish-point.ts';
import { Follower } from './follower.ts';
import { removeIndexFiles } from './index-file.ts';
import { throttleOf } from './limits/throttle.ts';
import { parentRefSchema } from './manifest.ts';
import { type PointPaths, pointPaths } from './names.ts';
import { localOwnerNames } from './owners.ts';
import { pointIndexPath, stateIndexPath } from './point-index.ts';
import { PHASES, ProgressMeter } from './progress.ts';
import { readBack } from './read-back.ts';
import { ArchiveFault } from './reader-types.ts';
import { changesOf } from './retention/changes.ts';
import { resolveSources, scan } from './scan.ts';
import { chainLinkSchema, ensureState } from './state-index.ts';
import { breathOf, Cancelled } from './task-breath.ts';
import { localXattrReader } from './xattrs/xattr-reader.ts';

/** What a run's thread is started with. */
export const runTaskSchema = z.object({
  id: z.string(),
  plan: z.string(),
  type: backupTypeSchema,
  parent: parentRefSchema.nullable(),
  base: parentRefSchema.nullable(),
  host: z.string(),
  tool: z.string(),
  startedAt: z.number(),
  sources: z.array(z.string()),
  exclude: z.array(z.string()),
  targetDir: z.string(),
  /** Folder of the indexes of points. */
  indexDir: z.string(),
  /** The parent's chain, the full first; empty for a full. */
  chain: z.array(chainLinkSchema),
  changeDetection: changeDetectionSchema,
  /** Most bytes a second; null for no limit. */
  bytesPerSecond: z.number().positive().nullable().default(null),
  /** Dumps of databases: where they lie, and where they stand in the archive; and those that could not be taken. */
  placed: z.array(z.object({ real: z.string(), path: z.string() })),
  lacking: z.array(z.object({ path: z.string(), error: appErrorSchema })),
  reasons: z.array(bilingual),
  /** Who can open the point, and the sealed keys that lie beside it; null when it is not encrypted. */
  encryption: z
    .object({
      recipients: z.array(z.string()).min(1),
      keyFiles: z.array(z.object({ name: z.string(), text: z.string() })),
    })
    .nullable(),
  /** Bytes of the plan's last full, for the time left; null when there is none and the sources are counted first. */
  expectedBytes: z.number().nullable(),
  /** The point before this one, to tell how much changed; null when there is none. */
  previousId: z.string().nullable(),
});
export type RunTask = z.infer<typeof runTaskSchema>;

/** Posted when nothing of the sources is needed any more; what was written is still to be checked. */
type SourcesRead = { readonly kind: 'sources-read' };

/** The final paths of a run, known before it starts. */
export function runPaths(
  task: Pick<RunTask, 'targetDir' | 'plan' | 'type' | 'startedAt' | 'id' | 'encryption'>,
): PointPaths {
  const { targetDir, plan, type, startedAt, id, encryption } = task;
  return pointPaths(targetDir, plan, type, startedAt, id, preferredCodec().suffix, encryption !== null);
}

/**
 * Makes one restore point: count, write as `.part`, read back and verify, index, publish. Whatever goes wrong, nothing
 * stays in the target folder.
 */
export async function runBackup(task: RunTask, context: TaskContext): Promise<Result<RunMade>> {
  yieldToOthers();
  const paths = runPaths(task);
  const parts = partsOf(paths);
  try {
    const made = await makePoint(task, paths, context);
    const { archiveBytes, report } = made;
    const changes = changesOf(task.indexDir, task, { archiveBytes, bytes: report.bytes });
    return ok(changes === null ? made : { ...made, report: { ...report, changes } });
  } catch (thrown) {
    // Nobody was told of this point yet. Its names are its own, so nothing else can be hit.
    for (const path of [...Object.values(parts), ...Object.values(paths)]) removeQuietly(path);
    removeIndexFiles(pointIndexPath(task.indexDir, task.id));
    removeIndexFiles(stateIndexPath(task.indexDir, task.id));
    if (thrown instanceof Cancelled) return err(appError('CANCELLED'));
    if (thrown instanceof ArchiveFault) return err(thrown.error);
    throw thrown;
  }
}

async function makePoint(task: RunTask, paths: PointPaths, context: TaskContext): Promise<RunMade> {
  const baseline = await openBaseline(task);
  try {
    // A run that is to go slowly reads either the sources or the target.
    const start = task.bytesPerSecond === null ? context.start : undefined;
    const follower = new Follower(start, partsOf(paths).archive, preferredCodec().name);
    context.onMessage((message) => follower.post(message));
    context.signal.addEventListener('abort', () => void follower.stop());
    try {
      return await compareAndWrite(task, paths, context, baseline, follower);
    } finally {
      await follower.stop();
    }
  } finally {
    baseline?.abandon();
  }
}

/** The state at the parent, in a file that this run may change; null for a full. */
async function openBaseline(task: RunTask): Promise<Baseline | null> {
  if (task.chain.length === 0) return null;
  const state = await ensureState(task);
  if (!state.ok) throw new ArchiveFault(state.error);
  const part = `${stateIndexPath(task.indexDir, task.id)}.part`;
  const opened = Baseline.open(state.value.path, part);
  if (!opened.ok) throw new ArchiveFault(opened.error);
  return opened.value;
}

async function compareAndWrite(
  task: RunTask,
  paths: PointPaths,
  context: TaskContext,
  baseline: Baseline | null,
  follower: Follower,
): Promise<RunMade> {
  const began = performance.now();
  const parts = partsOf(paths);
  const meter = new ProgressMeter(
    () => performance.now(),
    (progress) => context.post({ kind: 'progress', progress }),
  );
  const breath = breathOf(context);
  const throttle = throttleOf(task.bytesPerSecond, {
    monotonic: () => performance.now(),
    sleep: (ms) => setTimeout(ms),
    between: breath,
  });
  const paced = async (bytes: number): Promise<void> => {
    await throttle(bytes);
    await breath();
  };
  onTarget(task.targetDir, () => {
    if (!statSync(task.targetDir).isDirectory())
      throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  });
  if (task.placed.length === 0 && resolveSources(task.sources).roots.length === 0)
    throw new ArchiveFault(appError('BACKUP_SOURCES_UNREADABLE', { name: task.plan }));

  meter.begin(PHASES.scanning, 'files', null);
  // How much of it changed is not known before it is compared.
  const expected = baseline !== null ? null : (task.expectedBytes ?? (await countBytes(task, meter, breath)));
  meter.begin(PHASES.writing, 'bytes', expected);
  const written = await writeArchive(
    {
      header: {
        id: task.id,
        plan: task.plan,
        type: task.type,
        parent: task.parent,
        base: task.base,
        host: task.host,
        tool: task.tool,
        startedAt: task.startedAt,
        exclude: task.exclude,
        reasons: task.reasons,
        encryption: task.encryption && {
          format: 'age',
          recipients: task.encryption.recipients.length,
          passphrase: task.encryption.keyFiles.length > 0,
        },
      },
      sources: task.sources,
      targetDir: task.targetDir,
      recipients: task.encryption?.recipients ?? [],
      parts,
      placed: task.placed,
      lacking: task.lacking,
      since: baseline === null ? null : { baseline, how: task.changeDetection },
    },
    {
      codec: preferredCodec(),
      owners: localOwnerNames(),
      now: Date.now,
      xattrs: localXattrReader(),
      onDisk: follower.onDisk,
      breath: (done) => {
        follower.check();
        meter.add(done.files, done.bytes, done.current);
        return paced(done.bytes);
      },
    },
  );
  removeQuietly(parts.sums);
  context.post({ kind: 'sources-read' } satisfies SourcesRead);
  await readBack(
    {
      pointId: task.id,
      indexDir: task.indexDir,
      archivePart: parts.archive,
      manifestPart: parts.manifest,
      written,
      proven: await follower.end(),
    },
    meter,
    paced,
  );
  await breath();
  if (baseline !== null) {
    const applied = baseline.apply(pointIndexPath(task.indexDir, task.id));
    if (!applied.ok) throw new ArchiveFault(applied.error);
    baseline.publish(stateIndexPath(task.indexDir, task.id));
  }
  publishPoint(task, paths, written);
  return {
    archivePath: paths.archive,
    archiveBytes: written.archiveBytes,
    manifestSha256: written.manifestSha256,
    finishedAt: written.end.finishedAt,
    report: reportOf(written, performance.now() - began),
  };
}

async function countBytes(task: RunTask, meter: ProgressMeter, breath: () => Promise<void>): Promise<number> {
  let bytes = 0;
  const walk = scan({ sources: task.sources, excluded: anyGlob(task.exclude), targetDir: task.targetDir });
  for (const item of walk) {
    if (item.kind === 'found' && item.stats.isFile()) bytes += Number(item.stats.size);
    if (item.kind !== 'listed') meter.add(1, 1, item.path);
    await breath();
  }
  return bytes;
}
