import { freeNow } from '../../platform/large-buffers.ts';

/** The text of a block that was just stored, each line followed by LF. */
export type FreshText = { readonly block: number; readonly text: Uint8Array<ArrayBuffer> };

/** Bytes that are kept at most; the index is made from the day file of what came before. */
const MOST_BYTES = 32 * 1024 * 1024;

type Kept = FreshText & { readonly day: string };

/**
 * The texts of blocks that were stored lately, for the thread that makes the index: it need not read and decompress them again.
 * What is not here is read from the day file.
 */
export class FreshTexts {
  /** By day and block, the oldest first. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  /** Keeps the texts of blocks that are stored for good. */
  keep(day: string, texts: readonly FreshText[]): void {
    for (const text of texts) {
      this.#kept.set(keyOf(day, text.block), { ...text, day });
      this.#bytes += text.text.length;
    }
    for (const [key, kept] of this.#kept) {
      if (this.#bytes <= MOST_BYTES) break;
      this.#remove(key, kept);
      freeNow(kept.text);
    }
  }

  /** Hands out what is kept of the blocks from `first` to `last`; it is not kept any longer. */
  take(day: string, first: number, last: number): readonly FreshText[] {
    const taken: FreshText[] = [];
    for (let block = first; block <= last; block += 1) {
      const key = keyOf(day, block);
      const kept = this.#kept.get(key);
      if (kept === undefined) continue;
      this.#remove(key, kept);
      taken.push({ block, text: kept.text });
    }
    return taken;
  }

  /** Keeps nothing of a day any longer, whose file is given up: another may number its blocks alike. */
  forget(day: string): void {
    for (const [key, kept] of [...this.#kept]) if (kept.day === day) this.#remove(key, kept);
  }

  #remove(key: string, { text }: Kept): void {
    this.#kept.delete(key);
    this.#bytes -= text.length;
  }
}

function keyOf(day: string, block: number): string {
  return `${day} ${block}`;
}
