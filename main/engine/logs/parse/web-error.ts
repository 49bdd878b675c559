import { levelFromName } from '#shared/domain/log-query/level-names.ts';
import type { LineParser, ParsedLine } from './parser.ts';
import { type FoundStamp, stampAt } from './stamps.ts';
import type { ZoneClock } from './zone.ts';

const NGINX = /^ \[([a-z]{3,8})\] (\d{1,10})#(\d{1,10}): (?:\*(\d{1,20}) )?/;
const NGINX_FIELD =
  /, (client|server|request|upstream|host|referrer|subrequest): ("(?:[^"\\]|\\.)*"|[^,"]*)/g;
const APACHE_LEVEL = /^ \[(?:([\w-]{1,40}):)?([a-z]{3,8}\d?)\]/;
const APACHE_PID = /^ \[pid (\d{1,10})(?::tid (\d{1,20}))?\]/;
const APACHE_CLIENT = /^ \[(?:client|remote) ([^\]\s]{1,80})\]/;
const LOOK_BACK = 4000;

/**
 * Error logs of nginx (`2026/11/22 10:00:00 [error] 7#7: *5 …, client: …`) and Apache 2.2 and 2.4
 * (`[Sun Nov 22 10:00:00.123456 2026] [core:error] [pid 7:tid 9] [client …] AH00128: …`).
 */
export function webErrorParser(zone: ZoneClock): LineParser {
  return {
    name: 'web-error',
    parse: (text, nearMs) => {
      const isBracketed = text.charCodeAt(0) === 0x5b;
      const stamp = stampAt(text, isBracketed ? 1 : 0, { zone, nearMs });
      if (stamp === null) return null;
      return isBracketed ? apache(text, stamp) : nginx(text, stamp);
    },
  };
}

function nginx(text: string, stamp: FoundStamp): ParsedLine | null {
  const head = NGINX.exec(text.slice(stamp.end, stamp.end + 80));
  const level = levelFromName(head?.[1] ?? '');
  if (head === null || level === null) return null;
  const fields: Record<string, string> = { pid: head[2] ?? '', thread: head[3] ?? '' };
  if (head[4] !== undefined) fields.connection = head[4];
  const message = text.slice(stamp.end + head[0].length);
  for (const [, name = '', value = ''] of message.slice(0, LOOK_BACK).matchAll(NGINX_FIELD))
    fields[name] = value.startsWith('"') ? value.slice(1, -1) : value;
  return { time: stamp.time, level, message, fields };
}

function apache(text: string, stamp: FoundStamp): ParsedLine | null {
  if (text[stamp.end] !== ']') return null;
  let rest = text.slice(stamp.end + 1);
  const head = APACHE_LEVEL.exec(rest.slice(0, 80));
  if (head === null) return null;
  const name = head[2] ?? '';
  // Apache has trace1 … trace8.
  const level = levelFromName(name.startsWith('trace') ? 'trace' : name);
  if (level === null) return null;
  const fields: Record<string, string> = {};
  if (head[1] !== undefined) fields.module = head[1];
  rest = rest.slice(head[0].length);
  const pid = APACHE_PID.exec(rest.slice(0, 80));
  if (pid !== null) {
    fields.pid = pid[1] ?? '';
    if (pid[2] !== undefined) fields.tid = pid[2];
    rest = rest.slice(pid[0].length);
  }
  const client = APACHE_CLIENT.exec(rest.slice(0, 120));
  if (client !== null) {
    fields.client = client[1] ?? '';
    rest = rest.slice(client[0].length);
  }
  return { time: stamp.time, level, message: rest.trimStart(), fields };
}
