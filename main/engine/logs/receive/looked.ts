import { ok, type Result } from '#shared/errors/index.ts';
import { isRotatedName } from '../tail/names.ts';
import type { Mirror } from './mirror.ts';
import type { OpenRemoteFile, RemoteFound } from './remote-files.ts';

/** How many bytes at the start of a file identify it. */
export const HEAD_BYTES = 1024;
/** A head of fewer bytes proves nothing by itself: programs begin their logs alike. */
const STRONG_HEAD = 256;

/** A remote file that is open, with what proves which one it is. */
export type Looked = {
  readonly file: OpenRemoteFile;
  readonly found: RemoteFound;
  readonly head: Buffer;
  /** It was compressed: nobody writes it any more, and all of it is here already. */
  readonly isInflated: boolean;
};

/** The head once more, to see whether the file was truncated while it was read. */
export async function headAgain(file: OpenRemoteFile, head: Buffer): Promise<Buffer> {
  const again = await file.read(0, HEAD_BYTES);
  return again.ok ? again.value : head;
}

/**
 * Whether an open file is the one that a copy was made of.
 *
 * @param isHere it stands under the copy's own name, so that little content is enough
 */
export async function isSame(
  { file, found, head }: Looked,
  mirror: Mirror,
  isHere: boolean,
): Promise<Result<boolean>> {
  const { offset } = mirror;
  const known = mirror.head;
  if (found.size < offset || head.length < known.length) return ok(false);
  if (
    !isHere &&
    (offset === 0 ||
      (known.length < STRONG_HEAD && !isRotatedName(mirror.base, found.path.replace(/\.gz$/, ''))))
  )
    return ok(false);
  if (!head.subarray(0, known.length).equals(known)) return ok(false);
  const tail = mirror.tail();
  const before = await file.read(offset - tail.length, tail.length);
  return before.ok ? ok(before.value.equals(tail)) : before;
}
