import { open, rename, rm } from 'node:fs/promises';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { RemoteFacts, RemoteFiles } from './files.ts';

/** Bytes asked for at once. */
const PIECE = 512 * 1024;
/** A file that changes while it is read is read again until it was read so often. */
const ATTEMPTS = 3;

let parts = 0;

/** A fetched file: what it was, and whether it changed even while it was read for the last time. */
export type Fetched = { readonly facts: RemoteFacts; readonly changed: boolean };

export type FetchOptions = {
  readonly signal: AbortSignal;
  readonly took: (bytes: number, path: string) => Promise<void>;
};

/**
 * Fetches a file of a host under a temporary name beside its place, and gives it its name when it is whole. Of a file that
 * grows all the time, a log, the part that was there when the reading began is whole.
 *
 * @param into what stands there is replaced
 * @returns BACKUP_REMOTE_CHANGING when it became shorter each time it was read
 */
export async function fetchFile(
  files: RemoteFiles,
  path: string,
  into: string,
  options: FetchOptions,
): Promise<Result<Fetched>> {
  // Names on a host may be as long as here, so the temporary one must not be longer.
  const part = `${into.slice(0, into.lastIndexOf('/'))}/.hmtt-part-${process.pid}-${parts}`;
  parts += 1;
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const read = await readOnce(files, path, part, options);
      if (!read.ok) return read;
      const isLast = attempt === ATTEMPTS - 1;
      if (read.value === null || (read.value.changed && !isLast)) continue;
      await rm(into, { recursive: true, force: true });
      await rename(part, into);
      return ok(read.value);
    }
    return err(appError('BACKUP_REMOTE_CHANGING', { path }));
  } finally {
    await rm(part, { force: true });
  }
}

/** Reads a file once; null when it became shorter meanwhile. */
async function readOnce(
  files: RemoteFiles,
  path: string,
  part: string,
  { signal, took }: FetchOptions,
): Promise<Result<Fetched | null>> {
  const opened = await files.open(path);
  if (!opened.ok) return opened;
  const out = await open(part, 'w', 0o600);
  try {
    const before = await opened.value.stat();
    if (!before.ok) return before;
    let at = 0;
    while (at < before.value.size) {
      if (signal.aborted) return err(appError('CANCELLED'));
      const piece = await opened.value.read(at, Math.min(PIECE, before.value.size - at));
      if (!piece.ok) return piece;
      if (piece.value.length === 0) break;
      await out.write(piece.value, 0, piece.value.length, at);
      at += piece.value.length;
      await took(piece.value.length, path);
    }
    const after = await opened.value.stat();
    if (!after.ok) return after;
    if (at < before.value.size) return ok(null);
    const changed = after.value.size !== at || after.value.mtimeMs !== before.value.mtimeMs;
    // Described as it was before, so that the next run sees that it has changed since.
    return ok({ facts: before.value, changed });
  } finally {
    await out.close();
    await opened.value.close();
  }
}
