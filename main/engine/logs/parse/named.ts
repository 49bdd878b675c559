import { levelFromValue } from './levels.ts';
import type { ParsedLine } from './parser.ts';
import { stampValue } from './stamps.ts';
import type { ZoneClock } from './zone.ts';

/** Names under which people capture the time, the level and the message of a line, the preferred ones first. */
const TIME = [
  'time',
  'timestamp',
  '@timestamp',
  'ts',
  'timestamp8601',
  'syslog5424_ts',
  'logdate',
  'datetime',
  'date',
];
const LEVEL = ['level', 'loglevel', 'log.level', 'severity', 'lvl', 'log_level'];
const MESSAGE = ['message', 'msg', 'logmessage', 'syslog5424_msg'];

/** Makes an event of captured values: those with a meaning take it, all others become fields. */
export function eventOf(
  captured: Readonly<Record<string, string>>,
  text: string,
  nearMs: number,
  zone: ZoneClock,
): ParsedLine {
  const rest: Record<string, string> = { ...captured };
  const take = <T>(names: readonly string[], read: (value: string) => T | null): T | null => {
    for (const name of names) {
      const value = Object.hasOwn(captured, name) ? captured[name] : undefined;
      const result = value === undefined ? null : read(value);
      if (result === null) continue;
      delete rest[name];
      return result;
    }
    return null;
  };
  const time = take(TIME, (value) => stampValue(value, { zone, nearMs }));
  const level = take(LEVEL, levelFromValue);
  const message = take(MESSAGE, (value) => value);
  return { time, level, message: message ?? text, fields: rest };
}
