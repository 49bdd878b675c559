import * as crypto from 'node:crypto';
import * as z from 'zod';
import { KEY_BYTES } from './cipher.ts';

/** How a passphrase becomes a key: Argon2id (RFC 9106), with what it was made with. */
export const passphraseCostSchema = z.object({
  /** Base64. */
  salt: z.string(),
  memoryKiB: z.int().min(8).max(4_194_304),
  passes: z.int().min(1).max(100),
  lanes: z.int().min(1).max(255),
});
export type PassphraseCost = z.infer<typeof passphraseCostSchema>;

/** The second recommended option of RFC 9106, section 4: 64 MiB, three passes, four lanes. */
export const USUAL_COST: Omit<PassphraseCost, 'salt'> = { memoryKiB: 65_536, passes: 3, lanes: 4 };

/** A new salt with a cost. */
export function newCost(cost: Omit<PassphraseCost, 'salt'>): PassphraseCost {
  return { ...cost, salt: crypto.randomBytes(16).toString('base64') };
}

/** The runtime's own Argon2, which Node has from 24.7 on and Electron may lack. */
type NativeArgon2 = (
  algorithm: 'argon2id',
  parameters: {
    readonly message: Uint8Array;
    readonly nonce: Uint8Array;
    readonly parallelism: number;
    readonly tagLength: number;
    readonly memory: number;
    readonly passes: number;
  },
  done: (thrown: Error | null, key: Buffer) => void,
) => void;

/** Makes the key of a passphrase. Takes part of a second, on purpose; the engine goes on meanwhile. */
export async function passphraseKey(passphrase: string, cost: PassphraseCost): Promise<Uint8Array> {
  // The same passphrase may be typed with characters composed in another way.
  const message = Buffer.from(passphrase.normalize('NFKC'), 'utf8');
  const salt = Buffer.from(cost.salt, 'base64');
  const native = (crypto as unknown as { readonly argon2?: NativeArgon2 }).argon2;
  if (native !== undefined)
    return new Promise((resolve, reject) =>
      native(
        'argon2id',
        {
          message,
          nonce: salt,
          parallelism: cost.lanes,
          tagLength: KEY_BYTES,
          memory: cost.memoryKiB,
          passes: cost.passes,
        },
        (thrown, key) => (thrown === null ? resolve(key) : reject(thrown)),
      ),
    );
  return portablePassphraseKey(message, salt, cost);
}

/** The same in plain JavaScript. */
export async function portablePassphraseKey(
  message: Uint8Array,
  salt: Uint8Array,
  { memoryKiB, passes, lanes }: PassphraseCost,
): Promise<Uint8Array> {
  const { argon2idAsync } = await import('@noble/hashes/argon2.js');
  return argon2idAsync(message, salt, { t: passes, m: memoryKiB, p: lanes, dkLen: KEY_BYTES });
}
