import type { CheckResult, Threshold } from '#shared/contract/checks.ts';
import { type AppError, appError } from '#shared/errors/index.ts';

/** A range of Nagios: a value outside of `from` … `to` is bad; with `inside`, one within it. */
export type Range = { readonly from: number; readonly to: number; readonly inside: boolean };

/** Reads `10`, `10:`, `~:10`, `10:20`, `@10:20` (the plugin guidelines' table), or null when it is none. */
export function readRange(text: string): Range | null {
  const match = /^(@?)(?:(~|-?\d+(?:\.\d+)?)?(:))?(-?\d+(?:\.\d+)?)?$/.exec(text);
  if (match === null) return null;
  const [, at, low, colon, high] = match;
  if (colon === undefined && high === undefined) return null;
  const from = low === '~' ? Number.NEGATIVE_INFINITY : low === undefined ? 0 : Number(low);
  const to = high === undefined ? Number.POSITIVE_INFINITY : Number(high);
  return from > to ? null : { from, to, inside: at === '@' };
}

/** Whether a value is one that the range complains of. */
export function isBad(value: number, { from, to, inside }: Range): boolean {
  const within = value >= from && value <= to;
  return inside ? within : !within;
}

/** Judges measures by thresholds, the worst first; null when all are within. A measure that is not there is not judged. */
export function judgeThresholds(
  measures: Readonly<Record<string, number>>,
  thresholds: readonly Threshold[],
): {
  readonly state: Extract<CheckResult['state'], 'warning' | 'critical'>;
  readonly error: AppError;
} | null {
  for (const [state, limit] of [
    ['critical', 'crit'],
    ['warning', 'warn'],
  ] as const) {
    for (const threshold of thresholds) {
      const text = threshold[limit];
      const value = measures[threshold.measure];
      const range = text === null ? null : readRange(text);
      if (range === null || text === null || value === undefined || !isBad(value, range)) continue;
      const shown = Number(value.toPrecision(6));
      return {
        state,
        error: appError('CHECK_THRESHOLD', { measure: threshold.measure, value: shown, range: text }),
      };
    }
  }
  return null;
}
