import type { WorkEvent } from './event.ts';
import { fieldName } from './reader.ts';

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string; readonly written: string }
  | { readonly kind: 'date'; readonly format: (utcMs: number) => string }
  | { readonly kind: 'seconds' };

/** A text with `%{field}` and `%{+YYYY.MM.dd}` in it, ready to be filled in. */
export type Template = (event: WorkEvent) => string;

const LETTERS = /'[^']*'|([A-Za-z])\1*|[^A-Za-z']+/g;
const LONGEST = 262_144;

const two = (value: number): string => String(value).padStart(2, '0');
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** ISO week and its year: weeks begin on Monday, the first holds the first Thursday. */
function isoWeek(date: Date): { readonly year: number; readonly week: number } {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 86_400_000);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 / 7) + 1;
  return { year, week };
}

/** What letters of Joda's date patterns write; Logstash's dates are in UTC. */
const WRITERS: Readonly<Record<string, (date: Date, width: number) => string>> = {
  y: (date, width) => (width === 2 ? two(date.getUTCFullYear() % 100) : String(date.getUTCFullYear())),
  Y: (date, width) => (width === 2 ? two(date.getUTCFullYear() % 100) : String(date.getUTCFullYear())),
  x: (date) => String(isoWeek(date).year),
  w: (date, width) => String(isoWeek(date).week).padStart(width, '0'),
  M: (date, width) =>
    width >= 3 ? (MONTHS[date.getUTCMonth()] ?? '') : String(date.getUTCMonth() + 1).padStart(width, '0'),
  d: (date, width) => String(date.getUTCDate()).padStart(width, '0'),
  D: (date, width) =>
    String(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1).padStart(
      width,
      '0',
    ),
  E: (date) => WEEKDAYS[date.getUTCDay()] ?? '',
  H: (date, width) => String(date.getUTCHours()).padStart(width, '0'),
  m: (date, width) => String(date.getUTCMinutes()).padStart(width, '0'),
  s: (date, width) => String(date.getUTCSeconds()).padStart(width, '0'),
  S: (date, width) => String(date.getUTCMilliseconds()).padStart(3, '0').slice(0, width),
  Z: (_date, width) => (width > 1 ? '+00:00' : '+0000'),
};

/** Compiles a Joda date pattern for writing in UTC; null when it has a letter that is not known. */
export function dateWriter(pattern: string): ((utcMs: number) => string) | null {
  const parts: ((date: Date) => string)[] = [];
  for (const [part, letter] of pattern.matchAll(LETTERS)) {
    if (letter === undefined) {
      const text = part.startsWith("'") ? part.slice(1, -1) || "'" : part;
      parts.push(() => text);
      continue;
    }
    const write = WRITERS[letter];
    if (write === undefined) return null;
    parts.push((date) => write(date, part.length));
  }
  return (utcMs) => {
    const date = new Date(utcMs);
    return Number.isNaN(date.getTime()) ? '' : parts.map((write) => write(date)).join('');
  };
}

/** The date patterns `%{+…}` of a text that cannot be used. */
export function badDates(text: string): readonly string[] {
  return [...text.matchAll(/%\{\+([^}]*)\}/g)]
    .map((match) => match[1] ?? '')
    .filter((pattern) => pattern !== '%s' && dateWriter(pattern) === null);
}

/** Compiles a text with references. A field that an event lacks leaves its reference standing, as in Logstash. */
export function compileTemplate(text: string): Template {
  const parts: Part[] = [];
  let at = 0;
  for (const match of text.matchAll(/%\{([^}]+)\}/g)) {
    if (match.index > at) parts.push({ kind: 'text', text: text.slice(at, match.index) });
    at = match.index + match[0].length;
    const inside = match[1] ?? '';
    if (inside === '+%s') parts.push({ kind: 'seconds' });
    else if (inside.startsWith('+')) {
      const format = dateWriter(inside.slice(1));
      parts.push(format === null ? { kind: 'text', text: match[0] } : { kind: 'date', format });
    } else parts.push({ kind: 'field', name: fieldName(inside), written: match[0] });
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  const first = parts[0];
  if (parts.length === 0) return () => '';
  if (parts.length === 1 && first?.kind === 'text') return () => first.text;
  return (event) => {
    let out = '';
    for (const part of parts) {
      if (part.kind === 'text') out += part.text;
      else if (part.kind === 'date') out += part.format(event.time);
      else if (part.kind === 'seconds') out += String(Math.floor(event.time / 1000));
      else out += event.textOf(part.name) ?? part.written;
      if (out.length > LONGEST) return out.slice(0, LONGEST);
    }
    return out;
  };
}
