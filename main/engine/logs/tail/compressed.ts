import { closeSync, createWriteStream, fstatSync, openSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { FilePosition } from '../model.ts';
import type { TailedFile } from './file.ts';
import { placeOf } from './glob.ts';
import {
  type Candidate,
  HEAD_BYTES,
  identify,
  isSameFile,
  readAt,
  STRONG_HEAD_BYTES,
  sha256,
} from './identity.ts';
import type { TailMemory } from './memory.ts';
import { isKinName, isRotatedName } from './names.ts';
import { ATTEMPTS, lookAt, type Opened } from './open.ts';
import { isStoredBeginning, type LineLookup } from './prefix.ts';

/** A log of more than this, decompressed, is not looked into: nothing good inflates that far. */
const MAX_INFLATED_BYTES = 16 * 1024 ** 3;
const MAX_CANDIDATES = 50;
const CHUNK_BYTES = 64 * 1024;

/** A rotated file that logrotate has compressed already. */
type CompressedLog = {
  readonly path: string;
  readonly handle: number;
  /** `dev:ino`. */
  readonly place: string;
  readonly mtimeMs: number;
};

/** Thrown to stop a pipeline that has given enough. */
class Enough extends Error {}

/** Passes on at most `limit` bytes, then ends the pipeline with {@link Enough}. */
function bounded(limit: number): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
      passed += chunk.length;
      if (passed > limit) done(new Enough());
      else done(null, chunk);
    },
  });
}

/** The bytes of an open file, which a stream on the handle would close when it is not read to its end. */
function* chunksOf(handle: number): Generator<Buffer> {
  for (let offset = 0; ; offset += CHUNK_BYTES) {
    const chunk = readAt(handle, offset, CHUNK_BYTES);
    if (chunk.length > 0) yield chunk;
    if (chunk.length < CHUNK_BYTES) return;
  }
}

/** The first bytes of a gzip file's content; null when it is none, or damaged from the start. */
async function inflatedHead(handle: number): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    await pipeline(chunksOf(handle), createGunzip(), async (content) => {
      for await (const part of content as AsyncIterable<Buffer>) {
        parts.push(part);
        length += part.length;
        if (length >= HEAD_BYTES) throw new Enough();
      }
    });
  } catch (thrown) {
    // A file that is cut off or no gzip at all gives what it gives; nothing is recovered from nothing.
    if (!(thrown instanceof Enough) && length === 0) return null;
  }
  return Buffer.concat(parts).subarray(0, HEAD_BYTES);
}

/**
 * Opens the compressed rotated files of a log that were last written after `sinceMs`, the latest first. They stay open,
 * because their names change while logrotate works; the caller closes them.
 */
function openCompressed(
  path: string,
  sinceMs: number,
): { readonly logs: CompressedLog[]; readonly still: boolean } {
  const logs: CompressedLog[] = [];
  let still = true;
  let names: readonly string[] = [];
  try {
    names = readdirSync(dirname(path));
  } catch {
    // A folder that is gone or closed to us holds nothing to recover; the listing of the source reports it.
    return { logs, still };
  }
  for (const name of names) {
    const candidate = join(dirname(path), name);
    if (!name.endsWith('.gz') || !isRotatedName(path, candidate.slice(0, -3))) continue;
    try {
      const handle = openSync(candidate, 'r');
      const stats = fstatSync(handle, { bigint: true });
      // gzip keeps the time of the original, on some file systems only to the second.
      if (stats.isFile() && Number(stats.mtimeMs) >= sinceMs - 1000 && logs.length < MAX_CANDIDATES)
        logs.push({ path: candidate, handle, place: placeOf(stats), mtimeMs: Number(stats.mtimeMs) });
      else closeSync(handle);
    } catch (thrown) {
      // One that may not be read is no help; one that has just gone has another name now.
      if ((thrown as { readonly code?: unknown }).code === 'ENOENT') still = false;
    }
  }
  logs.sort((a, b) => b.mtimeMs - a.mtimeMs);
  return { logs, still };
}

/** Says whether a head is that of a known file. */
function headBelongs(head: Buffer, position: FilePosition): boolean {
  return (
    position.headLength > 0 &&
    head.length >= position.headLength &&
    sha256(head.subarray(0, position.headLength)).equals(position.headHash)
  );
}

/**
 * Decompresses a log into a temporary file in `folder` and opens it; the file has no name any more when this returns,
 * so that nothing is left behind whatever happens.
 *
 * @returns DISK_FULL or FILE_UNREADABLE
 */
async function inflate(log: CompressedLog, folder: string): Promise<Result<Opened>> {
  const temporary = join(folder, `${basename(log.path)}.inflated`);
  try {
    await pipeline(
      chunksOf(log.handle),
      createGunzip(),
      bounded(MAX_INFLATED_BYTES),
      createWriteStream(temporary, { mode: 0o600 }),
    );
    const handle = openSync(temporary, 'r');
    try {
      return ok({ ...lookAt(log.path, handle), mtimeMs: log.mtimeMs });
    } catch (thrown) {
      closeSync(handle);
      throw thrown;
    }
  } catch (thrown) {
    const code = (thrown as { readonly code?: unknown }).code;
    if (code === 'ENOSPC' || code === 'EDQUOT') return err(appError('DISK_FULL', { file: temporary }));
    return err(appError('LOG_FILE_UNREADABLE', { file: log.path, why: describeThrown(thrown) }));
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** What is looked for in compressed files: the rest of a known file, and files that came after it and went unseen. */
export type Sought = {
  readonly position: FilePosition;
  /** Whether the rest of the file itself is looked for, too. */
  readonly rest: boolean;
  /** The file to end when the search is over. */
  readonly file: TailedFile | null;
};

/** What is known while searching. */
type View = {
  readonly known: ReadonlyMap<string, FilePosition>;
  readonly files: readonly TailedFile[];
  readonly memory: TailMemory;
  readonly lineAt: LineLookup;
  /** Other searches that are still to come: each takes the rest of its own file. */
  readonly pending: readonly Sought[];
  /** Where logs are decompressed to. */
  readonly folder: string;
};

/** What a search found: `own` goes on where the sought file was left, the others are new. */
type FoundLogs = {
  readonly taken: readonly { readonly opened: Opened; readonly own: boolean }[];
  readonly places: readonly string[];
  readonly problems: ReadonlyMap<string, AppError>;
  /** Whether nothing moved while searching. */
  readonly still: boolean;
};

/**
 * Looks through the compressed rotated files of a log.
 *
 * @returns DISK_FULL when there is no room to decompress; nothing is noted of that file then
 */
export async function searchCompressed(sought: Sought, view: View): Promise<Result<FoundLogs>> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await searchOnce(sought, view);
    if (!found.ok || found.value.still || attempt === ATTEMPTS) return found;
    // A rotation is going on: files have other names now than when they were listed.
    for (const { opened } of found.value.taken) closeSync(opened.handle);
    for (const place of found.value.places) view.memory.forgetInflated(place);
  }
}

async function searchOnce(sought: Sought, view: View): Promise<Result<FoundLogs>> {
  const { position } = sought;
  const taken: { readonly opened: Opened; readonly own: boolean }[] = [];
  const places: string[] = [];
  const problems = new Map<string, AppError>();
  const { logs, still } = openCompressed(position.path, position.mtimeMs);
  try {
    for (const log of logs) {
      if (view.memory.isInflated(log.place) || view.memory.isOlder(log.place)) continue;
      const head = await inflatedHead(log.handle);
      if (head === null || head.length === 0) continue;
      const rest = sought.rest && !taken.some((one) => one.own);
      // Logs of other names may hold the same lines without being this one.
      const others = [...view.known.values()].filter(
        (one) => (!rest || one.key !== position.key) && isKin(one.path, position.path),
      );
      if (others.some((one) => one.headLength >= STRONG_HEAD_BYTES && headBelongs(head, one))) continue;
      const opened = await inflate(log, view.folder);
      if (!opened.ok && opened.error.code === 'DISK_FULL') {
        for (const one of taken) closeSync(one.opened.handle);
        return opened;
      }
      if (!opened.ok) {
        problems.set(log.path, opened.error);
        continue;
      }
      const { candidate, handle } = opened.value;
      const own = rest && isRestOf(sought, candidate);
      const awaited = (): boolean => view.pending.some((one) => one.rest && isRestOf(one, candidate));
      const seen = (): boolean => isSeen(opened.value, others, view, sought.file);
      // A file truncated twice before anybody looked has two copies, and what was read of the second may not be stored yet.
      if (!own && (awaited() || seen())) closeSync(handle);
      else {
        taken.push({ opened: opened.value, own });
        places.push(log.place);
      }
    }
  } finally {
    for (const log of logs) closeSync(log.handle);
  }
  for (const place of places) view.memory.noteInflated(place);
  return ok({ taken, places, problems, still });
}

const isKin = (a: string, b: string): boolean => isKinName(a, b) || isKinName(b, a);

/** Says whether a decompressed log goes on where a file was left. */
function isRestOf({ position, file }: Sought, candidate: Candidate): boolean {
  if (file !== null) return file.isContinuedBy(candidate);
  return position.headLength > 0 && isSameFile({ ...position, place: candidate.place }, candidate);
}

/** Whether a decompressed log is one that is known, or is being read through an open handle, or begins one of these. */
function isSeen(
  opened: Opened,
  known: readonly FilePosition[],
  view: View,
  except: TailedFile | null,
): boolean {
  const { candidate } = opened;
  const placed = known.filter((one) => one.headLength > 0).map((one) => ({ ...one, place: candidate.place }));
  if (identify(placed, candidate) !== null) return true;
  const plain = { ...opened, path: opened.path.replace(/\.gz$/, '') };
  return (
    view.files.some(
      (file) => file !== except && isKin(file.base, plain.path) && file.isContinuedBy(candidate),
    ) ||
    view.memory.originalOf(plain, view.files, false) !== null ||
    isStoredBeginning(plain, view.known.values(), view.lineAt)
  );
}
