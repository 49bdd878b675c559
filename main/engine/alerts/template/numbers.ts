import { unquoteGo } from './quoting.ts';
import { goQuote } from './tokens.ts';

/** A number constant as read: a whole one may stand for an integer. */
export type ReadNumber = { readonly value: number; readonly isInt: boolean };

const UNDERSCORED = /^[+-]?(?:0[xX]_?|0[oO]_?|0[bB]_?)?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*$/;

/**
 * Reads a number or character constant as Go does. Complex numbers are not supported.
 *
 * @returns the number, or Go's message
 */
export function readNumber(text: string): ReadNumber | string {
  const bad = `illegal number syntax: ${goQuote(text)}`;
  if (text.startsWith("'")) {
    const unquoted = text === "''" ? null : unquoteGo(text);
    if (unquoted === null) return 'invalid syntax';
    const value = [...unquoted];
    const code = value[0]?.codePointAt(0);
    if (value.length !== 1 || code === undefined) return `malformed character constant: ${text}`;
    return { value: code, isInt: true };
  }
  if (text.endsWith('i')) return bad;
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/.exec(text) ?? [];
  const plain = digits.replaceAll('_', '');
  const factor = sign === '-' ? -1 : 1;
  if (digits.includes('_') && !UNDERSCORED.test(digits)) return bad;
  if (/^0[0-7]+$/.test(plain)) return { value: factor * Number.parseInt(plain, 8), isInt: true };
  if (/^(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/.test(plain)) {
    const whole = BigInt(plain);
    if (whole > 0x7fff_ffff_ffff_ffffn) return `integer overflow: ${goQuote(text)}`;
    return { value: factor * Number(plain), isInt: true };
  }
  if (!/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(plain)) return bad;
  const value = factor * Number(plain);
  if (!Number.isFinite(value)) return bad;
  // 1e3 and 2.0 are whole numbers, too, where the text has a point or an exponent only as decoration.
  return { value, isInt: Number.isSafeInteger(value) };
}
