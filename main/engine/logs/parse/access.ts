import type { LogLevel } from '#shared/contract/logs.ts';
import { type Mismatch, quoted } from './mismatch.ts';
import type { LineParser, ParsedLine } from './parser.ts';
import { stampAt } from './stamps.ts';
import type { ZoneClock } from './zone.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Access logs of Apache, nginx and what imitates them: common and combined format, with or without the virtual host in
 * front, and with further values behind (kept as `extra`). The level follows the status: 5xx error, 4xx warn.
 */
export function accessParser(zone: ZoneClock): LineParser {
  return {
    name: 'access',
    parse: (text, nearMs) => {
      const read = readAccess(text, nearMs, zone);
      return 'column' in read ? null : read;
    },
    explain: (text, nearMs) => {
      const read = readAccess(text, nearMs, zone);
      return 'column' in read ? read : null;
    },
  };
}

function missing(text: string, at: number, zh: string, en: string): Mismatch {
  const column = at + 1;
  return {
    column,
    why: {
      zh: `第 ${column} 列起应为${zh}，实际是 ${quoted(text, column)}`,
      en: `from column ${column} on ${en} was expected, and there is ${quoted(text, column)}`,
    },
  };
}

function readAccess(text: string, nearMs: number, zone: ZoneClock): ParsedLine | Mismatch {
  const bracket = text.indexOf(' [');
  if (bracket < 0 || bracket > 600)
    return missing(text, 0, '“地址 - 用户 [时间]”', '"address - user [time]"');
  // `client ident user`, in front of them perhaps the virtual host.
  const before = text.slice(0, bracket).split(' ');
  if (before.length !== 3 && before.length !== 4)
    return missing(text, 0, '“地址 - 用户 [时间]”', '"address - user [time]"');
  const stamp = stampAt(text, bracket + 2, { zone, nearMs });
  if (stamp === null || text[stamp.end] !== ']')
    return missing(
      text,
      bracket + 2,
      '时间，如 22/Nov/2026:10:00:00 +0800',
      'a time such as 22/Nov/2026:10:00:00 +0800',
    );
  if (text.charCodeAt(stamp.end + 1) !== 0x20 || text.charCodeAt(stamp.end + 2) !== QUOTE)
    return missing(text, stamp.end + 1, '引号中的请求', 'the request in quotes');
  const requestEnd = closingQuote(text, stamp.end + 3);
  if (requestEnd < 0) return missing(text, stamp.end + 2, '引号中的请求', 'the request in quotes');
  const request = text.slice(stamp.end + 3, requestEnd);
  const rest = /^ (\d{3}|-) (\d+|-)(?= |$)/.exec(text.slice(requestEnd + 1, requestEnd + 40));
  if (rest === null)
    return missing(text, requestEnd + 1, '状态码和字节数', 'the status and the number of bytes');
  const fields: Record<string, string> = {};
  const [client = '', ident = '', user = ''] = before.slice(-3);
  if (before.length === 4) fields.vhost = before[0] ?? '';
  fields.client = client;
  if (ident !== '-') fields.ident = ident;
  if (user !== '-') fields.user = user;
  const parts = request.split(' ');
  if (parts.length === 3 || parts.length === 2) {
    fields.method = parts[0] ?? '';
    fields.url = parts[1] ?? '';
    if (parts[2] !== undefined) fields.protocol = parts[2];
  } else if (request !== '-' && request !== '') fields.request = request;
  const status = rest[1] ?? '-';
  if (status !== '-') fields.status = status;
  if (rest[2] !== '-') fields.bytes = rest[2] ?? '';
  let at = requestEnd + 1 + rest[0].length;
  for (const name of ['referrer', 'agent']) {
    if (text.charCodeAt(at) !== 0x20 || text.charCodeAt(at + 1) !== QUOTE) break;
    const end = closingQuote(text, at + 2);
    if (end < 0) break;
    const value = text.slice(at + 2, end);
    if (value !== '-' && value !== '') fields[name] = value;
    at = end + 1;
  }
  const extra = text.slice(at).trim();
  if (extra !== '') fields.extra = extra;
  return { time: stamp.time, level: levelOf(status), message: `${request} ${status}`, fields };
}

function levelOf(status: string): LogLevel | null {
  const first = status.charCodeAt(0);
  if (first === 0x35) return 'error';
  if (first === 0x34) return 'warn';
  return status === '-' ? null : 'info';
}

/** Where the quote ends that begins before `from`; `\"` does not end it. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH && at - 1 - slashes >= from) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}
