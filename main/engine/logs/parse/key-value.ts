import { levelFromName } from '#shared/domain/log-query/level-names.ts';
import { levelFromValue } from './levels.ts';
import type { LineParser } from './parser.ts';
import { plainParser } from './plain.ts';
import { stampValue } from './stamps.ts';
import { timeLevelParser } from './time-level.ts';
import type { ZoneClock } from './zone.ts';

// A `|` belongs to a bare value unless the value ends there or another pair follows: many systems write `a=1|b=2`.
const PAIR =
  /(?<![\w.-])([A-Za-z_][\w.-]{0,99})=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,;"'|]*(?:\|(?![A-Za-z_][\w.-]{0,99}=)[^\s,;"'|]+)*))/g;
/** auditd's time and number of a record: `msg=audit(1795396321.123:420):`. */
const AUDIT = /^audit\((\d{9,10}\.\d{1,6}):\d{1,10}\):?$/;
const TIME_KEYS: ReadonlySet<string> = new Set(['time', 'ts', 'timestamp', 'datetime', 'date']);
const LEVEL_KEYS: ReadonlySet<string> = new Set(['level', 'lvl', 'severity', 'loglevel', 'pri']);
const MAX_FIELDS = 200;
const MAX_LOOKED_AT = 65_536;

/** The pairs of a text; where auditd quotes a program's own pairs as `msg='op=login res=failed'`, those. */
function* pairsOf(text: string): Generator<RegExpExecArray> {
  if (!text.includes('msg=audit(')) {
    yield* text.matchAll(PAIR);
    return;
  }
  // In front of what it has looked up itself auditd puts a group separator.
  for (const pair of text.replaceAll('\u001D', ' ').matchAll(PAIR))
    if (pair[1] === 'msg' && pair[3]?.includes('=') === true) yield* pair[3].matchAll(PAIR);
    else yield pair;
}

/**
 * `key=value` pairs anywhere in a line, separated by anything: firewalls, audit logs, home-made formats. What stands
 * before them is read like `time-level`; the message stays the text as it is. At least one pair.
 */
export function keyValueParser(zone: ZoneClock): LineParser {
  const stamped = timeLevelParser(zone);
  const plain = plainParser(zone);
  return {
    name: 'kv',
    parse: (text, nearMs) => {
      if (!text.includes('=')) return null;
      const head = stamped.parse(text, nearMs) ?? plain.parse(text, nearMs);
      if (head === null) return null;
      let { time, level } = head;
      const fields: Record<string, string> = { ...head.fields };
      let pairs = 0;
      const looked = text.length > MAX_LOOKED_AT ? text.slice(0, MAX_LOOKED_AT) : text;
      for (const [, key = '', double, single, bare = ''] of pairsOf(looked)) {
        const value = double ?? single ?? bare;
        pairs += 1;
        if (pairs > MAX_FIELDS) break;
        const audited = key === 'msg' ? AUDIT.exec(value) : null;
        if (audited !== null) {
          time ??= stampValue(audited[1], { zone, nearMs });
          continue;
        }
        if (time === null && TIME_KEYS.has(key)) time = stampValue(value, { zone, nearMs });
        if (level === null && LEVEL_KEYS.has(key)) level = levelFromName(value) ?? levelFromValue(value);
        Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
      }
      return pairs === 0 ? null : { time, level, message: head.message, fields };
    },
  };
}
