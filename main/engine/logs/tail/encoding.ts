import { isUtf8 } from 'node:buffer';
import type { LogEncoding } from '#shared/contract/logs-reading.ts';
import { MAX_LINE_BYTES } from '../model.ts';

/** How lines end in a file: one byte, or two as UTF-16 has them. */
export type LineUnit = 'byte' | 'utf-16le' | 'utf-16be';

/** A known encoding. */
export type KnownEncoding = Exclude<LogEncoding, 'auto'>;

/** Fewer bytes say nothing about UTF-16 without a byte order mark. */
const LEAST_BYTES = 8;
/** In ASCII text as UTF-16 every other byte is NUL; in Chinese text with digits and line ends still one in five. */
const NUL_SHARE = 0.15;
/** How many of the characters beyond ASCII must be common Chinese ones for bytes to be taken for GB18030. */
const CHINESE_SHARE = 0.7;
const SAMPLE_BYTES = 4096;

/** Bytes per unit of a file's text. */
export function unitBytes(unit: LineUnit): 1 | 2 {
  return unit === 'byte' ? 1 : 2;
}

/**
 * Says how the lines of a file end, from its first bytes: a byte order mark, else where its NUL bytes stand. NULs at the
 * very beginning are those that a truncation left, and do not count.
 */
export function lineUnitOf(head: Uint8Array, encoding: LogEncoding): LineUnit {
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return encoding;
  if (encoding !== 'auto') return 'byte';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  let start = 0;
  while (start < head.length && head[start] === 0 && head[start + 1] === 0) start += 2;
  const length = Math.min(head.length, SAMPLE_BYTES) - start;
  if (length < LEAST_BYTES) return 'byte';
  let even = 0;
  let odd = 0;
  for (let at = start; at + 1 < start + length; at += 2) {
    if (head[at] === 0) even += 1;
    if (head[at + 1] === 0) odd += 1;
  }
  const units = length / 2;
  // A NUL unit counts for both; real text has next to none.
  if (odd / units >= NUL_SHARE && even / units < NUL_SHARE / 10) return 'utf-16le';
  if (even / units >= NUL_SHARE && odd / units < NUL_SHARE / 10) return 'utf-16be';
  return 'byte';
}

/** A decoder of the runtime, or null where it has none for this encoding. */
function decoderOf(encoding: KnownEncoding, fatal: boolean): TextDecoder | null {
  try {
    return new TextDecoder(encoding, { fatal, ignoreBOM: true });
  } catch {
    // Runtimes without full ICU data say so by throwing; lines then stay as they are, and flagged.
    return null;
  }
}

const strictGb = decoderOf('gb18030', true);

/** The text of bytes that are GB18030 and look like Chinese; null when they are or do not. */
function chineseText(bytes: Uint8Array): string | null {
  if (strictGb === null) return null;
  let text: string;
  try {
    text = strictGb.decode(bytes);
  } catch {
    // The decoder's way to say that the bytes are no GB18030.
    return null;
  }
  let beyond = 0;
  let common = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) continue;
    beyond += 1;
    if (
      (code >= 0x4e00 && code <= 0x9fff) ||
      (code >= 0x3000 && code <= 0x303f) ||
      (code >= 0xff00 && code <= 0xffef) ||
      (code >= 0x2010 && code <= 0x203b)
    )
      common += 1;
  }
  return beyond > 0 && common / beyond >= CHINESE_SHARE ? text : null;
}

/**
 * Turns the bytes of one file's lines into UTF-8. With `auto` each line is decided by itself, because logs of several
 * programs meet in one file: UTF-8 where it is valid, else GB18030 where it gives Chinese, else the bytes stay and the
 * line is flagged. Short Chinese words in GB18030 can be valid UTF-8 by chance; the file's other lines decide those.
 */
export class LineDecoder {
  readonly #encoding: LogEncoding;
  readonly #unit: LineUnit;
  readonly #decoder: TextDecoder | null;
  #gbLines = 0;
  #utf8Lines = 0;

  constructor(encoding: LogEncoding, unit: LineUnit) {
    this.#encoding = encoding;
    this.#unit = unit;
    const fixed = unit === 'byte' ? (encoding === 'gb18030' ? encoding : null) : unit;
    this.#decoder = fixed === null ? null : decoderOf(fixed, false);
  }

  /** What the file is taken for by what was read of it. */
  get encoding(): KnownEncoding {
    if (this.#unit !== 'byte') return this.#unit;
    if (this.#encoding !== 'auto') return this.#encoding === 'gb18030' ? 'gb18030' : 'utf-8';
    return this.#gbLines > this.#utf8Lines ? 'gb18030' : 'utf-8';
  }

  /** Whether lines that are valid UTF-8 may go on as they are. */
  get passesUtf8(): boolean {
    return this.#decoder === null && (this.#encoding === 'utf-8' || this.#gbLines === 0);
  }

  /** Whether the lines of a chunk may go on as they are. */
  passes(chunk: Uint8Array): boolean {
    return this.passesUtf8 && (this.#encoding === 'utf-8' || isUtf8(chunk));
  }

  /** Decodes one line, without its line end. */
  decode(raw: Buffer, atStart: boolean): Buffer {
    if (this.#decoder !== null) return encoded(this.#decoder.decode(raw), atStart);
    if (this.#encoding === 'utf-8') return withoutMark(raw, atStart);
    if (isUtf8(raw)) {
      if (this.#gbLines === 0 || isAscii(raw)) return withoutMark(raw, atStart);
      if (this.#gbLines > 4 * this.#utf8Lines && isShortPairs(raw)) {
        const chinese = chineseText(raw);
        if (chinese !== null) return encoded(chinese, false);
      }
      this.#utf8Lines += 1;
      return withoutMark(raw, atStart);
    }
    const chinese = chineseText(raw);
    if (chinese === null) return raw;
    this.#gbLines += 1;
    return encoded(chinese, false);
  }
}

/** Takes a UTF-8 byte order mark off the first line of a file. */
function withoutMark(raw: Buffer, atStart: boolean): Buffer {
  return atStart && raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf ? raw.subarray(3) : raw;
}

function encoded(text: string, atStart: boolean): Buffer {
  const bytes = Buffer.from(atStart && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, 'utf8');
  if (bytes.length <= MAX_LINE_BYTES) return bytes;
  // UTF-8 takes three bytes where UTF-16 and GB18030 take two; cut between characters.
  let end = MAX_LINE_BYTES;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80) return false;
  return true;
}

/** Whether all that is not ASCII are two-byte sequences, which pairs of GB18030 bytes may be by chance. */
function isShortPairs(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0xe0) return false;
  return true;
}
