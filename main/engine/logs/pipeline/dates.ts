import { MONTH_NAMES } from '#shared/domain/month-names.ts';
import { type ZoneClock, zoneClock } from '../parse/zone.ts';
import { Fault } from './fault.ts';

/** Reads a text as a time; null when it is none. `nearMs` picks the year of texts without one. */
export type DateReader = (text: string, nearMs: number) => number | null;

type Fields = {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  minute?: number;
  second?: number;
  ms?: number;
  half?: 'am' | 'pm';
  epochMs?: number;
  /** Minutes east of UTC. */
  offset?: number;
  zone?: ZoneClock;
};

/** Reads a part at a place; returns where it ends, or -1. */
type PartReader = (text: string, at: number, fields: Fields) => number;

const LONG_MONTHS = MONTH_NAMES.map((name) => name.toLowerCase());
const MONTHS = LONG_MONTHS.map((name) => name.slice(0, 3));
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? ?(Z|[+-]\d{2}:?\d{2})?$/;
const PARTS = /'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+/g;

function digits(
  least: number,
  most: number,
  take: (value: number, text: string, fields: Fields) => void,
): PartReader {
  return (text, at, fields) => {
    let end = at;
    while (end < at + most && /\d/.test(text[end] ?? '')) end += 1;
    if (end - at < least) return -1;
    const part = text.slice(at, end);
    take(Number(part), part, fields);
    return end;
  };
}

function word(take: (word: string, fields: Fields) => boolean): PartReader {
  return (text, at, fields) => {
    const match = /[A-Za-z]+/y;
    match.lastIndex = at;
    const found = match.exec(text)?.[0];
    return found !== undefined && take(found.toLowerCase(), fields) ? at + found.length : -1;
  };
}

const monthName = word((name, fields) => {
  const index = name.length === 3 ? MONTHS.indexOf(name) : LONG_MONTHS.indexOf(name);
  fields.month = index + 1;
  return index >= 0;
});
const halfOfDay = word((name, fields) => {
  fields.half = name === 'pm' ? 'pm' : 'am';
  return name === 'am' || name === 'pm';
});
const weekday = word(() => true);

const offset: PartReader = (text, at, fields) => {
  const match = /Z|UTC|GMT|([+-])(\d{2}):?(\d{2})/y;
  match.lastIndex = at;
  const found = match.exec(text);
  if (found === null) return -1;
  const minutes = Number(found[2] ?? 0) * 60 + Number(found[3] ?? 0);
  fields.offset = found[1] === '-' ? -minutes : minutes;
  return at + found[0].length;
};

const zoneName: PartReader = (text, at, fields) => {
  const match = /[A-Za-z]+(?:[/_+-][A-Za-z0-9_+-]+)*/y;
  match.lastIndex = at;
  const found = match.exec(text)?.[0];
  if (found === undefined) return -1;
  try {
    fields.zone = zoneClock(found);
  } catch {
    // An unknown zone is what makes the text not fit.
    return -1;
  }
  return at + found.length;
};

/** The reader of a letter of Joda's patterns, repeated `width` times; null when it is not one. */
function partReader(letter: string, width: number, next: boolean): PartReader | null {
  // A number that another one follows directly has exactly the letters' width.
  const number = (take: (value: number, fields: Fields) => void, most: number): PartReader =>
    digits(next ? width : 1, next ? width : Math.max(width, most), (value, _text, fields) =>
      take(value, fields),
    );
  switch (letter) {
    case 'y':
    case 'Y':
    case 'u':
      if (width === 2)
        return digits(2, 2, (value, _text, fields) => {
          fields.year = value + (value < 70 ? 2000 : 1900);
        });
      return number((value, fields) => {
        fields.year = value;
      }, 4);
    case 'M':
      if (width >= 3) return monthName;
      return number((value, fields) => {
        fields.month = value;
      }, 2);
    case 'd':
      return number((value, fields) => {
        fields.day = value;
      }, 2);
    case 'H':
    case 'k':
      return number((value, fields) => {
        fields.hour = letter === 'k' && value === 24 ? 0 : value;
      }, 2);
    case 'h':
    case 'K':
      return number((value, fields) => {
        fields.hour = value;
        fields.half ??= 'am';
      }, 2);
    case 'm':
      return number((value, fields) => {
        fields.minute = value;
      }, 2);
    case 's':
      return number((value, fields) => {
        fields.second = value;
      }, 2);
    case 'S':
      return digits(1, 9, (_value, text, fields) => {
        fields.ms = Math.floor(Number(`0.${text}`) * 1000 + 1e-6);
      });
    case 'a':
      return halfOfDay;
    case 'E':
      return weekday;
    case 'Z':
      return width >= 3 ? zoneName : offset;
    case 'z':
      return zoneName;
    default:
      return null;
  }
}

/**
 * Compiles a format of Logstash's date filter: a Joda pattern, `ISO8601`, `UNIX` or `UNIX_MS`.
 *
 * @param zone IANA zone of texts that carry none; must be known
 */
export function dateReader(format: string, zone: string): DateReader {
  const clock = zoneClock(zone);
  if (format === 'ISO8601') return (text) => readIso(text.trim(), clock);
  if (format === 'UNIX') return (text) => readEpoch(text, 1000);
  if (format === 'UNIX_MS') return (text) => readEpoch(text, 1);
  const pieces = [...format.matchAll(PARTS)];
  const readers = pieces.map(([piece, literal, letter], index): PartReader => {
    if (letter === undefined) {
      const text = literal === undefined ? piece : literal === '' ? "'" : literal;
      return (from, at) => (from.startsWith(text, at) ? at + text.length : -1);
    }
    const reader = partReader(letter, piece.length, pieces[index + 1]?.[2] !== undefined);
    if (reader === null)
      throw new Fault({
        zh: `日期格式“${format}”中的 ${piece} 不支持`,
        en: `${piece} of the date format "${format}" is not taken`,
      });
    return reader;
  });
  return (text, nearMs) => {
    const fields: Fields = {};
    const trimmed = text.trim();
    let at = 0;
    for (const reader of readers) {
      at = reader(trimmed, at, fields);
      if (at < 0) return null;
    }
    return at === trimmed.length ? timeOf(fields, clock, nearMs) : null;
  };
}

function readEpoch(text: string, unit: number): number | null {
  if (!/^-?\d{1,16}(?:\.\d{1,9})?$/.test(text.trim())) return null;
  return inRange(Math.floor(Number(text) * unit + 1e-6));
}

function readIso(text: string, zone: ZoneClock): number | null {
  const found = ISO.exec(text);
  if (found === null) return null;
  const fields: Fields = {
    year: Number(found[1]),
    month: Number(found[2]),
    day: Number(found[3]),
    hour: Number(found[4] ?? 0),
    minute: Number(found[5] ?? 0),
    second: Number(found[6] ?? 0),
    ms: found[7] === undefined ? 0 : Math.floor(Number(`0.${found[7]}`) * 1000 + 1e-6),
  };
  if (found[8] !== undefined) offset(found[8], 0, fields);
  return timeOf(fields, zone, 0);
}

function timeOf(fields: Fields, clock: ZoneClock, nearMs: number): number | null {
  const { month = 1, day = 1, minute = 0, second = 0, ms = 0 } = fields;
  let { hour = 0 } = fields;
  if (fields.half !== undefined) {
    if (hour > 12) return null;
    hour = (hour % 12) + (fields.half === 'pm' ? 12 : 0);
  }
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return null;
  const place = (year: number): number | null => {
    if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
    const wall = Date.UTC(year, month - 1, day, hour, minute, second, ms);
    if (fields.offset !== undefined) return wall - fields.offset * 60_000;
    return (fields.zone ?? clock).toUtc(wall);
  };
  if (fields.year !== undefined) return inRange(place(fields.year));
  // Without a year it is the one that brings it closest to when the line was written, and not far ahead of that.
  const year = new Date(nearMs).getUTCFullYear();
  const times = [year - 1, year, year + 1].map(place).filter((time) => time !== null);
  const past = times.filter((time) => time <= nearMs + 2 * 86_400_000);
  return inRange(past.at(-1) ?? times[0] ?? null);
}

/** Times that a date can show. */
function inRange(ms: number | null): number | null {
  return ms === null || !Number.isSafeInteger(ms) || Math.abs(ms) > 8.64e15 ? null : ms;
}
