import { isUtf8 } from 'node:buffer';
import { METRIC_NAME } from '#shared/domain/labels.ts';
import type { Bilingual } from '#shared/errors/index.ts';

/** What a parser stands on after a call of `next`. Numbers, because they are compared once a line. */
export const ENTRY = { error: -1, end: 0, series: 1, type: 2, help: 3, unit: 4, comment: 5 } as const;
export type Entry = (typeof ENTRY)[keyof typeof ENTRY];

/**
 * Reads an exposition entry by entry. The fields describe the present entry; no object is made for a sample.
 */
export interface ExpositionParser {
  /** Where the next entry begins. */
  pos: number;
  /** Reads the next entry. After an error, `error` says what is wrong at `pos`. */
  next(): Entry;
  /** Reads what follows a series part that is known to end at `end`: the value and all the rest of the line. */
  sampleAfter(end: number): Entry;
  /** The series part of the present sample is `body[seriesStart, seriesEnd)`. */
  seriesStart: number;
  seriesEnd: number;
  value: number;
  /** Whether the sample has a time stamp of its own, and that, in milliseconds. */
  hasTime: boolean;
  time: number;
  /**
   * The labels of the present sample, empty values included, or null with `error` set. A name that occurs twice is an
   * error too, unless `twice`: in a scrape it is only wrong when the sample is stored.
   */
  pairs(twice?: boolean): readonly (readonly [string, string])[] | null;
  /** Sets `error`: the present sample has a label twice. */
  refuseTwice(): void;
  /** Name and text of the present type, help or unit entry. */
  metaName: string;
  metaText: string;
  error: Bilingual;
}

/** Labels of one sample; Prometheus has no bound, but what has more is no exposition. */
export const MOST_LABELS = 8_192;

/** Bytes of a name or a value that are looked through for their end; longer ones are refused, whatever follows. */
export const LONGEST_TEXT = 512 * 1024;

/** Bytes of a help text that are taken up. */
const MOST_HELP = 4_096;

/** A help text, cut to what is taken up of it; it was checked to be UTF-8. */
export function helpOf(body: Uint8Array, from: number, to: number): string {
  let end = Math.min(to, from + MOST_HELP);
  // No character is cut in two.
  while (end < to && ((body[end] ?? 0) & 0xc0) === 0x80) end--;
  return textOf(body, from, end);
}

/** 1-based line of a position. */
export function lineOf(body: Uint8Array, position: number): number {
  let line = 1;
  for (let i = 0; i < position && i < body.length; i++) if (body[i] === 0x0a) line++;
  return line;
}

const CLASS_LETTER = 1;
const CLASS_DIGIT = 2;
const CLASS_COLON = 4;
const CLASSES = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  const char = String.fromCharCode(c);
  if (/[a-zA-Z_]/.test(char)) CLASSES[c] = CLASS_LETTER;
  else if (/[0-9]/.test(char)) CLASSES[c] = CLASS_DIGIT;
  else if (char === ':') CLASSES[c] = CLASS_COLON;
}

/** The end of the metric name that begins at `from`, or `from` when none does, or one without an end. */
export function metricNameEnd(body: Uint8Array, from: number): number {
  if (((CLASSES[body[from] ?? 0] ?? 0) & (CLASS_LETTER | CLASS_COLON)) === 0) return from;
  const most = from + LONGEST_TEXT;
  let at = from + 1;
  while (at < most && (CLASSES[body[at] ?? 0] ?? 0) !== 0) at++;
  return at < most ? at : from;
}

/** The end of the label name that begins at `from`, or `from` when none does, or one without an end. */
export function labelNameEnd(body: Uint8Array, from: number): number {
  if (((CLASSES[body[from] ?? 0] ?? 0) & CLASS_LETTER) === 0) return from;
  const most = from + LONGEST_TEXT;
  let at = from + 1;
  while (at < most && ((CLASSES[body[at] ?? 0] ?? 0) & (CLASS_LETTER | CLASS_DIGIT)) !== 0) at++;
  return at < most ? at : from;
}

/** The bytes as text; they were checked to be UTF-8, or are ASCII. */
export function textOf(body: Uint8Array, from: number, to: number): string {
  return Buffer.from(body.buffer, body.byteOffset + from, to - from).toString('utf8');
}

/** Whether the bytes are valid UTF-8. */
export function validUtf8(body: Uint8Array, from: number, to: number): boolean {
  if (to - from > 256) return isUtf8(body.subarray(from, to));
  for (let i = from; i < to; i++) if ((body[i] ?? 0) >= 0x80) return isUtf8(body.subarray(from, to));
  return true;
}

/** Resolves the three escapes of label values; any other backslash stays as it is. */
export function unescapeValue(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(["\\n])/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

/** Resolves the escapes of help texts: a quote has none there. */
export function unescapeHelp(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([\\n])/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

/** Puts a sample's labels together from the offsets that a parser noted: name start, name end, value start, value end. */
export function pairsAt(
  body: Uint8Array,
  nameStart: number,
  nameEnd: number,
  offsets: readonly number[],
): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [[METRIC_NAME, textOf(body, nameStart, nameEnd)]];
  for (let i = 0; i < offsets.length; i += 4) {
    const name = textOf(body, offsets[i] ?? 0, offsets[i + 1] ?? 0);
    pairs.push([name, unescapeValue(textOf(body, offsets[i + 2] ?? 0, offsets[i + 3] ?? 0))]);
  }
  return pairs;
}

/** Whether a name occurs twice. */
export function hasTwice(pairs: readonly (readonly [string, string])[]): boolean {
  return new Set(pairs.map(([name]) => name)).size < pairs.length;
}
