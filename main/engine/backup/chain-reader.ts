import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { RawPath } from '../platform/raw-path.ts';
import { openArchive } from './archive-reader.ts';
import { type ArchiveKeys, NO_KEYS } from './crypto/age-head.ts';
import { archiveSystemError } from './faults.ts';
import type { EntryLine, HeaderLine, SkipLine } from './manifest.ts';
import type { ArchiveReader, ReaderOf } from './reader-types.ts';
import { walkOrder } from './walk-order.ts';

/** An archive of a chain: where it is, and the SHA-256 of its manifest that the catalogue knows it by. */
export type ChainArchive = { readonly archivePath: string; readonly manifestSha256: string };

/** An entry of the state at a point, and which archive of the chain holds it. */
export type ChainEntry = EntryLine & { readonly origin: number };

/** The whole state at a point, read from the archives of its chain. */
export type ChainReader = {
  /** Absolute source paths of the point. */
  readonly sources: readonly string[];
  /** What stood at the point, a folder before its contents. Throws ArchiveFault. */
  readonly entries: () => AsyncIterable<ChainEntry>;
  /** As {@link ArchiveReader.readFile}, from the archive that holds the entry. */
  readonly readFile: (entry: ChainEntry) => AsyncIterable<Uint8Array>;
  /** Headers of the archives, the full's first. */
  readonly headers: readonly HeaderLine[];
  /** True when some archive of the chain has hard links. */
  readonly hasHardLinks: boolean;
  /** What the run that made the point could not keep. */
  readonly skipped: () => AsyncIterable<SkipLine>;
  readonly close: () => Promise<void>;
};

/** Archives whose frames stay in memory at the same time (four frames of 2 MiB each). */
const WARM = 8;

/**
 * Opens the archives of a chain, the full first, each once, and checks that each builds on the one before.
 *
 * @param keys what opens those that are encrypted
 * @returns the reader; what opening an archive says, BACKUP_MANIFEST_DIFFERS, or BACKUP_CHAIN_SWAPPED
 */
export async function openChain(
  archives: readonly ChainArchive[],
  keys: ArchiveKeys = NO_KEYS,
): Promise<Result<ChainReader>> {
  const readers: ArchiveReader[] = [];
  const close = async (): Promise<void> => {
    for (const reader of readers) await reader.close();
  };
  try {
    for (const { archivePath, manifestSha256 } of archives) {
      const opened = await openArchive(archivePath, keys);
      if (!opened.ok) return await failed(close, opened);
      const before = readers.at(-1);
      const reader = opened.value;
      readers.push(reader);
      if (reader.manifestSha256 !== manifestSha256)
        return await failed(close, err(appError('BACKUP_MANIFEST_DIFFERS', { file: archivePath })));
      if ((reader.header.parent?.manifestSha256 ?? null) !== (before?.manifestSha256 ?? null))
        return await failed(
          close,
          err(appError('BACKUP_CHAIN_SWAPPED', { file: before?.path ?? archivePath, child: archivePath })),
        );
    }
    const changes = await readChanges(readers);
    const warm = new Set<ArchiveReader>();
    return ok({
      sources: readers.at(-1)?.header.sources ?? [],
      headers: readers.map(({ header }) => header),
      hasHardLinks: readers.some(({ end }) => end.hardLinks > 0),
      skipped: async function* () {
        yield* readers.at(-1)?.skipped() ?? [];
      },
      entries: () => merged(readers, changes),
      readFile: (entry) => {
        const reader = readers[entry.origin];
        if (reader === undefined) throw new Error(`no archive ${entry.origin} in the chain`);
        keepWarm(warm, reader);
        return reader.readFile(
          entry,
          earlierThan(readers, entry.origin, (used) => keepWarm(warm, used)),
        );
      },
      close,
    });
  } catch (thrown) {
    await close();
    return err(archiveSystemError(archives.at(-1)?.archivePath ?? '', thrown));
  }
}

async function failed<T>(close: () => Promise<void>, result: Result<T>): Promise<Result<never>> {
  await close();
  if (result.ok) throw new Error('not a failure');
  return result;
}

/**
 * The archives that one of a chain builds on, by their ids. One that is not of the chain, or later, is not found: an archive
 * must not reach for what it cannot have known.
 *
 * @param using hears of each that is used
 */
function earlierThan(
  readers: readonly ArchiveReader[],
  number: number,
  using: (reader: ArchiveReader) => void = () => undefined,
): ReaderOf {
  return (id) => {
    const found = readers.slice(0, number).find(({ header }) => header.id === id);
    if (found !== undefined) using(found);
    return found ?? null;
  };
}

/** A restore goes through all archives side by side; the one used longest ago lets go of its frames. */
function keepWarm(warm: Set<ArchiveReader>, reader: ArchiveReader): void {
  warm.delete(reader);
  warm.add(reader);
  if (warm.size <= WARM) return;
  const [oldest] = warm;
  if (oldest === undefined) return;
  warm.delete(oldest);
  oldest.release();
}

/** What later archives changed: of each path the number of the newest archive that has it, or in which it is gone. */
type Changes = {
  readonly written: ReadonlyMap<RawPath, number>;
  readonly gone: ReadonlyMap<RawPath, number>;
};

/** Reads the manifests of all archives after the full. Memory grows with what changed, not with what there is. */
async function readChanges(readers: readonly ArchiveReader[]): Promise<Changes> {
  const written = new Map<RawPath, number>();
  const gone = new Map<RawPath, number>();
  for (const [number, reader] of readers.entries()) {
    if (number === 0) continue;
    for await (const { path } of reader.entries()) written.set(path, number);
    for await (const { path } of reader.gone()) gone.set(path, number);
  }
  return { written, gone };
}

/** True when what an archive has at a path is what stands there at the end of the chain. */
function stands(path: RawPath, number: number, { written, gone }: Changes): boolean {
  if ((written.get(path) ?? 0) > number) return false;
  if (gone.size === 0) return true;
  if ((gone.get(path) ?? 0) > number) return false;
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1))
    if ((gone.get(path.slice(0, slash)) ?? 0) > number) return false;
  return true;
}

async function* standing(
  reader: ArchiveReader,
  origin: number,
  changes: Changes,
): AsyncGenerator<ChainEntry> {
  for await (const entry of reader.entries()) {
    if (!stands(entry.path, origin, changes)) continue;
    // A writer stores a file under all its names or none; should the first name be lost, the others have its content.
    const isAlone =
      entry.type === 'hardlink' && entry.link !== undefined && !stands(entry.link, origin, changes);
    yield isAlone ? { ...entry, origin, type: 'file', link: undefined } : { ...entry, origin };
  }
}

type Head = { readonly stream: AsyncGenerator<ChainEntry>; readonly entry: ChainEntry };

/** Puts what stands of each archive in the order of one walk: all archives are in that order already. */
async function* merged(readers: readonly ArchiveReader[], changes: Changes): AsyncGenerator<ChainEntry> {
  const heads: Head[] = [];
  const next = async (stream: AsyncGenerator<ChainEntry>): Promise<void> => {
    const step = await stream.next();
    if (step.done) return;
    const head = { stream, entry: step.value };
    // Kept sorted, the first in the walk last: most often the same archive goes on.
    let at = heads.length;
    while (at > 0 && walkOrder(heads[at - 1]?.entry.path ?? '', head.entry.path) < 0) at -= 1;
    heads.splice(at, 0, head);
  };
  for (const [number, reader] of readers.entries()) await next(standing(reader, number, changes));
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    yield head.entry;
    await next(head.stream);
  }
}
