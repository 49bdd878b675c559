import { randomBytes, scrypt } from 'node:crypto';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { ageLibrary } from './age-library.ts';
import { aead, TAG_BYTES } from './chunk-cipher.ts';

/** An identity and the recipient that belongs to it. */
export type KeyPair = { readonly identity: string; readonly recipient: string };

/** What age itself uses; 2^18 rounds take half a second and 256 MiB. */
const WORK_FACTOR = 18;

/** More would take over a gigabyte of memory: a file that asks for it is not ours. */
const MAX_WORK_FACTOR = 20;

const LABEL = 'age-encryption.org/v1/scrypt';
const ZERO_NONCE = new Uint8Array(12);

/** The key that wraps the file key. Runs on the thread pool: the engine polls hosts meanwhile. */
function wrapKey(passphrase: string, salt: Uint8Array, workFactor: number): Promise<Buffer> {
  const options = { N: 2 ** workFactor, r: 8, p: 1, maxmem: 2 ** (workFactor + 11) };
  return new Promise((resolve, reject) => {
    scrypt(passphrase, Buffer.concat([Buffer.from(LABEL), salt]), 32, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/**
 * Seals an identity with a passphrase: an armored age file with what `age-keygen` writes inside, which
 * `age -d -i FILE` opens after asking for the passphrase.
 */
export function sealKeyFile(
  pair: KeyPair,
  passphrase: string,
  createdAt: number,
  workFactor: number = WORK_FACTOR,
): Promise<string> {
  const text = `# created: ${new Date(createdAt).toISOString()}\n# public key: ${pair.recipient}\n${pair.identity}\n`;
  return sealWithPassphrase(text, passphrase, workFactor);
}

/** Seals a text with a passphrase, as an armored age file: `age -d FILE` opens it. */
export async function sealWithPassphrase(
  text: string,
  passphrase: string,
  workFactor: number = WORK_FACTOR,
): Promise<string> {
  const { armor, Encrypter, Stanza } = await ageLibrary();
  const encrypter = new Encrypter();
  encrypter.addRecipient({
    wrapFileKey: async (fileKey) => {
      const salt = randomBytes(16);
      const wrapped = Buffer.alloc(fileKey.length + TAG_BYTES);
      aead().seal(await wrapKey(passphrase, salt, workFactor), ZERO_NONCE, fileKey, wrapped);
      return [new Stanza(['scrypt', toBase64(salt), String(workFactor)], wrapped)];
    },
  });
  return armor.encode(await encrypter.encrypt(text));
}

/** True for the text of a key file that a passphrase seals. */
export function isSealed(text: string): boolean {
  return text.trimStart().startsWith('-----BEGIN AGE ENCRYPTED FILE-----');
}

/**
 * Opens a key file with its passphrase.
 *
 * @returns the identities in it, or BACKUP_PASSPHRASE_WRONG, BACKUP_IDENTITY_INVALID
 */
export async function openKeyFile(text: string, passphrase: string): Promise<Result<readonly KeyPair[]>> {
  const inside = await openWithPassphrase(text, passphrase);
  return inside === null ? err(appError('BACKUP_PASSPHRASE_WRONG')) : readIdentities(inside);
}

/** The text of an armored age file that a passphrase seals; null for another passphrase, or a file that is no such. */
export async function openWithPassphrase(text: string, passphrase: string): Promise<string | null> {
  const { armor, Decrypter } = await ageLibrary();
  const decrypter = new Decrypter();
  decrypter.addIdentity({
    unwrapFileKey: async ([stanza, ...others]) => {
      const [kind, salt, factor] = stanza?.args ?? [];
      const isOurs = kind === 'scrypt' && others.length === 0 && /^[1-9]\d?$/.test(factor ?? '');
      if (!isOurs || stanza === undefined || salt === undefined || Number(factor) > MAX_WORK_FACTOR)
        return null;
      const key = await wrapKey(passphrase, Buffer.from(salt, 'base64'), Number(factor));
      return aead().open(key, ZERO_NONCE, stanza.body);
    },
  });
  try {
    return await decrypter.decrypt(armor.decode(text), 'text');
  } catch {
    return null;
  }
}

/**
 * Reads the identities of a text as `age-keygen` writes it: one a line, `#` begins a comment.
 *
 * @returns them with their recipients, or BACKUP_IDENTITY_INVALID; never a part of the text
 */
export async function readIdentities(text: string): Promise<Result<readonly KeyPair[]>> {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const { identityToRecipient } = await ageLibrary();
  const pairs: KeyPair[] = [];
  for (const line of lines) {
    const identity = line.toUpperCase();
    if (!/^AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]{40,80}$/.test(identity))
      return err(appError('BACKUP_IDENTITY_INVALID'));
    try {
      pairs.push({ identity, recipient: await identityToRecipient(identity) });
    } catch {
      // The checksum is wrong: a letter was misread.
      return err(appError('BACKUP_IDENTITY_INVALID'));
    }
  }
  return pairs.length === 0 ? err(appError('BACKUP_IDENTITY_INVALID')) : ok(pairs);
}
