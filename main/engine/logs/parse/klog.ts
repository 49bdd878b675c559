import type { LogLevel } from '#shared/contract/logs.ts';
import type { LineParser } from './parser.ts';
import type { ZoneClock } from './zone.ts';

const LEVELS: Readonly<Record<string, LogLevel>> = {
  I: 'info',
  W: 'warn',
  E: 'error',
  F: 'fatal',
  D: 'debug',
};
const LINE =
  /^([IWEFD])(\d{2})(\d{2}) (\d{2}):(\d{2}):(\d{2})\.(\d{3})\d{0,6}\s{1,10}(\d{1,10}) ([^\s:\]]{1,200}):(\d{1,7})\] /;
const DAY_MS = 86_400_000;

/** Kubernetes' and other Go programs' klog and glog: `E1122 10:00:00.123456   12 file.go:34] message`. */
export function klogParser(zone: ZoneClock): LineParser {
  return {
    name: 'klog',
    parse: (text, nearMs) => {
      const match = LINE.exec(text.length > 300 ? text.slice(0, 300) : text);
      if (match === null) return null;
      const [, letter = '', month, day, hour, minute, second, ms, thread = '', file = '', line = ''] = match;
      const at = (year: number): number =>
        zone.toUtc(
          Date.UTC(
            year,
            Number(month) - 1,
            Number(day),
            Number(hour),
            Number(minute),
            Number(second),
            Number(ms),
          ),
        );
      // The year is not written; it is the latest one that is not in the future.
      const year = new Date(nearMs).getUTCFullYear();
      const time = [year + 1, year, year - 1].map(at).find((one) => one <= nearMs + DAY_MS) ?? at(year);
      return {
        time,
        level: LEVELS[letter] ?? null,
        message: text.slice(match[0].length),
        fields: { thread, file, line },
      };
    },
  };
}
