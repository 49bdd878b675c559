import type { ZoneClock } from './zone.ts';

/** A time stamp found in a text: its value and where it ends. */
export type FoundStamp = { readonly time: number; readonly end: number };

/** What is needed to read a stamp that does not say everything. */
export type StampContext = {
  readonly zone: ZoneClock;
  /** About when the line was written (arrival, or the file's last change): picks the year of stamps without one. */
  readonly nearMs: number;
};

const ISO =
  /(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T_]| {1,2})(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,:](\d{1,9}))?)?( ?(?:Z|UTC|[+-]\d{2}:?\d{2})(?![\w:]))?/y;
const COMPACT =
  /(\d{4})(\d{2})(\d{2})[T -](\d{2}):?(\d{2}):?(\d{2})(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?(?!\d)/y;
const SYSLOG =
  /(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?/y;
const APACHE =
  /(\d{1,2})[/-](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|[一二三四五六七八九十]{1,2}月)[/-](\d{4})[: ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?( [+-]\d{4})?/y;
const CTIME =
  /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))? (\d{4})/y;
const CHINESE =
  /(\d{4})年(\d{1,2})月(\d{1,2})日 ?(\d{1,2})[:时](\d{1,2})[:分](\d{1,2})(?:[.,](\d{1,9}))?秒?/y;
/** Java's own logging, with English or Chinese names: `Nov 23, 2026 9:12:03 AM`, `十一月 23, 2026 9:12:03 上午`, `2026年11月23日 上午9:12:03`. */
const JAVA =
  /(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|(?:[一二三四五六七八九十]{1,2}|\d{1,2})月) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?[ \u202F](AM|PM|上午|下午)/y;
const JAVA_CHINESE = /(\d{4})年(\d{1,2})月(\d{1,2})日 (上午|下午)(\d{1,2}):(\d{2}):(\d{2})/y;
const EPOCH = /(\d{10})(?:[.,]?(\d{3,9}))?(?![\d.,]*\d)/y;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const CHINESE_MONTHS = '一 二 三 四 五 六 七 八 九 十 十一 十二'.split(' ');

/** 1…12, of `Nov`, `十一月` or `11月`; 0 when it is none of them. */
function monthOf(name: string): number {
  if (!name.endsWith('月')) return MONTHS.indexOf(name) + 1;
  const short = name.slice(0, -1);
  return CHINESE_MONTHS.indexOf(short) + 1 || Number(short) || 0;
}

function fraction(digits: string | undefined): number {
  return digits === undefined ? 0 : Math.floor(Number(`0.${digits}`) * 1000 + 1e-6);
}

function offsetMs(text: string): number {
  const trimmed = text.trim();
  if (trimmed === 'Z' || trimmed === 'UTC') return 0;
  const sign = trimmed.startsWith('-') ? -1 : 1;
  return sign * (Number(trimmed.slice(1, 3)) * 60 + Number(trimmed.slice(-2))) * 60_000;
}

/** The wall-clock reading as if it were UTC, or null when it is none (month 13, 31 February, 25 o'clock). */
function wall(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
): number | null {
  if (month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second > 60) return null;
  // 28 days fit every month; only later days need a look at the calendar.
  if (day > 28 && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

function placed(wallMs: number | null, offset: string | undefined, zone: ZoneClock): number | null {
  if (wallMs === null) return null;
  return offset === undefined ? zone.toUtc(wallMs) : wallMs - offsetMs(offset);
}

/** A reading without a year gets the year that brings it nearest, but never more than a day ahead. */
function withoutYear(make: (year: number) => number | null, nearMs: number): number | null {
  const year = new Date(nearMs).getUTCFullYear();
  for (const candidate of [year + 1, year, year - 1]) {
    const time = make(candidate);
    if (time !== null && time <= nearMs + 86_400_000) return time;
  }
  return null;
}

function at(pattern: RegExp, text: string, start: number): RegExpExecArray | null {
  pattern.lastIndex = start;
  return pattern.exec(text);
}

function numbers(match: RegExpExecArray, ...groups: readonly number[]): readonly number[] {
  return groups.map((group) => Number(match[group] ?? 0));
}

/** Reads a stamp that starts exactly at `start`; null when there is none. */
export function stampAt(text: string, start: number, context: StampContext): FoundStamp | null {
  const first = text.charCodeAt(start);
  const isDigit = first >= 48 && first <= 57;
  const found = isDigit ? numeric(text, start, context) : worded(text, start, context);
  return found;
}

function numeric(text: string, start: number, context: StampContext): FoundStamp | null {
  let match = at(ISO, text, start);
  if (match) {
    const time = placed(
      wall(
        Number(match[1]),
        Number(match[3]),
        Number(match[4]),
        Number(match[5]),
        Number(match[6]),
        Number(match[7] ?? 0),
        fraction(match[8]),
      ),
      match[9],
      context.zone,
    );
    return time === null ? null : { time, end: ISO.lastIndex };
  }
  match = at(APACHE, text, start);
  if (match) {
    const [day = 0, year = 0, hour = 0, minute = 0, second = 0] = numbers(match, 1, 3, 4, 5, 6);
    const month = monthOf(match[2] ?? '');
    const time = placed(
      wall(year, month, day, hour, minute, second, fraction(match[7])),
      match[8],
      context.zone,
    );
    return time === null ? null : { time, end: APACHE.lastIndex };
  }
  match = at(COMPACT, text, start) ?? at(CHINESE, text, start);
  if (match) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbers(match, 1, 2, 3, 4, 5, 6);
    const time = placed(
      wall(year, month, day, hour, minute, second, fraction(match[7])),
      match[8],
      context.zone,
    );
    return time === null ? null : { time, end: start + match[0].length };
  }
  const java = javaStamp(text, start, context);
  if (java !== null) return java;
  match = at(EPOCH, text, start);
  if (match) return { time: Number(match[1]) * 1000 + fraction(match[2]), end: EPOCH.lastIndex };
  return null;
}

function worded(text: string, start: number, context: StampContext): FoundStamp | null {
  let match = at(SYSLOG, text, start);
  if (match) {
    const month = MONTHS.indexOf(match[1] ?? '') + 1;
    const [day = 0, hour = 0, minute = 0, second = 0] = numbers(match, 2, 4, 5, 6);
    const ms = fraction(match[7]);
    const make = (year: number): number | null =>
      placed(wall(year, month, day, hour, minute, second, ms), undefined, context.zone);
    const time = match[3] === undefined ? withoutYear(make, context.nearMs) : make(Number(match[3]));
    return time === null ? null : { time, end: SYSLOG.lastIndex };
  }
  match = at(CTIME, text, start);
  if (match) {
    const month = MONTHS.indexOf(match[1] ?? '') + 1;
    const [day = 0, hour = 0, minute = 0, second = 0, year = 0] = numbers(match, 2, 3, 4, 5, 7);
    const time = placed(
      wall(year, month, day, hour, minute, second, fraction(match[6])),
      undefined,
      context.zone,
    );
    return time === null ? null : { time, end: CTIME.lastIndex };
  }
  return javaStamp(text, start, context);
}

function javaStamp(text: string, start: number, { zone }: StampContext): FoundStamp | null {
  const match = at(JAVA, text, start);
  const chinese = match === null ? at(JAVA_CHINESE, text, start) : null;
  const found = match ?? chinese;
  if (found === null) return null;
  const [day = 0, year = 0, hour = 0, minute = 0, second = 0] =
    match === null ? numbers(found, 3, 1, 5, 6, 7) : numbers(found, 2, 3, 4, 5, 6);
  const month = match === null ? Number(found[2]) : monthOf(found[1] ?? '');
  const half = found[match === null ? 4 : 8];
  const isAfternoon = half === 'PM' || half === '下午';
  if (hour > 12) return null;
  const ms = match === null ? 0 : fraction(found[7]);
  const time = placed(
    wall(year, month, day, (hour % 12) + (isAfternoon ? 12 : 0), minute, second, ms),
    undefined,
    zone,
  );
  return time === null ? null : { time, end: start + found[0].length };
}

/**
 * Reads a value that is a time stamp as a whole: any of the shapes above, or a number of seconds, milliseconds,
 * microseconds or nanoseconds since 1970 (told apart by size). Null when it is none.
 */
export function stampValue(value: unknown, context: StampContext): number | null {
  if (typeof value === 'number') return epochValue(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return epochValue(Number(text));
  const found = stampAt(text, 0, context);
  return found !== null && found.end === text.length ? found.time : null;
}

function epochValue(value: number): number | null {
  // Below 1973 as seconds it is a counter, not a time; above the year 2603 in nanoseconds it is noise.
  if (!Number.isFinite(value) || value < 1e8 || value >= 2e19) return null;
  if (value < 1e11) return Math.floor(value * 1000);
  if (value < 1e14) return Math.floor(value);
  if (value < 1e17) return Math.floor(value / 1e3);
  return Math.floor(value / 1e6);
}
