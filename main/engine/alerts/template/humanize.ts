import { TemplateFault } from './fault.ts';
import { general } from './printf.ts';
import { goQuote } from './tokens.ts';
import { formatFloat, GoTime, type GoValue, typeName } from './values.ts';

const DECIMAL_UP = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const DECIMAL_DOWN = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];
const BINARY_UP = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];
const MAX_INT64 = 2 ** 63;

const four = (value: number): string => general(value, 4);

/** The argument of a number function (template.go `convertToFloat`): a float, a string that spells one, or an int. */
export function toFloat(value: GoValue | undefined): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return parseFloatGo(value);
  throw new TemplateFault(`can't convert ${typeName(value ?? null)} to float`);
}

function parseFloatGo(text: string): number {
  if (/^[+-]?inf(?:inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text))
    throw new TemplateFault(`strconv.ParseFloat: parsing ${goQuote(text)}: invalid syntax`);
  const value = Number(text);
  if (!Number.isFinite(value))
    throw new TemplateFault(`strconv.ParseFloat: parsing ${goQuote(text)}: value out of range`);
  return value;
}

/** Divides by `base` while it is at least that large; gives the last prefix taken. */
function scaledUp(value: number, base: number, prefixes: readonly string[]): string {
  let left = value;
  let prefix = '';
  for (const next of prefixes) {
    if (Math.abs(left) < base) break;
    prefix = next;
    left /= base;
  }
  return four(left) + prefix;
}

function scaledDown(value: number): string {
  let left = value;
  let prefix = '';
  for (const next of DECIMAL_DOWN) {
    if (Math.abs(left) >= 1) break;
    prefix = next;
    left *= 1000;
  }
  return four(left) + prefix;
}

/** `humanize`: with SI prefixes. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return four(value);
  return Math.abs(value) >= 1 ? scaledUp(value, 1000, DECIMAL_UP) : scaledDown(value);
}

/** `humanize1024`: with binary prefixes. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return four(value);
  return scaledUp(value, 1024, BINARY_UP);
}

/** `humanizeDuration`: seconds in days, hours, minutes and seconds. */
export function humanizeDuration(value: number): string {
  if (!Number.isFinite(value)) return four(value);
  if (value === 0) return `${four(value)}s`;
  if (Math.abs(value) < 1) return `${scaledDown(value)}s`;
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  const whole = BigInt.asIntN(64, size >= MAX_INT64 ? -(1n << 63n) : BigInt(Math.trunc(size)));
  const [days, hours, minutes, seconds] = [
    whole / 86_400n,
    (whole / 3_600n) % 24n,
    (whole / 60n) % 60n,
    whole % 60n,
  ];
  if (days !== 0n) return `${sign}${days}d ${hours}h ${minutes}m ${seconds}s`;
  if (hours !== 0n) return `${sign}${hours}h ${minutes}m ${seconds}s`;
  if (minutes !== 0n) return `${sign}${minutes}m ${seconds}s`;
  return `${sign}${four(size)}s`;
}

/** `humanizePercentage`. */
export function humanizePercentage(value: number): string {
  return `${four(value * 100)}%`;
}

/** Seconds since 1970 as a moment, to the millisecond; null for what is not a number or endless. */
export function toMoment(value: number): GoTime | null {
  if (!Number.isFinite(value)) return null;
  const nanoseconds = value * 1e9;
  if (nanoseconds > MAX_INT64 || nanoseconds < -MAX_INT64)
    throw new TemplateFault(
      `${formatFloat(value)} cannot be represented as a nanoseconds timestamp since it overflows int64`,
    );
  return new GoTime(Number(BigInt(Math.trunc(nanoseconds)) / 1_000_000n));
}
