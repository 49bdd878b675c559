import { createHash } from 'node:crypto';
import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import type { RunReport } from '#shared/contract/backup.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import { openArchive } from '../archive-reader.ts';
import type { NewPoint } from '../catalogue.ts';
import { type ArchiveKeys, NO_KEYS } from '../crypto/age-head.ts';
import { archiveSystemError } from '../faults.ts';
import { isIndexUsable } from '../index-file.ts';
import { isArchiveName } from '../names.ts';
import { buildPointIndex, pointIndexPath } from '../point-index.ts';
import { PHASES, ProgressMeter } from '../progress.ts';
import { ArchiveFault, type ArchiveReader } from '../reader-types.ts';
import { breathOf, Cancelled } from '../task-breath.ts';
import { TRAILER_WINDOW } from '../trailer.ts';

/** How an archive that was read is known again, wherever its medium is mounted: by name, size, time and its last bytes. */
export const seenSchema = z.object({
  name: z.string(),
  size: z.number(),
  mtimeMs: z.number(),
  /** SHA-256 of the last bytes, which hold the trailer. */
  tailSha256: z.string(),
  pointId: z.string(),
});
export type Seen = z.infer<typeof seenSchema>;

/** What the thread that catalogues archives is started with. */
export const inspectTaskSchema = z.object({
  /** Archive files, or folders that are searched for them. */
  paths: z.array(z.string()),
  /** How deep folders are searched; 0 is only the folder itself. */
  depth: z.int(),
  indexDir: z.string(),
  /** What opens those that are encrypted. */
  identities: z.array(z.string()).optional(),
  /** Archives that were read before: those that did not change are not read again. */
  known: z.array(seenSchema),
});
export type InspectTask = z.infer<typeof inspectTaskSchema>;

/** Posted for each archive, as soon as it is catalogued: what is found before a cut stays found. */
export type Inspected =
  | { readonly kind: 'point'; readonly point: NewPoint; readonly seen: Seen }
  | { readonly kind: 'known'; readonly path: string; readonly pointId: string; readonly bytes: number }
  | { readonly kind: 'unreadable'; readonly path: string; readonly error: AppError };

/** What a cataloguing run did. */
export type InspectDone = {
  readonly points: number;
  readonly known: number;
  readonly unreadable: number;
};

const SKIPPED_LISTED = 1_000;

/**
 * Archives in folders; links to folders are not followed, so that no search goes in circles. A folder that cannot be read
 * is told and passed over: every ext4 medium has a lost+found.
 */
function* archivesIn(
  path: string,
  depth: number,
  unreadable: (path: string, error: AppError) => void,
): Generator<string, void, void> {
  if (!lstatSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inner = join(path, entry.name);
    if (entry.isFile() && isArchiveName(entry.name)) yield inner;
    else if (entry.isDirectory() && depth > 0) {
      try {
        readdirSync(inner);
      } catch (thrown) {
        if (entry.name !== 'lost+found') unreadable(inner, archiveSystemError(inner, thrown));
        continue;
      }
      yield* archivesIn(inner, depth - 1, unreadable);
    }
  }
}

/** Looks at the end of an archive alone. Throws the system's error. */
function glance(path: string): Omit<Seen, 'pointId'> {
  const fd = openSync(path, 'r');
  try {
    const { size, mtimeMs } = fstatSync(fd);
    const tail = Buffer.alloc(Math.min(size, TRAILER_WINDOW));
    const read = readSync(fd, tail, 0, tail.length, size - tail.length);
    const tailSha256 = createHash('sha256').update(tail.subarray(0, read)).digest('hex');
    return { name: basename(path), size, mtimeMs: Math.trunc(mtimeMs), tailSha256 };
  } finally {
    closeSync(fd);
  }
}

const keyOf = (seen: Omit<Seen, 'pointId'>): string =>
  JSON.stringify([seen.name, seen.size, seen.mtimeMs, seen.tailSha256]);

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
    durationMs: Math.max(0, end.finishedAt - (header.synthesized?.at ?? header.startedAt)),
    excluded: end.excluded,
    skipped,
    skippedTotal: end.skipsTotal,
    reasons: header.reasons ?? [],
    kept: header.kept,
    notKept: header.notKept,
    ...(header.synthesized === undefined ? {} : { synthesizedFrom: header.synthesized.of.id }),
    ...(header.type === 'full' ? {} : { gone: end.gone, unchanged: end.unchanged ?? 0 }),
  };
}

/** Reads one archive's own manifest, makes its index, and says what the catalogue needs. */
async function inspectArchive(
  path: string,
  indexDir: string,
  keys: ArchiveKeys = NO_KEYS,
): Promise<Result<NewPoint>> {
  const opened = await openArchive(path, keys);
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

function tryGlance(path: string): Result<Omit<Seen, 'pointId'>> {
  try {
    return ok(glance(path));
  } catch (thrown) {
    return err(archiveSystemError(path, thrown));
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
  const before = new Map(task.known.map((seen) => [keyOf(seen), seen.pointId]));
  let points = 0;
  let known = 0;
  let unreadable = 0;
  const refuse = (path: string, error: AppError): void => {
    unreadable += 1;
    tell({ kind: 'unreadable', path, error });
  };
  try {
    for (const path of task.paths) {
      for (const archive of archivesIn(path, task.depth, refuse)) {
        await breath();
        const looked = tryGlance(archive);
        const pointId = looked.ok ? before.get(keyOf(looked.value)) : undefined;
        if (!looked.ok) refuse(archive, looked.error);
        else if (pointId !== undefined && isIndexUsable(pointIndexPath(task.indexDir, pointId))) {
          known += 1;
          tell({ kind: 'known', path: archive, pointId, bytes: looked.value.size });
        } else {
          const inspected = await inspectArchive(archive, task.indexDir, {
            identities: task.identities ?? [],
          });
          if (inspected.ok) {
            points += 1;
            tell({
              kind: 'point',
              point: inspected.value,
              seen: { ...looked.value, pointId: inspected.value.id },
            });
          } else refuse(archive, inspected.error);
        }
        meter.add(1, 1, archive);
      }
    }
    return ok({ points, known, unreadable });
  } catch (thrown) {
    if (thrown instanceof Cancelled) return err(appError('CANCELLED'));
    if (thrown instanceof ArchiveFault) return err(thrown.error);
    return err(archiveSystemError(task.paths.join(', '), thrown));
  }
}
