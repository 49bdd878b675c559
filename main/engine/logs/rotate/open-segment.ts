import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { ioError } from '../../storage/io-error.ts';
import { Cancelled } from '../search/breath.ts';
import type { SegmentBytes, SegmentCipher, SegmentKeys } from './cipher.ts';
import { openBytes, readError } from './segment-file.ts';

/** A segment to look into. */
export type SearchedSegment = {
  readonly id: string;
  readonly file: string;
  readonly codec: 'zstd' | 'gzip' | 'none';
  readonly encrypted: boolean;
  /** The log file that it was, which `source:` asks for, and the host that it was on. */
  readonly source: string;
  readonly policy: string;
  readonly host: string;
  readonly rotatedAt: number;
};

/**
 * Opens a segment, decrypted where it is encrypted, for the length of a call.
 *
 * @returns FILE_UNREADABLE and its kin, LOG_SEGMENT_LOCKED, LOG_SEGMENT_DAMAGED; CANCELLED when the call threw {@link Cancelled}
 */
export async function withSegment<T>(
  { file, encrypted }: SearchedSegment,
  cipher: SegmentCipher,
  keys: SegmentKeys,
  use: (bytes: SegmentBytes) => Promise<Result<T>>,
): Promise<Result<T>> {
  let sealed: ReturnType<typeof openBytes>;
  try {
    sealed = openBytes(file);
  } catch (thrown) {
    return err(ioError(file, thrown));
  }
  try {
    const plain = encrypted ? await cipher.open(file, sealed, keys) : ok(sealed);
    return plain.ok ? await use(plain.value) : plain;
  } catch (thrown) {
    if (thrown instanceof Cancelled) return err(appError('CANCELLED'));
    return err(readError(file, thrown));
  } finally {
    sealed.close();
  }
}
