import type { LogLevel } from '#shared/contract/logs.ts';
import { LEVEL_BY_NAME, levelFromName } from '#shared/domain/log-query/level-names.ts';

/** Spellings that may stand anywhere near a line's start: letters such as `E` are too common as words. */
const NAMES = [...LEVEL_BY_NAME.keys()].filter((name) => name.length > 1 || name.charCodeAt(0) > 127);
const SHOUTED = NAMES.filter((name) => name.charCodeAt(0) < 128).map((name) => name.toUpperCase());
const CHINESE = NAMES.filter((name) => name.charCodeAt(0) > 127);

/**
 * The level of a JSON value: a name, a number of the pino/bunyan scale (10…60), or of syslog's severities (0…7).
 */
export function levelFromValue(value: unknown): LogLevel | null {
  if (typeof value === 'string') {
    const named = levelFromName(value.trim());
    if (named !== null || !/^\d{1,2}$/.test(value)) return named;
    return levelFromValue(Number(value));
  }
  if (typeof value !== 'number') return null;
  if (value >= 60) return 'fatal';
  if (value >= 50) return 'error';
  if (value >= 40) return 'warn';
  if (value >= 30) return 'info';
  if (value >= 20) return 'debug';
  if (value >= 10) return 'trace';
  return levelFromSeverity(value);
}

/** The level of a syslog severity, RFC 5424 table 2. */
export function levelFromSeverity(severity: number): LogLevel | null {
  if (severity < 0 || severity > 7) return null;
  if (severity <= 2) return 'fatal';
  if (severity === 3) return 'error';
  if (severity === 4) return 'warn';
  return severity === 7 ? 'debug' : 'info';
}

/** Where a level's word stands in a text. */
export type FoundLevel = { readonly level: LogLevel; readonly start: number; readonly end: number };

// A level's word is believed when it is shouted (`ERROR`), or bracketed in any case (`[error]`, `<warn>`), or Chinese.
const LEVEL_WORD = new RegExp(
  `\\[\\s*([A-Za-z]{1,13}[0-5]?|${CHINESE.join('|')})\\s*\\]|<([A-Za-z]{1,13})>|(?<![\\w.$/-])(${SHOUTED.join('|')}|${CHINESE.join('|')})(?![\\w.$/])`,
  'g',
);
const LOOK_AT = 160;

/** Finds the first believable level word near the start of a text. */
export function findLevel(text: string): FoundLevel | null {
  const head = text.length > LOOK_AT ? text.slice(0, LOOK_AT) : text;
  LEVEL_WORD.lastIndex = 0;
  for (let match = LEVEL_WORD.exec(head); match !== null; match = LEVEL_WORD.exec(head)) {
    const level = levelFromName(match[1] ?? match[2] ?? match[3] ?? '');
    if (level !== null) return { level, start: match.index, end: match.index + match[0].length };
  }
  return null;
}

const LEADING = /^\W{0,3}([A-Za-z]{3,13})(?=[:\]>|]|\s+[-|:]|\s*$)/;

/** The level of a line that begins with one (`error: …`, `WARN …`, `[Info] …`); null when it does not. */
export function leadingLevel(text: string): LogLevel | null {
  const match = LEADING.exec(text.length > 40 ? text.slice(0, 40) : text);
  const named = match ? levelFromName(match[1] ?? '') : null;
  if (named !== null) return named;
  const found = findLevel(text.length > 40 ? text.slice(0, 40) : text);
  return found !== null && found.start <= 3 ? found.level : null;
}
