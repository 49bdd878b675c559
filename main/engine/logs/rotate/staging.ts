import { createCipheriv, randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SegmentBytes } from './cipher.ts';
import type { RotationRecord } from './journal.ts';
import { openBytes } from './segment-file.ts';

/** A key for one fetched file. */
export type StagingKey = Uint8Array;

const BLOCK_BYTES = 16;

/**
 * Keys of the files that were fetched for policies that encrypt. They are in this process's memory only: what lies on the disk
 * until it is packed is of no use to anybody once this process is gone, not to itself either, and is fetched anew.
 */
export class StagingKeys {
  readonly #keys = new Map<string, StagingKey>();

  /** The key of a file; null when it is not encrypted, or nobody can open it any more. */
  of(file: string): StagingKey | null {
    return this.#keys.get(file) ?? null;
  }

  /** A fresh key: no two files ever share one. */
  make(file: string): StagingKey {
    const key = randomBytes(32);
    this.#keys.set(file, key);
    return key;
  }

  forget(file: string): void {
    this.#keys.delete(file);
  }
}

/** Whether what is fetched for a rotation must not lie on the disk in clear. */
export const isStagedSealed = ({ spec }: Pick<RotationRecord, 'spec'>): boolean => spec.encryptTo.length > 0;

/** Removes what was fetched, and its key; it is fetched anew then. Throws the system's error. */
export function removeStaged(keys: StagingKeys, { staged }: Pick<RotationRecord, 'staged'>): void {
  if (staged === null) return;
  keys.forget(staged);
  rmSync(staged, { force: true });
}

/**
 * AES-256 in counter mode, so that a piece can be turned into the other form from any place on. It hides and proves
 * nothing: whether the bytes are the host's, the comparison of SHA-256 finds.
 */
function turned(key: StagingKey, at: number, bytes: Uint8Array): Buffer {
  const counter = Buffer.alloc(BLOCK_BYTES);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / BLOCK_BYTES)), 8);
  const cipher = createCipheriv('aes-256-ctr', key, counter);
  cipher.update(Buffer.alloc(at % BLOCK_BYTES));
  return cipher.update(bytes);
}

/** Opens a fetched file for reading anywhere. Throws the system's error. */
export function openStaged(
  file: string,
  key: StagingKey | null,
): SegmentBytes & { readonly close: () => void } {
  const stored = openBytes(file);
  if (key === null) return stored;
  return { ...stored, read: async (at, size) => turned(key, at, await stored.read(at, size)) };
}

/** A fetched file that grows. Throws the system's errors. */
export class StagedFile {
  readonly #handle: number;
  readonly #key: StagingKey | null;
  #bytes: number;

  constructor(file: string, key: StagingKey | null) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.#handle = openSync(file, 'a+', 0o600);
    this.#key = key;
    this.#bytes = fstatSync(this.#handle).size;
  }

  /** Bytes that are here. What a crash left at the end may be none of the log; the comparison finds that. */
  get bytes(): number {
    return this.#bytes;
  }

  append(piece: Uint8Array): void {
    const stored = this.#key === null ? piece : turned(this.#key, this.#bytes, piece);
    for (let done = 0; done < stored.length; )
      done += writeSync(this.#handle, stored, done, stored.length - done);
    this.#bytes += piece.length;
  }

  sync(): void {
    fsyncSync(this.#handle);
  }

  close(): void {
    closeSync(this.#handle);
  }
}
