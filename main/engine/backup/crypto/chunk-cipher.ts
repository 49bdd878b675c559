import { createCipheriv, createDecipheriv, getCiphers } from 'node:crypto';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';

/** An age payload is cut into chunks of this many bytes (age-encryption.org/v1, "Payload"). */
export const CHUNK_BYTES = 64 << 10;

/** Each chunk is followed by a Poly1305 tag. */
export const TAG_BYTES = 16;

/** Bytes of a chunk in the file. */
export const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES;

/** ChaCha20-Poly1305 (RFC 8439) without additional data. */
export type Aead = {
  /** Puts cipher text and tag into `to`, which has room for `plain.length` + 16 bytes. */
  readonly seal: (key: Uint8Array, nonce: Uint8Array, plain: Uint8Array, to: Uint8Array) => void;
  /** The plain bytes, or null when one bit of key, nonce, cipher text or tag is not what it was. */
  readonly open: (key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array) => Uint8Array | null;
};

const NAME = 'chacha20-poly1305';
const OPTIONS = { authTagLength: TAG_BYTES } as const;

/** The runtime's own cipher: 1.7 GB/s to 2.3 GB/s on one core where the library's reaches 0.2 GB/s. */
export const nativeAead: Aead = {
  seal: (key, nonce, plain, to) => {
    const cipher = createCipheriv(NAME, key, nonce, OPTIONS);
    to.set(cipher.update(plain));
    cipher.final();
    to.set(cipher.getAuthTag(), plain.length);
  },
  open: (key, nonce, sealed) => {
    const cipher = createDecipheriv(NAME, key, nonce, OPTIONS);
    const end = sealed.length - TAG_BYTES;
    cipher.setAuthTag(sealed.subarray(end));
    const plain = cipher.update(sealed.subarray(0, end));
    try {
      cipher.final();
    } catch {
      // The only way in which it fails: the tag is not that of these bytes.
      return null;
    }
    return plain;
  },
};

/** The library's cipher, for runtimes whose cryptography has no stream cipher with tags (Electron's BoringSSL). */
export const portableAead: Aead = {
  seal: (key, nonce, plain, to) => {
    chacha20poly1305(key, nonce).encrypt(plain, to);
  },
  open: (key, nonce, sealed) => {
    try {
      return chacha20poly1305(key, nonce).decrypt(sealed);
    } catch {
      return null;
    }
  },
};

/** A name in the list is no promise, so a chunk is sealed and opened before the runtime's cipher is believed. */
function nativeWorks(): boolean {
  if (!getCiphers().includes(NAME)) return false;
  const [key, nonce, plain] = [new Uint8Array(32), new Uint8Array(12), new Uint8Array(100)];
  const mine = new Uint8Array(plain.length + TAG_BYTES);
  const theirs = new Uint8Array(plain.length + TAG_BYTES);
  try {
    nativeAead.seal(key, nonce, plain, mine);
    portableAead.seal(key, nonce, plain, theirs);
    return Buffer.compare(mine, theirs) === 0 && nativeAead.open(key, nonce, mine) !== null;
  } catch {
    return false;
  }
}

/** The faster cipher that this runtime has. */
export const aead: Aead = nativeWorks() ? nativeAead : portableAead;

/** The nonce of a payload chunk: its number as eleven bytes, big-endian, and 1 when it is the last. */
export function chunkNonce(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}
