import { levelFromName } from '#shared/domain/log-query/level-names.ts';
import type { LineParser } from './parser.ts';
import { timeLevelParser } from './time-level.ts';
import type { ZoneClock } from './zone.ts';

const BASIC = /^(DEBUG|INFO|WARNING|ERROR|CRITICAL):([^\s:]{1,200}):/;

/**
 * Python's `logging`: `ERROR:name:message` as `basicConfig` writes it, and the formats with a time stamp in front
 * (`2026-11-22 10:00:00,123 - name - ERROR - message`).
 */
export function pythonParser(zone: ZoneClock): LineParser {
  const stamped = timeLevelParser(zone);
  return {
    name: 'python',
    parse: (text, nearMs) => {
      const match = BASIC.exec(text.length > 250 ? text.slice(0, 250) : text);
      if (match === null) {
        const parsed = stamped.parse(text, nearMs);
        return parsed?.level === null ? null : parsed;
      }
      return {
        time: null,
        level: levelFromName(match[1] ?? ''),
        message: text.slice(match[0].length),
        fields: { logger: match[2] ?? '' },
      };
    },
  };
}
