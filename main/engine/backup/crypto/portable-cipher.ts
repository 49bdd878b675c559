import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { Aead } from './chunk-cipher.ts';

/** The library's cipher, for runtimes whose cryptography has none. */
export const portableAead: Aead = {
  seal: (key, nonce, plain, to) => {
    chacha20poly1305(key, nonce).encrypt(plain, to);
  },
  open: (key, nonce, sealed) => {
    try {
      return chacha20poly1305(key, nonce).decrypt(sealed);
    } catch {
      // The tag is not that of these bytes.
      return null;
    }
  },
};
