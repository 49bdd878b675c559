import { RE2JS } from 're2js';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { levelFromValue } from './levels.ts';
import { firstMissing } from './mismatch.ts';
import type { LineParser } from './parser.ts';
import { stampValue } from './stamps.ts';
import type { ZoneClock } from './zone.ts';

/** A pattern larger than this many RE2 instructions would make every line slow. */
const MAX_PROGRAM = 5_000;
/** RE2 is linear in the line's length, with a large factor; longer lines are matched by their beginning. */
const MAX_MATCHED = 16_384;

/**
 * Lines that match an operator's own regular expression (RE2 syntax: linear time, whatever the line). The groups
 * `time`, `level` and `message` have their meaning, all other named groups become fields.
 */
export function patternParser(pattern: string, zone: ZoneClock): Result<LineParser> {
  const invalid = (why: string): Result<LineParser> =>
    err(appError('LOG_FORMAT_INVALID', { format: pattern, why }, { field: 'format' }));
  const compiled = RE2JS.compile(pattern);
  const groups = Object.keys(compiled.namedGroups());
  if (groups.length === 0) return invalid('no named group, such as (?P<message>.*)');
  if (compiled.programSize() > MAX_PROGRAM) return invalid('the expression is too large');
  const others = groups.filter((name) => name !== 'time' && name !== 'level' && name !== 'message');
  return ok({
    name: pattern,
    explain: (text) =>
      compiled.matcher(text.slice(0, MAX_MATCHED)).find()
        ? null
        : firstMissing(pattern, text, (part) => RE2JS.compile(part)),
    parse: (text, nearMs) => {
      const matcher = compiled.matcher(text.length > MAX_MATCHED ? text.slice(0, MAX_MATCHED) : text);
      if (!matcher.find()) return null;
      const group = (name: string): string | null => (groups.includes(name) ? matcher.group(name) : null);
      const fields: Record<string, string> = {};
      for (const name of others) {
        const value = matcher.group(name);
        if (value !== null) fields[name] = value;
      }
      const time = group('time');
      const level = group('level');
      return {
        time: time === null ? null : stampValue(time, { zone, nearMs }),
        level: level === null ? null : levelFromValue(level),
        message: group('message') ?? text,
        fields,
      };
    },
  });
}
