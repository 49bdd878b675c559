import { createHash } from 'node:crypto';

/** What stands for the line before the first of a chain. */
export const NO_PREVIOUS = '0'.repeat(64);

/** The hash by which the next line of a chain names the one before: SHA-256 of its UTF-8, hexadecimal. */
export function hashOfLine(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex');
}

/** A place in a chain that was written down elsewhere: number and hash of a line, and the key that signed it. */
export type Anchor = { readonly n: number; readonly hash: string; readonly fingerprint: string };

/** Which chain an anchor is of; it begins its line, so that one is not taken for the other. */
export type AnchorKind = 'hmtt-anchor' | 'hmtt-audit-anchor';

/** The anchor as one line. */
export function anchorText(kind: AnchorKind, { n, hash, fingerprint }: Anchor): string {
  return `${kind}:1:${n}:${hash}:${fingerprint}`;
}

/** Reads an anchor of a chain; null when it is none. */
export function readAnchor(kind: AnchorKind, text: string): Anchor | null {
  const found = /^([a-z-]+):1:(\d{1,12}):([0-9a-f]{64}):([0-9a-f]{64})$/.exec(text.trim());
  if (found === null || found[1] !== kind) return null;
  return { n: Number(found[2]), hash: found[3] ?? '', fingerprint: found[4] ?? '' };
}
