import { hkdfSync, randomBytes } from 'node:crypto';
import { ageLibrary } from './age-library.ts';

/** Every age file begins so; the version is 1 in all that exist. */
export const AGE_MAGIC = 'age-encryption.org/';

const NONCE_BYTES = 16;

/** A longer header is an attack: twenty post-quantum recipients take 45,000 bytes. */
export const MAX_HEAD_BYTES = 65_536;

/** The head of an encrypted file (header and payload nonce, both public), and what only this process knows of it. */
export type FileSecret = {
  readonly head: Buffer;
  /** Opens the header: what its recipients find in it. */
  readonly fileKey: Uint8Array;
  /** Opens the chunks of the payload. */
  readonly streamKey: Buffer;
};

/** What opens encrypted files. Held in memory, passed to threads, never written down. */
export type ArchiveKeys = {
  /** `AGE-SECRET-KEY-…` strings. */
  readonly identities: readonly string[];
  /** File keys of what this run has just written, by path. */
  readonly fileKeys?: ReadonlyMap<string, Uint8Array>;
};

/** No key at all. */
export const NO_KEYS: ArchiveKeys = { identities: [] };

function streamKeyOf(fileKey: Uint8Array, head: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', fileKey, head.subarray(-NONCE_BYTES), 'payload', 32));
}

/**
 * Makes the head of a new encrypted file, with a file key of its own.
 *
 * The library makes the header of an empty file; a recipient of ours, which adds nothing to the header, hears the file key.
 *
 * @param recipients age recipients that were checked before (recipients.ts)
 */
export async function newFileSecret(recipients: readonly string[]): Promise<FileSecret> {
  const { Encrypter } = await ageLibrary();
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  let fileKey = new Uint8Array();
  encrypter.addRecipient({
    wrapFileKey: (key) => {
      fileKey = Uint8Array.from(key);
      return [];
    },
  });
  const empty = Buffer.from(await encrypter.encrypt(new Uint8Array()));
  const head = Buffer.concat([empty.subarray(0, headerLength(empty) ?? 0), randomBytes(NONCE_BYTES)]);
  return { head, fileKey, streamKey: streamKeyOf(fileKey, head) };
}

/** Bytes of the header without the nonce, or null when it does not end within `start`. */
function headerLength(start: Buffer): number | null {
  if (start.toString('latin1', 0, AGE_MAGIC.length) !== AGE_MAGIC) return null;
  const mac = start.indexOf('\n--- ');
  const end = mac < 0 ? -1 : start.indexOf('\n', mac + 1);
  return end < 0 ? null : end + 1;
}

/**
 * The head at the beginning of a file.
 *
 * @param start the first {@link MAX_HEAD_BYTES} of the file, or all of it
 * @returns header and nonce, or null when there is no whole head
 */
export function headOf(start: Buffer): Buffer | null {
  const length = headerLength(start);
  return length === null || start.length < length + NONCE_BYTES
    ? null
    : start.subarray(0, length + NONCE_BYTES);
}

/** Why a head does not open: nobody gave a key, no given key is one of its recipients', or it is not what it was. */
export type HeadProblem = 'locked' | 'wrong-key' | 'damaged';

/** Opens a head with an identity, or with the file key itself; the header's MAC is checked in both cases. */
export async function openHead(
  head: Buffer,
  keys: ArchiveKeys,
  fileKey?: Uint8Array,
): Promise<Buffer | HeadProblem> {
  if (fileKey === undefined && keys.identities.length === 0) return 'locked';
  const { Decrypter } = await ageLibrary();
  let noneFits = false;
  const decrypter = new Decrypter();
  if (fileKey !== undefined) decrypter.addIdentity({ unwrapFileKey: () => fileKey });
  for (const identity of keys.identities) decrypter.addIdentity(identity);
  // Asked last: when it is, the header could be read and no identity opened it.
  decrypter.addIdentity({
    unwrapFileKey: () => {
      noneFits = true;
      return null;
    },
  });
  try {
    return streamKeyOf(await decrypter.decryptHeader(head.subarray(0, -NONCE_BYTES)), head);
  } catch {
    return noneFits ? 'wrong-key' : 'damaged';
  }
}
