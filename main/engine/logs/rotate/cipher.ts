import type { AppError, Result } from '#shared/errors/index.ts';

/** Bytes that can be read from anywhere. */
export type SegmentBytes = {
  readonly size: number;
  /** Fewer bytes only at the end. */
  readonly read: (offset: number, size: number) => Promise<Buffer>;
};

/** What opens encrypted segments: identities that an operator unlocked. Held in memory only. */
export type SegmentKeys = { readonly identities: readonly string[] };

/** Turns plain bytes into an encrypted file, from its beginning to its end. */
export type SegmentSealer = {
  /** What the file begins with. */
  readonly head: Uint8Array;
  /** The bytes that these complete; good until the next call. */
  readonly push: (plain: Uint8Array) => Uint8Array;
  readonly end: () => Uint8Array;
  /** Opens what this sealer made, so that it can be read back without anybody's key. */
  readonly open: (sealed: SegmentBytes) => Promise<Result<SegmentBytes>>;
};

/** How segments are encrypted; the composition root implements it with the age code of the backups. */
export interface SegmentCipher {
  /** What is wrong with recipients, or null. */
  readonly problem: (recipients: readonly string[]) => Promise<AppError | null>;
  readonly seal: (recipients: readonly string[]) => Promise<SegmentSealer>;
  /** LOG_SEGMENT_LOCKED when no key was given that opens it, or what is wrong with the file. */
  readonly open: (file: string, sealed: SegmentBytes, keys: SegmentKeys) => Promise<Result<SegmentBytes>>;
}
