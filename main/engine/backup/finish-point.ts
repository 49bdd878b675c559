import { rmSync } from 'node:fs';
import type { RunReport } from '#shared/contract/backup.ts';
import { publishFile, syncFolder, writeFileDurably } from '../storage/durable.ts';
import type { Written } from './archive-builder.ts';
import type { NewPoint } from './catalogue.ts';
import { headCopyLine } from './crypto/head-copy.ts';
import { writeKeyFiles } from './crypto/key-on-media.ts';
import { noteMade } from './crypto/made-note.ts';
import { targetError } from './faults.ts';
import { type PointPaths, partName } from './names.ts';
import { ArchiveFault } from './reader-types.ts';

/** What completing a point needs of its task. */
export type FinishTask = {
  readonly id: string;
  readonly targetDir: string;
  readonly indexDir: string;
  /** The sealed keys that lie beside the point; null when it is not encrypted. */
  readonly encryption: {
    readonly keyFiles: readonly { readonly name: string; readonly text: string }[];
  } | null;
};

/** What a run made. */
export type RunMade = {
  readonly archivePath: string;
  readonly archiveBytes: number;
  readonly manifestSha256: string;
  readonly finishedAt: number;
  readonly report: RunReport;
};

/** The files of a run that have no final name yet. */
export function partsOf(paths: PointPaths): { archive: string; manifest: string; sums: string } {
  return {
    archive: partName(paths.archive),
    manifest: partName(paths.manifest),
    sums: partName(paths.sums),
  };
}

/** Removes what has no name yet, or whose name nobody was told. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The medium may be gone. The run stays marked unclean in the catalogue, and the next start tries again.
  }
}

/** Gives the files their names: manifest, sums, and last the archive. */
export function publishPoint(task: FinishTask, paths: PointPaths, written: Written): void {
  const parts = partsOf(paths);
  const nameOf = (path: string): string => path.slice(task.targetDir.length).replace(/^[\\/]+/, '');
  try {
    writeKeyFiles(task.targetDir, task.encryption?.keyFiles ?? []);
    writeFileDurably(
      paths.sums,
      [
        `${written.archiveSha256}  ${nameOf(paths.archive)}\n${written.manifestFileSha256}  ${nameOf(paths.manifest)}\n`,
        ...(written.secrets === null
          ? []
          : [
              headCopyLine(nameOf(paths.archive), written.secrets.archive.head),
              headCopyLine(nameOf(paths.manifest), written.secrets.manifest.head),
            ]),
      ].join(''),
    );
    publishFile(parts.manifest, paths.manifest);
    if (written.secrets !== null) noteMade(task.indexDir, pointOf(paths, written));
    publishFile(parts.archive, paths.archive);
    syncFolder(task.targetDir);
  } catch (thrown) {
    throw new ArchiveFault(targetError(task.targetDir, thrown));
  }
}

/** The point as the catalogue will have it. */
function pointOf({ archive }: PointPaths, written: Written): NewPoint {
  const { header, end, archiveBytes, manifestSha256 } = written;
  return {
    id: header.id,
    plan: header.plan,
    type: header.type,
    parentId: header.parent?.id ?? null,
    baseId: header.base?.id ?? null,
    startedAt: header.startedAt,
    finishedAt: end.finishedAt,
    archivePath: archive,
    archiveBytes,
    manifestSha256,
    state: 'complete',
    verifiedAt: end.finishedAt,
    verifyError: null,
    report: reportOf(written, end.finishedAt - header.startedAt),
  };
}

/** What the run did, for people. */
export function reportOf(written: Written, durationMs: number): RunReport {
  const { files, directories, symlinks, hardLinks, special, bytes, excluded, skipsTotal } = written.end;
  return {
    files,
    directories,
    symlinks,
    hardLinks,
    special,
    bytes,
    storedBytes: written.archiveBytes,
    archiveSha256: written.archiveSha256,
    durationMs: Math.round(durationMs),
    excluded,
    skipped: written.skipped.map(({ path, error }) => ({ path, error })),
    skippedTotal: skipsTotal,
    reasons: written.header.reasons ?? [],
    kept: written.header.kept,
    notKept: written.header.notKept,
    ...(written.header.synthesized === undefined
      ? {}
      : { synthesizedFrom: written.header.synthesized.of.id }),
    ...(written.header.type === 'full'
      ? {}
      : { gone: written.end.gone, unchanged: written.end.unchanged ?? 0 }),
  };
}
