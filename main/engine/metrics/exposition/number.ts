/** Powers of ten that a double holds exactly. */
const EXACT_POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const MOST_EXACT_DIGITS = 15;

const SPECIAL = /^(?:[+-]?inf(?:inity)?|nan)$/i;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function slowNumber(text: string): number | null {
  if (DECIMAL.test(text)) {
    const value = Number(text);
    // Out of range is an error, as in Go's strconv.ParseFloat; too small becomes zero.
    return Number.isFinite(value) ? value : null;
  }
  if (!SPECIAL.test(text)) return null;
  if (text.toLowerCase() === 'nan') return Number.NaN;
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/**
 * Reads the number that is `bytes[from, to)` as Prometheus 2.42 does: decimal notation, `Inf`, `Infinity` and `NaN` in
 * any case; no hexadecimal, no underscores, no overflow.
 *
 * Short decimals, which nearly all are, are put together from digits without making a string: up to 15 digits and a
 * power of ten up to 22 give the exactly rounded result (Clinger, "How to read floating point numbers accurately",
 * PLDI 1990).
 *
 * @returns the number, or null when it is none
 */
export function parseNumber(bytes: Uint8Array, from: number, to: number): number | null {
  let at = from;
  const sign = bytes[at];
  const negative = sign === 0x2d;
  if (negative || sign === 0x2b) at++;
  let mantissa = 0;
  let digits = 0;
  let decimals = 0;
  let seenPoint = false;
  for (; at < to; at++) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digits++;
      if (seenPoint) decimals++;
    } else if (digit === -2 && !seenPoint) seenPoint = true;
    else break;
  }
  if (at === to && digits > 0 && digits <= MOST_EXACT_DIGITS) {
    const value = decimals === 0 ? mantissa : mantissa / (EXACT_POWERS[decimals] ?? 1);
    return negative ? -value : value;
  }
  // Nothing that long is a number anybody writes; the limit keeps hostile input cheap.
  if (to - from > 2000) return null;
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i] ?? 0);
  return slowNumber(text);
}
