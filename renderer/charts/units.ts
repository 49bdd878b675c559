import { formatBytes } from '#shared/units/bytes.ts';

/** What the numbers of a chart can be. */
export const units = ['number', 'ratio', 'percent', 'bytes', 'bytesPerSecond', 'seconds'] as const;
export type Unit = (typeof units)[number];

/**
 * What an expression's values are, by the names it uses: Prometheus' names end with their base unit. Only a plain
 * case is guessed; anything that divides or multiplies is a bare number, because a wrong unit is worse than none.
 */
export function guessUnit(expr: string): Unit {
  const plain = expr.replace(/\{[^}]*\}/g, '').replace(/\[[^\]]*\]/g, '');
  if (/[*/]/.test(plain)) return 'number';
  const names = plain.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? [];
  const metric = names.find((name) => /_(bytes|seconds|ratio)(_total)?$/.test(name));
  if (metric === undefined) return 'number';
  const rate = /\b(rate|irate|deriv)\s*\(/.test(plain);
  if (/_bytes(_total)?$/.test(metric)) return rate ? 'bytesPerSecond' : 'bytes';
  if (/_ratio$/.test(metric)) return rate ? 'number' : 'ratio';
  return rate ? 'number' : 'seconds';
}

/** A number with at most four significant digits and grouped thousands. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) return value.toExponential(2);
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return value.toLocaleString(
    'en-US',
    size >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 },
  );
}

function formatSeconds(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return '0 s';
  if (size < 1e-3) return `${formatNumber(seconds * 1e6)} µs`;
  if (size < 1) return `${formatNumber(seconds * 1e3)} ms`;
  if (size < 3_600) return `${formatNumber(seconds)} s`;
  if (size < 172_800) return `${formatNumber(seconds / 3_600)} h`;
  return `${formatNumber(seconds / 86_400)} d`;
}

/** A value in its unit, as axes, legends and tables print it; null is a dash. */
export function formatValue(value: number | null, unit: Unit): string {
  if (value === null) return '—';
  if (!Number.isFinite(value)) return formatNumber(value);
  switch (unit) {
    case 'number':
      return formatNumber(value);
    case 'ratio':
      return `${formatNumber(Number((value * 100).toFixed(2)))} %`;
    case 'percent':
      return `${formatNumber(Number(value.toFixed(2)))} %`;
    case 'bytes':
      return formatBytes(value);
    case 'bytesPerSecond':
      return `${formatBytes(value)}/s`;
    case 'seconds':
      return formatSeconds(value);
  }
}

/** Distances between grid lines for bytes: powers of two. Undefined leaves the choice to the chart. */
export function gridSteps(unit: Unit): number[] | undefined {
  if (unit !== 'bytes' && unit !== 'bytesPerSecond') return undefined;
  return Array.from({ length: 60 }, (_, power) => 2 ** power);
}
