import type { Reason } from './reasons.ts';

const UNITS = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const SCALES = [365 * 86_400_000, 7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000, 1];
/** Prometheus counts nanoseconds in 64 bits; what does not fit there is out of range here too. */
const LONGEST_MS = 9_223_372_036_854;

/** Milliseconds of a duration such as `1h30m`, or why it is none. Zero is none: every use of one needs a length. */
export function parseDuration(text: string): number | Reason {
  const parts = UNITS.exec(text);
  if (parts === null || text === '') return 'BAD_DURATION';
  let total = 0;
  for (const [index, scale] of SCALES.entries()) total += Number(parts[index + 1] ?? 0) * scale;
  if (total > LONGEST_MS) return 'LONG_DURATION';
  return total === 0 ? 'ZERO_DURATION' : total;
}
