import { goQuote } from '../template/tokens.ts';

const UNITS = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const SCALES = [365 * 86_400_000, 7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000, 1];
const LONGEST_MS = 9_223_372_036_854;

/** Milliseconds of a duration in a rule file (`1h30m`, `0`), or what is wrong with it in Prometheus's words. */
export function readDuration(text: string): number | { readonly wrong: string } {
  if (text === '0') return 0;
  if (text === '') return { wrong: 'empty duration string' };
  const parts = UNITS.exec(text);
  if (parts === null) return { wrong: `not a valid duration string: ${goQuote(text)}` };
  let total = 0;
  for (const [index, scale] of SCALES.entries()) total += Number(parts[index + 1] ?? 0) * scale;
  return total > LONGEST_MS ? { wrong: 'duration out of range' } : total;
}
