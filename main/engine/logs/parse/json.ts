import { parseExactJson } from './exact-json.ts';
import { findLevel, levelFromValue } from './levels.ts';
import { type Mismatch, quoted } from './mismatch.ts';
import type { LineParser, ParsedLine } from './parser.ts';
import { stampValue } from './stamps.ts';
import type { ZoneClock } from './zone.ts';

// The common names first, then those of log4j 2, journald, Serilog and other .NET.
const TIME_KEYS = (
  'time ts timestamp @timestamp t datetime date eventTime asctime ' +
  'timeMillis __REALTIME_TIMESTAMP @t Timestamp Time EventTime'
).split(' ');
const LEVEL_KEYS = (
  'level lvl severity loglevel log_level log.level levelname severity_text priority ' +
  'PRIORITY @l Level LogLevel Severity'
).split(' ');
const MESSAGE_KEYS = (
  'message msg log text body event short_message ' + 'MESSAGE @m RenderedMessage Message @mt MessageTemplate'
).split(' ');
const MAX_DEPTH = 5;
const MAX_FIELDS = 200;

/** Lines that are one JSON object each. Nested objects become dotted names; arrays stay JSON. */
export function jsonParser(zone: ZoneClock): LineParser {
  return {
    name: 'json',
    parse: (text, nearMs) => parseJson(text, nearMs, zone),
    explain: explainJson,
  };
}

function parseJson(text: string, nearMs: number, zone: ZoneClock): ParsedLine | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return null;
  let value: unknown;
  try {
    value = parseExactJson(trimmed);
  } catch {
    // JSON.parse has no other way to say "not JSON"; the caller keeps the line as unmatched.
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const object = value as Readonly<Record<string, unknown>>;
  const used = new Set<string>();
  const pick = <T>(keys: readonly string[], read: (value: unknown) => T | null): T | null => {
    for (const key of keys) {
      if (!Object.hasOwn(object, key)) continue;
      const result = read(object[key]);
      if (result === null) continue;
      used.add(key);
      return result;
    }
    return null;
  };
  const time = pick(TIME_KEYS, (found) => stampValue(found, { zone, nearMs }));
  const level = pick(LEVEL_KEYS, levelFromValue) ?? nestedLevel(object);
  const message = pick(MESSAGE_KEYS, (found) => (typeof found === 'string' ? found : null));
  const fields: Record<string, string> = {};
  flatten(object, '', 0, fields, { left: MAX_FIELDS }, used);
  // Docker keeps what a program wrote, with its line end and its own level, under `log`.
  const isDocker = used.has('log') && Object.hasOwn(object, 'stream');
  const written = isDocker ? message?.replace(/\r?\n$/, '') : message;
  return {
    time,
    level: level ?? (isDocker ? (findLevel(written ?? '')?.level ?? null) : null),
    message: written ?? trimmed,
    fields,
  };
}

/** `{"log":{"level":"error"}}`, as the Elastic Common Schema has it. */
function nestedLevel(object: Readonly<Record<string, unknown>>): ParsedLine['level'] {
  const log = object.log;
  if (typeof log !== 'object' || log === null) return null;
  return levelFromValue((log as Readonly<Record<string, unknown>>).level);
}

function flatten(
  object: Readonly<Record<string, unknown>>,
  prefix: string,
  depth: number,
  into: Record<string, string>,
  budget: { left: number },
  skip: ReadonlySet<string>,
): void {
  for (const [key, value] of Object.entries(object)) {
    if (budget.left <= 0) return;
    if (depth === 0 && skip.has(key)) continue;
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (value !== null && typeof value === 'object' && !Array.isArray(value) && depth < MAX_DEPTH) {
      flatten(value as Readonly<Record<string, unknown>>, name, depth + 1, into, budget, skip);
      continue;
    }
    budget.left -= 1;
    // defineProperty, because a line may hold the key `__proto__`.
    Object.defineProperty(into, name, {
      value: typeof value === 'string' ? value : JSON.stringify(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
}

function explainJson(text: string): Mismatch {
  const indent = text.length - text.trimStart().length;
  let at = 0;
  if (text.trim().startsWith('{')) {
    try {
      JSON.parse(text.trim());
    } catch (thrown) {
      // V8 names the position in its message, except at the end of the text.
      const position = /position (\d+)/.exec(thrown instanceof Error ? thrown.message : '');
      at = position === null ? text.trim().length : Number(position[1]);
    }
  }
  const column = indent + at + 1;
  return {
    column,
    why: {
      zh: `不是一个完整的 JSON 对象：第 ${column} 列起是 ${quoted(text, column)}`,
      en: `not one whole JSON object: from column ${column} on there is ${quoted(text, column)}`,
    },
  };
}
