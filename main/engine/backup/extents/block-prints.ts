import { type CipherGCM, createCipheriv } from 'node:crypto';

/** Files from this size on are stored in pieces when a part of them changed. */
export const EXTENTS_FROM = 4 << 20;

/** Bytes of a block. */
export const BLOCK_BYTES = 1 << 20;

/** Bytes of a block's fingerprint. */
export const PRINT_BYTES = 16;

const CIPHER = 'aes-256-gcm';
/** Always the same: nothing is encrypted, the fingerprints are compared with each other and never leave this machine. */
const NONCE = Buffer.alloc(12);

/**
 * Fingerprints of a content in blocks of {@link BLOCK_BYTES}; the last may be shorter. A fingerprint is the block's GMAC
 * (NIST SP 800-38D) under a key that only the console's index knows: two different blocks have the same one with
 * odds of 2⁻¹¹², and who writes a file cannot aim at it. It costs a sixth of SHA-256 (docs/adr/014).
 */
export class BlockPrints {
  readonly #key: Buffer;
  readonly #prints: Buffer[] = [];
  #open: CipherGCM | null = null;
  #filled = 0;

  /** @param key 32 bytes */
  constructor(key: Buffer) {
    this.#key = key;
  }

  /** Goes on with the next bytes of the content. */
  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      this.#open ??= createCipheriv(CIPHER, this.#key, NONCE);
      const taken = Math.min(BLOCK_BYTES - this.#filled, bytes.length - at);
      this.#open.setAAD(bytes.subarray(at, at + taken));
      this.#filled += taken;
      at += taken;
      if (this.#filled === BLOCK_BYTES) this.#close();
    }
  }

  #close(): void {
    if (this.#open === null) return;
    this.#open.final();
    this.#prints.push(this.#open.getAuthTag());
    this.#open = null;
    this.#filled = 0;
  }

  /** Ends the content. @returns {@link PRINT_BYTES} for each block */
  end(): Buffer {
    this.#close();
    return Buffer.concat(this.#prints);
  }
}

/** The fingerprint of one block. */
export function printOf(key: Buffer, block: Uint8Array): Buffer {
  const prints = new BlockPrints(key);
  prints.update(block);
  return prints.end();
}
