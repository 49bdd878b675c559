import type { TimeSpan } from '#shared/contract/notify-config.ts';

/** Both ends of a span's member, as they are kept. */
export type Range = TimeSpan['months'][number];

const MINUTES_OF_DAY = 1440;

/** Parts of a list as people write them: commas of both widths, spaces around. */
function parts(text: string): readonly string[] {
  return text
    .split(/[,，、;；]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** `HH:MM` to minutes of the day; `24:00` is the end of it. Null for anything else. */
function minutes(text: string): number | null {
  const match = /^(\d{1,2})[:：](\d{2})$/.exec(text.trim());
  if (!match) return null;
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  const at = hour * 60 + minute;
  return minute < 60 && at <= MINUTES_OF_DAY ? at : null;
}

function clock(at: number): string {
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
}

/**
 * Times of the day as they are typed: `08:00-12:00, 22:00-06:00`. One that passes midnight becomes two, because a
 * stored range lies within one day.
 *
 * @returns null when a part is no range of times
 */
export function parseTimes(text: string): Range[] | null {
  const found: Range[] = [];
  for (const part of parts(text)) {
    const [first = '', last = '', ...rest] = part.split(/[-–—~～至]/);
    const from = minutes(first);
    const to = minutes(last);
    if (rest.length > 0 || from === null || to === null || from === to || from === MINUTES_OF_DAY)
      return null;
    if (from < to) found.push({ from, to });
    else {
      found.push({ from, to: MINUTES_OF_DAY });
      if (to > 0) found.push({ from: 0, to });
    }
  }
  return found;
}

/** Times of the day as they are typed. */
export function formatTimes(times: readonly Range[]): string {
  return times.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(', ');
}

/**
 * Numbers and ranges as they are typed: `1-7, 15`; days counted from the end of the month are negative: `-3--1`.
 *
 * @returns null when a part is no number within the bounds, or a range runs backwards
 */
export function parseNumbers(text: string, least: number, most: number): Range[] | null {
  const found: Range[] = [];
  for (const part of parts(text)) {
    const match = /^(-?\d+)(?:\s*[-–~～至]\s*(-?\d+))?$/.exec(part);
    if (!match) return null;
    const from = Number(match[1]);
    const to = match[2] === undefined ? from : Number(match[2]);
    if (from < least || to > most || from > to || from === 0 || to === 0) return null;
    found.push({ from, to });
  }
  return found;
}

/** Numbers and ranges as they are typed. */
export function formatNumbers(ranges: readonly Range[]): string {
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

/** The days of the week that ranges mean; none means every day. 0 is Sunday. */
export function daysIn(ranges: readonly Range[]): ReadonlySet<number> {
  const days = [0, 1, 2, 3, 4, 5, 6];
  return new Set(days.filter((day) => ranges.some(({ from, to }) => day >= from && day <= to)));
}

/** Days of the week as the fewest ranges. */
export function dayRanges(days: ReadonlySet<number>): Range[] {
  const found: Range[] = [];
  for (let day = 0; day < 7; day += 1) {
    if (!days.has(day)) continue;
    const last = found.at(-1);
    if (last !== undefined && last.to === day - 1) last.to = day;
    else found.push({ from: day, to: day });
  }
  return found;
}
