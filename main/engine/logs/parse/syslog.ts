import type { LogLevel } from '#shared/contract/logs.ts';
import { levelFromName } from '#shared/domain/log-query/level-names.ts';
import { leadingLevel, levelFromSeverity } from './levels.ts';
import type { LineParser, ParsedLine } from './parser.ts';
import { stampAt } from './stamps.ts';
import type { ZoneClock } from './zone.ts';

const PRIORITY = /^<(\d{1,3})>/;
const RFC3339 = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d) /;
/** The stamp of Java's own logging, which names a month as well. */
const JAVA_STAMP = /^\S{1,4} \d{1,2}, /;
const RFC5424 = /^1 (\S+) (\S+) (\S+) (\S+) (\S+) /;
const TAG = /^([^\s:[\]]{1,128})(?:\[([^\]\s]{1,64})\])?: ?/;
const SD_ELEMENT = /^\[([^\s\]="]{1,64})((?: [^\s\]="]{1,64}="(?:[^"\\\]]|\\.)*")*)\]/;
const SD_PARAM = / ([^\s\]="]{1,64})="((?:[^"\\\]]|\\.)*)"/g;

/**
 * Syslog as it stands in files: RFC 3164 (`Nov 22 10:11:12 host tag[pid]: message`), the same with an RFC 3339 time
 * stamp as rsyslog and `journalctl -o short-iso` write it, and RFC 5424; each with or without `<PRI>`. The level comes
 * from the priority, else from a level word at the start of the message.
 */
export function syslogParser(zone: ZoneClock): LineParser {
  return { name: 'syslog', parse: (text, nearMs) => parseSyslog(text, nearMs, zone) };
}

function parseSyslog(text: string, nearMs: number, zone: ZoneClock): ParsedLine | null {
  let rest = text;
  let level: LogLevel | null = null;
  const fields: Record<string, string> = {};
  const priority = PRIORITY.exec(text);
  if (priority) {
    const value = Number(priority[1]);
    if (value > 191) return null;
    rest = text.slice(priority[0].length);
    level = levelFromSeverity(value & 7);
    fields.facility = String(value >> 3);
    const modern = parse5424(rest, nearMs, zone, fields);
    if (modern !== null) return { ...modern, level: level ?? modern.level };
  }
  const stamp = stampAt(rest, 0, { zone, nearMs });
  // RFC 3164, 4.3.3: what follows a priority and is no header is the message.
  const bare = priority ? { time: null, level, message: rest, fields } : null;
  if (stamp === null || rest[stamp.end] !== ' ' || JAVA_STAMP.test(rest)) return bare;
  rest = rest.slice(stamp.end + 1);
  const space = rest.indexOf(' ');
  if (space <= 0) return bare;
  const host = rest.slice(0, space);
  const tag = TAG.exec(rest.slice(space + 1));
  // Without a tag any "TIME word …" line would look like syslog; a priority or the old stamp without a year proves it
  // (rsyslog writes such lines when the sender's tag had no colon).
  if (!priority && /^\d/.test(text) && (!tag || !RFC3339.test(text))) return null;
  // `TIME ERROR Pool: full` is no line of a host named ERROR.
  if (host.length > 1 && levelFromName(host) !== null) return bare;
  if (!/^[\w.:%-]+$/.test(host) || host.endsWith(':')) return bare;
  fields.hostname = host;
  let message = rest.slice(space + 1);
  if (tag) {
    fields.program = tag[1] ?? '';
    if (tag[2] !== undefined) fields.pid = tag[2];
    message = message.slice(tag[0].length);
  }
  return { time: stamp.time, level: level ?? leadingLevel(message), message, fields };
}

function parse5424(
  text: string,
  nearMs: number,
  zone: ZoneClock,
  fields: Record<string, string>,
): ParsedLine | null {
  const head = RFC5424.exec(text);
  if (!head) return null;
  const stamp = head[1] === '-' ? null : stampAt(head[1] ?? '', 0, { zone, nearMs });
  if (head[1] !== '-' && stamp?.end !== head[1]?.length) return null;
  const named = ['hostname', 'program', 'pid', 'msgid'];
  named.forEach((name, index) => {
    const value = head[index + 2] ?? '-';
    if (value !== '-') fields[name] = value;
  });
  let rest = text.slice(head[0].length);
  if (rest.startsWith('-')) rest = rest.slice(1);
  else {
    for (let element = SD_ELEMENT.exec(rest); element !== null; element = SD_ELEMENT.exec(rest)) {
      for (const [, key = '', value = ''] of (element[2] ?? '').matchAll(SD_PARAM))
        fields[`${element[1]}.${key}`] = value.replace(/\\(["\\\]])/g, '$1');
      rest = rest.slice(element[0].length);
    }
  }
  // rsyslog sends the space that stood behind the tag as part of the message.
  const message = rest.replace(/^ ?\uFEFF?(?: (?=\S))?/, '');
  return { time: stamp?.time ?? null, level: leadingLevel(message), message, fields };
}
