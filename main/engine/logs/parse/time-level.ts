import { levelFromName } from '#shared/domain/log-query/level-names.ts';
import { findLevel } from './levels.ts';
import type { LineParser, ParsedLine } from './parser.ts';
import { quickTimeLevel } from './quick.ts';
import { stampAt } from './stamps.ts';
import type { ZoneClock } from './zone.ts';

const LEVEL_FIRST = /^[[<]?([A-Za-z]{1,13})[\]>]?[\s:|-]+/;
const LOGGER = /^([A-Za-z_][\w.$/]{0,200})(?:\s+[-:]\s+|:\s+)/;
/** logback's own default begins with the time of the day alone: it says no time, but the rest has its meaning. */
const TIME_OF_DAY = /^\[?\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?![\w:])/;
/** The dash of a negative number is none. */
const SEPARATORS = /^(?:[\s|:\]]|-(?!\d))+/;

/**
 * The common `TIME LEVEL message` shapes: log4j and logback (`… [thread] ERROR logger - message`), Python
 * (`… - name - ERROR - message`), nginx errors (`… [error] 7#7: message`), `[TIME] LEVEL: message`, `LEVEL TIME message`.
 * What stands between time and level becomes `thread`, `logger` or `context`.
 */
export function timeLevelParser(zone: ZoneClock): LineParser {
  return {
    name: 'time-level',
    parse: (text, nearMs) => parseTimeLevel(text, nearMs, zone),
    head: quickTimeLevel(zone),
  };
}

function parseTimeLevel(text: string, nearMs: number, zone: ZoneClock): ParsedLine | null {
  let start = 0;
  let level: ParsedLine['level'] = null;
  const leading = LEVEL_FIRST.exec(text);
  if (leading) {
    level = levelFromName(leading[1] ?? '');
    if (level !== null) start = leading[0].length;
  }
  const bracket = text.charCodeAt(start) === 0x5b;
  const stamp =
    stampAt(text, bracket ? start + 1 : start, { zone, nearMs }) ?? (level === null ? timeOfDay(text) : null);
  if (stamp === null) return null;
  let rest = text.slice(stamp.end);
  if (bracket) rest = rest.replace(/^\s*\]/, '');
  else if (rest !== '' && /^\w/.test(rest)) return null;
  const fields: Record<string, string> = {};
  if (level === null) {
    const found = findLevel(rest);
    if (found === null && stamp.time === null) return null;
    if (found !== null) {
      level = found.level;
      between(rest.slice(0, found.start), fields);
      rest = rest.slice(found.end);
    }
  }
  let message = rest.replace(SEPARATORS, '');
  if (level !== null) message = head(message, fields);
  const logger = LOGGER.exec(message);
  if (logger && level !== null && fields.logger === undefined && /[.$]| [-:] /.test(logger[0])) {
    fields.logger = logger[1] ?? '';
    message = message.slice(logger[0].length);
  }
  return { time: stamp.time, level, message, fields };
}

function timeOfDay(text: string): { readonly time: null; readonly end: number } | null {
  const found = TIME_OF_DAY.exec(text);
  return found === null ? null : { time: null, end: found[0].length };
}

/** Spring Boot's process id and dashes: `INFO 12345 --- [app] [main] logger : message`. */
const SPRING = /^(\d{1,10}) --- /;
const BRACKETS = /^(?:\[([^\]]{1,100})\]|\(([^()]{1,100})\))\s*/;

/** Takes the thread and the logger in brackets off the beginning of a message: `[com.acme.Pool] (main) text`. */
function head(text: string, fields: Record<string, string>): string {
  let message = text;
  const spring = SPRING.exec(message);
  if (spring !== null) {
    fields.pid = spring[1] ?? '';
    message = message.slice(spring[0].length);
  }
  for (let n = 0; n < (spring === null ? 2 : 3); n += 1) {
    const found = BRACKETS.exec(message);
    if (found === null) break;
    const name = (found[1] ?? found[2] ?? '').trim();
    // A bracket of JBoss and log4j's `[%c]` holds a class, all others a thread; a parenthesis after text is text.
    const isLogger =
      fields.logger === undefined && found[1] !== undefined && /^[a-z_]\w*(?:\.[\w$]+)+$/.test(name);
    const key = isLogger ? 'logger' : 'thread';
    if (fields[key] !== undefined && spring === null) break;
    if (found[2] !== undefined && fields.logger === undefined) break;
    fields[key] = name;
    message = message.slice(found[0].length).replace(SEPARATORS, '');
  }
  return message;
}

/** PostgreSQL's `%m [%p] %q%u@%d `, behind the stamp. */
const POSTGRES = /^(?:[A-Z]{2,5}|[+-]\d{2,4}) \[(\d{1,10})\](?: ([^\s@]+)@(\S+))?$/;

function between(text: string, fields: Record<string, string>): void {
  const trimmed = text.replace(/^[\s\-|:]+|[\s\-|:]+$/g, '');
  if (trimmed === '') return;
  const postgres = POSTGRES.exec(trimmed);
  if (postgres !== null) {
    fields.pid = postgres[1] ?? '';
    if (postgres[2] !== undefined) fields.user = postgres[2];
    if (postgres[3] !== undefined) fields.database = postgres[3];
    return;
  }
  const thread = /^\[([^\]]*)\]$/.exec(trimmed);
  if (thread) fields.thread = thread[1] ?? '';
  else if (/^[A-Za-z_][\w.$]*$/.test(trimmed)) fields.logger = trimmed;
  else fields.context = trimmed;
}
