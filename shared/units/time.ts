import { parseDuration } from './duration.ts';

/**
 * Parses a point in time as operators and scripts write it: RFC 3339, unix seconds (fractions allowed),
 * `now`, or `now-2h`.
 *
 * @param text what was typed
 * @param nowMs the present, UTC milliseconds
 * @returns UTC milliseconds, or null when the text is not a time
 */
export function parseTime(text: string, nowMs: number): number | null {
  const trimmed = text.trim();
  if (trimmed === 'now') return nowMs;
  const relative = /^now([-+])(.+)$/.exec(trimmed);
  if (relative) {
    const delta = parseDuration(relative[2] ?? '');
    if (delta === null) return null;
    return relative[1] === '-' ? nowMs - delta : nowMs + delta;
  }
  if (/^-?\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * 1000);
  if (!/^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})?)?$/.test(trimmed))
    return null;
  const parsed = Date.parse(trimmed);
  return Number.isNaN(parsed) ? null : parsed;
}
