import { levelFromName } from '#shared/domain/log-query/level-names.ts';
import { levelFromValue } from './levels.ts';
import { type Mismatch, quoted } from './mismatch.ts';
import type { LineParser, ParsedLine } from './parser.ts';
import { stampValue } from './stamps.ts';
import type { ZoneClock } from './zone.ts';

const TIME_KEYS: ReadonlySet<string> = new Set(['time', 'ts', 'timestamp', 't', '@timestamp', 'datetime']);
const LEVEL_KEYS: ReadonlySet<string> = new Set(['level', 'lvl', 'severity', 'loglevel', 'log_level']);
const MESSAGE_KEYS: ReadonlySet<string> = new Set(['msg', 'message']);
const PAIR = /([^\s="]{1,200})=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?=\s|$)\s*/y;
const MAX_FIELDS = 200;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** Lines of `key=value key="quoted value"` pairs, as many Go programs write them. At least two pairs, nothing else. */
export function logfmtParser(zone: ZoneClock): LineParser {
  return {
    name: 'logfmt',
    parse: (text, nearMs) => parseLogfmt(text, nearMs, zone),
    explain: (text) => explainLogfmt(text),
  };
}

function unquote(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\u([0-9a-fA-F]{4})|\\(.)/gs,
    (_all, hex: string | undefined, char: string | undefined) =>
      hex === undefined ? (ESCAPES[char ?? ''] ?? char ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function parseLogfmt(text: string, nearMs: number, zone: ZoneClock): ParsedLine | null {
  const line = text.trim();
  // A record of auditd has such pairs as well, but its `msg` is no message: `kv` reads it.
  if (!line.includes('=') || line.includes('msg=audit(')) return null;
  let time: number | null = null;
  let level: ParsedLine['level'] = null;
  let message: string | null = null;
  let pairs = 0;
  const fields: Record<string, string> = {};
  PAIR.lastIndex = 0;
  let end = 0;
  for (let match = PAIR.exec(line); match !== null; match = PAIR.exec(line)) {
    end = PAIR.lastIndex;
    const key = match[1] ?? '';
    const value = match[2] === undefined ? (match[3] ?? '') : unquote(match[2]);
    pairs += 1;
    if (time === null && TIME_KEYS.has(key)) {
      time = stampValue(value, { zone, nearMs });
      if (time !== null) continue;
    }
    if (level === null && LEVEL_KEYS.has(key)) {
      level = levelFromName(value) ?? levelFromValue(value);
      if (level !== null) continue;
    }
    if (message === null && MESSAGE_KEYS.has(key)) message = value;
    else if (pairs <= MAX_FIELDS)
      Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
  }
  if (pairs < 2 || end < line.length) return null;
  return { time, level, message: message ?? line, fields };
}

/** The column at which the pairs stop. */
function explainLogfmt(text: string): Mismatch | null {
  const start = text.length - text.trimStart().length;
  const line = text.trim();
  PAIR.lastIndex = 0;
  let end = 0;
  for (let match = PAIR.exec(line); match !== null; match = PAIR.exec(line)) end = PAIR.lastIndex;
  const column = start + end + 1;
  return {
    column,
    why: {
      zh: `第 ${column} 列起应为“名=值”，实际是 ${quoted(text, column)}`,
      en: `from column ${column} on a pair such as key=value was expected, and there is ${quoted(text, column)}`,
    },
  };
}
