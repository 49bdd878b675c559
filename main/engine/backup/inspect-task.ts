import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { RunReport } from '#shared/contract/backup.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { TaskContext } from '../platform/worker-tasks.ts';
import { openArchive } from './archive-reader.ts';
import type { NewPoint } from './catalogue.ts';
import { archiveSystemError } from './faults.ts';
import { isIndexUsable } from './index-file.ts';
import { isArchiveName } from './names.ts';
import { buildPointIndex, pointIndexPath } from './point-index.ts';
import { PHASES, ProgressMeter } from './progress.ts';
import { ArchiveFault, type ArchiveReader } from './reader-types.ts';
import { breathOf, Cancelled } from './task-breath.ts';

/** What the thread that catalogues archives is started with. */
export const inspectTaskSchema = z.object({
  /** Archive files, or folders that are searched for them. */
  paths: z.array(z.string()),
  /** How deep folders are searched; 0 is only the folder itself. */
  depth: z.number().int(),
  indexDir: z.string(),
});
export type InspectTask = z.infer<typeof inspectTaskSchema>;

/** Posted for each archive, as soon as it is catalogued: what is found before a cut stays found. */
export type Inspected =
  | { readonly kind: 'point'; readonly point: NewPoint }
  | { readonly kind: 'unreadable'; readonly path: string; readonly error: AppError };

/** What a cataloguing run did. */
export type InspectDone = { readonly points: number; readonly unreadable: number };

const SKIPPED_LISTED = 1_000;

/** Archives in folders; links to folders are not followed, so that no search goes in circles. */
function* archivesIn(path: string, depth: number): Generator<string, void, void> {
  if (!lstatSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inner = join(path, entry.name);
    if (entry.isFile() && isArchiveName(entry.name)) yield inner;
    else if (entry.isDirectory() && depth > 0) yield* archivesIn(inner, depth - 1);
  }
}

async function reportFrom(archive: ArchiveReader, archiveBytes: number): Promise<RunReport> {
  const { end, header } = archive;
  const skipped: RunReport['skipped'] = [];
  if (end.skips > 0)
    for await (const { path, error } of archive.skipped()) {
      if (skipped.length >= SKIPPED_LISTED) break;
      skipped.push({ path, error });
    }
  return {
    files: end.files,
    directories: end.directories,
    symlinks: end.symlinks,
    hardLinks: end.hardLinks,
    special: end.special,
    bytes: end.bytes,
    storedBytes: archiveBytes,
    durationMs: Math.max(0, end.finishedAt - header.startedAt),
    excluded: end.excluded,
    skipped,
    skippedTotal: end.skipsTotal,
    reasons: header.reasons ?? [],
    ...(header.type === 'full' ? {} : { gone: end.gone, unchanged: end.unchanged ?? 0 }),
  };
}

/** Reads one archive's own manifest, makes its index, and says what the catalogue needs. */
export async function inspectArchive(path: string, indexDir: string): Promise<Result<NewPoint>> {
  const opened = await openArchive(path);
  if (!opened.ok) return opened;
  const archive = opened.value;
  try {
    const { header, end } = archive;
    if (!isIndexUsable(pointIndexPath(indexDir, header.id))) {
      const indexed = await buildPointIndex(pointIndexPath(indexDir, header.id), archive);
      if (!indexed.ok) return indexed;
    }
    const archiveBytes = lstatSync(path).size;
    return ok({
      id: header.id,
      plan: header.plan,
      type: header.type,
      parentId: header.parent?.id ?? null,
      baseId: header.base?.id ?? null,
      startedAt: header.startedAt,
      finishedAt: end.finishedAt,
      archivePath: path,
      archiveBytes,
      manifestSha256: archive.manifestSha256,
      state: 'complete',
      verifiedAt: null,
      verifyError: null,
      report: await reportFrom(archive, archiveBytes),
    });
  } catch (thrown) {
    return err(archiveSystemError(path, thrown));
  } finally {
    await archive.close();
  }
}

/** Catalogues archives from the media alone. */
export async function inspectAll(task: InspectTask, context: TaskContext): Promise<Result<InspectDone>> {
  const meter = new ProgressMeter(
    () => performance.now(),
    (progress) => context.post({ kind: 'progress', progress }),
  );
  const breath = breathOf(context);
  const tell = (message: Inspected): void => context.post(message);
  meter.begin(PHASES.cataloguing, 'files', null);
  let points = 0;
  let unreadable = 0;
  try {
    for (const path of task.paths) {
      for (const archive of archivesIn(path, task.depth)) {
        await breath();
        const inspected = await inspectArchive(archive, task.indexDir);
        if (inspected.ok) {
          points += 1;
          tell({ kind: 'point', point: inspected.value });
        } else {
          unreadable += 1;
          tell({ kind: 'unreadable', path: archive, error: inspected.error });
        }
        meter.add(1, 1, archive);
      }
    }
    return ok({ points, unreadable });
  } catch (thrown) {
    if (thrown instanceof Cancelled) return err(appError('CANCELLED'));
    if (thrown instanceof ArchiveFault) return err(thrown.error);
    return err(archiveSystemError(task.paths.join(', '), thrown));
  }
}
