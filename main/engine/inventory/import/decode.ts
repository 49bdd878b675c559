import type { InventoryImport } from '#shared/contract/inventory.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';

/** Encodings that spreadsheet programs write. */
export type Encoding = InventoryImport['encoding'];

function decode(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function byteOrderMark(bytes: Uint8Array): Encoding | null {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return a === 0xef && b === 0xbb && c === 0xbf ? 'utf-8' : null;
}

/**
 * Reads a text whose encoding nobody names: by its byte order mark, else UTF-8 when it is sound UTF-8, else GB18030, which
 * Chinese spreadsheet programs write. Text in GB18030 is practically never sound UTF-8.
 */
export function decodeText(
  file: string,
  bytes: Uint8Array,
): Result<{ readonly text: string; readonly encoding: Encoding }> {
  const marked = byteOrderMark(bytes);
  for (const encoding of marked === null ? (['utf-8', 'gb18030'] as const) : [marked]) {
    const text = decode(bytes, encoding);
    // No text has a zero character; a picture or an archive has.
    if (text !== null && !text.includes('\0')) return ok({ text, encoding });
  }
  return err(appError('INVENTORY_FILE_ENCODING', { file }));
}
