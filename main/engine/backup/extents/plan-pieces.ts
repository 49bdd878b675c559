import { BLOCK_BYTES, PRINT_BYTES } from './block-prints.ts';
import type { KnownContent } from './known-content.ts';

/** Bytes from `from` up to `to` of the content of now that the chain does not hold. Begins at a block. */
export type Piece = { readonly from: number; readonly to: number };

/** More changed places are stored as one, up to the last of them. */
const MAX_PIECES = 1_000;

/** A content that already lies in more places is stored whole again. */
const MAX_KNOWN_EXTENTS = 1_500;

/** A file of which more than this part changed is stored whole. */
const MOST = 0.75;

/**
 * Decides which pieces of a large file are stored. Pure.
 *
 * @param known what the chain holds at the path
 * @param prints fingerprints of the content of now, under the key of `known`
 * @param size of the content of now
 * @returns the pieces in order, none when the content is the same; null when the file is better stored whole
 */
export function planPieces(known: KnownContent, prints: Buffer, size: number): readonly Piece[] | null {
  if (known.layout.length > MAX_KNOWN_EXTENTS) return null;
  const pieces: { from: number; to: number }[] = [];
  let changed = 0;
  for (let block = 0; block * BLOCK_BYTES < size; block += 1) {
    const from = block * BLOCK_BYTES;
    const to = Math.min(from + BLOCK_BYTES, size);
    if (isSame(known, prints, block, to)) continue;
    const last = pieces.at(-1);
    if (last !== undefined && (last.to === from || pieces.length === MAX_PIECES)) {
      changed += to - last.to;
      last.to = to;
    } else {
      changed += to - from;
      pieces.push({ from, to });
    }
  }
  return changed > size * MOST ? null : pieces;
}

function isSame(known: KnownContent, prints: Buffer, block: number, to: number): boolean {
  const knownTo = Math.min((block + 1) * BLOCK_BYTES, known.size);
  const at = block * PRINT_BYTES;
  return knownTo === to && prints.compare(known.prints, at, at + PRINT_BYTES, at, at + PRINT_BYTES) === 0;
}
