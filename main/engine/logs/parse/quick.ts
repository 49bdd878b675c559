import { LEVEL_CODE } from '../model.ts';
import type { ZoneClock } from './zone.ts';

/**
 * Reads from the bytes of a line what decides where it is stored: puts the time (UTC milliseconds) into `times[at]` and answers
 * the number of the level. {@link NOT_PLAIN} for a line that is any different: the parser decides then.
 */
export type HeadReader = (
  data: Uint8Array,
  start: number,
  stop: number,
  times: Float64Array,
  at: number,
) => number;

/** What a reader says of a line that it does not know. */
export const NOT_PLAIN = -1;

/** `2026-11-22 10:11:12,345 ` */
const STAMP = 24;
const MINUTE = 16;
const SPACE = 32;

/** Levels as they follow a stamp in most logs, by their first letter; others are left to the parser. */
const LEVELS: readonly (readonly [string, number])[] = [
  ['INFO ', LEVEL_CODE.info],
  ['DEBUG ', LEVEL_CODE.debug],
  ['WARN ', LEVEL_CODE.warn],
  ['ERROR ', LEVEL_CODE.error],
  ['TRACE ', LEVEL_CODE.trace],
  ['FATAL ', LEVEL_CODE.fatal],
];
const BY_LETTER = Array.from({ length: 128 }, (_, letter) => {
  const known = LEVELS.find(([word]) => word.charCodeAt(0) === letter);
  return known === undefined ? null : { word: Buffer.from(known[0]), code: known[1] };
});

/** Digits where the shape has `0`; the characters it names elsewhere. */
const SHAPE = Buffer.from('0000-00-00 00:00:00,000 ');

/**
 * Reads `YYYY-MM-DD HH:MM:SS,mmm LEVEL ` (also with `T` and `.`) from the bytes of a line, as the `time-level` parser
 * would from its text, some fifty times as fast.
 */
export function quickTimeLevel(zone: ZoneClock): HeadReader {
  /** The minute read last, and its beginning in UTC: neighbours mostly share it. */
  const known = new Uint8Array(MINUTE);
  let base = Number.NaN;
  return (data, start, stop, times, at) => {
    if (stop - start <= STAMP + 5) return NOT_PLAIN;
    const separator = data[start + 10];
    const point = data[start + 19];
    if (data[start + 23] !== SPACE || data[start + 16] !== 58) return NOT_PLAIN;
    if ((separator !== SPACE && separator !== 84) || (point !== 44 && point !== 46)) return NOT_PLAIN;
    const second = two(data, start + 17);
    const ms = two(data, start + 20) * 10 + digit(data, start + 22);
    // A sum with something that is no digit is below zero.
    if (second < 0 || second > 59 || ms < 0) return NOT_PLAIN;
    for (let i = MINUTE - 1; i >= 0; i -= 1) {
      if (data[start + i] === known[i]) continue;
      const minute = minuteOf(data, start, zone);
      if (minute === null) return NOT_PLAIN;
      base = minute;
      for (let k = 0; k < MINUTE; k += 1) known[k] = data[start + k] ?? 0;
      break;
    }
    const time = base + second * 1000 + ms;
    // Nothing was read before, and the bytes are those that nothing stands for.
    if (Number.isNaN(time)) return NOT_PLAIN;
    times[at] = time;
    return levelAt(data, start + STAMP);
  };
}

function minuteOf(data: Uint8Array, start: number, zone: ZoneClock): number | null {
  for (let i = 0; i < MINUTE; i += 1)
    if (i !== 10 && (SHAPE[i] === 48 ? digit(data, start + i) < 0 : data[start + i] !== SHAPE[i]))
      return null;
  const year = two(data, start) * 100 + two(data, start + 2);
  const month = two(data, start + 5);
  const day = two(data, start + 8);
  const hour = two(data, start + 11);
  const minute = two(data, start + 14);
  // Odd stamps, and those of times when clocks changed at odd seconds, are the parser's.
  if (year < 1980 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59) return null;
  if (day > 28 && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  return zone.toUtc(Date.UTC(year, month - 1, day, hour, minute));
}

function levelAt(data: Uint8Array, at: number): number {
  const level = BY_LETTER[data[at] ?? 0];
  if (level === undefined || level === null) return NOT_PLAIN;
  const { word, code } = level;
  for (let i = 1; i < word.length; i += 1) if (data[at + i] !== word[i]) return NOT_PLAIN;
  return code;
}

/** So far below zero that no other digits make a number of it. */
const NO_DIGIT = -100_000;

function digit(data: Uint8Array, at: number): number {
  const value = (data[at] ?? 0) - 48;
  return value >= 0 && value <= 9 ? value : NO_DIGIT;
}

function two(data: Uint8Array, at: number): number {
  return digit(data, at) * 10 + digit(data, at + 1);
}
