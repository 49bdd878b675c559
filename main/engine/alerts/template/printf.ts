import { goQuote } from './tokens.ts';
import { formatFloat, GoHtml, type GoValue, printed, typeName } from './values.ts';

type Spec = {
  readonly verb: string;
  readonly flags: string;
  readonly width: number | null;
  readonly precision: number | null;
};

const DIRECTIVE = /%([+\-# 0]*)(\d+|\*)?(?:\.(\*|\d*))?(.)?/gsu;

/** `fmt.Sprintf` for the values that templates have. */
export function sprintf(format: string, args: readonly GoValue[]): string {
  let next = 0;
  let out = '';
  let at = 0;
  const star = (text: string | undefined): number | null => {
    if (text === undefined) return null;
    if (text !== '*') return Number(text === '' ? 0 : text);
    const arg = args[next];
    next += 1;
    return typeof arg === 'bigint' ? Number(arg) : null;
  };
  for (const found of format.matchAll(DIRECTIVE)) {
    out += format.slice(at, found.index);
    at = found.index + found[0].length;
    const [, flags = '', width, precision, verb] = found;
    const spec = { flags, width: star(width), precision: star(precision), verb: verb ?? '' };
    if (verb === undefined) out += '%!(NOVERB)';
    else if (verb === '%') out += '%';
    else if (next >= args.length) out += `%!${verb}(MISSING)`;
    else {
      out += padded(directive(spec, args[next] ?? null), spec);
      next += 1;
    }
  }
  out += format.slice(at);
  if (next < args.length) {
    const extra = args
      .slice(next)
      .map((arg) => (arg === null ? '<nil>' : `${typeName(arg)}=${printed(arg)}`));
    out += `%!(EXTRA ${extra.join(', ')})`;
  }
  return out;
}

function padded(text: string, { width, flags, verb }: Spec): string {
  if (width === null) return text;
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0')) return ' '.repeat(missing) + text;
  // Zeros stand between the sign and the digits, never before an infinity.
  const sign = /^[+-](?=\d)/.exec(text)?.[0] ?? '';
  return /^[+-]?\d/.test(text) || 'sqxX'.includes(verb)
    ? sign + '0'.repeat(missing) + text.slice(sign.length)
    : ' '.repeat(missing) + text;
}

const wrong = (verb: string, value: GoValue): string =>
  value === null ? `%!${verb}(<nil>)` : `%!${verb}(${typeName(value)}=${printed(value)})`;

function directive(spec: Spec, value: GoValue): string {
  const { verb } = spec;
  if (verb === 'T') return typeName(value);
  if (value === null) return verb === 'v' ? '<nil>' : wrong(verb, value);
  if (value instanceof GoHtml) return ofText(spec, value.text, value);
  if (typeof value === 'string') return ofText(spec, value, value);
  if (typeof value === 'number') return ofFloat(spec, value);
  if (typeof value === 'bigint') return ofInt(spec, value);
  if (typeof value === 'boolean') return verb === 'v' || verb === 't' ? String(value) : wrong(verb, value);
  if (verb === 'v' || verb === 's') return printed(value);
  return wrong(verb, value);
}

function ofText({ verb, precision, flags }: Spec, text: string, value: GoValue): string {
  const cut = precision === null ? text : [...text].slice(0, precision).join('');
  if (verb === 'q') return flags.includes('#') && !/[`\n\r]/.test(cut) ? `\`${cut}\`` : goQuote(cut);
  if (verb === 'v' && flags.includes('#')) return goQuote(cut);
  if (verb === 'v' || verb === 's') return cut;
  if (verb === 'x' || verb === 'X') {
    const hex = Buffer.from(text).toString('hex');
    return verb === 'x' ? hex : hex.toUpperCase();
  }
  return wrong(verb, value);
}

function ofInt({ verb, flags, precision }: Spec, value: bigint): string {
  const radix = { d: 10, v: 10, b: 2, o: 8, O: 8, x: 16, X: 16 }[verb];
  if (radix === undefined) {
    if (verb === 'c') return String.fromCodePoint(Number(value));
    if (verb === 'q') return `'${String.fromCodePoint(Number(value))}'`;
    if (verb === 'U') return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;
    return wrong(verb, value);
  }
  const size = (value < 0n ? -value : value).toString(radix).padStart(precision ?? 0, '0');
  const lead =
    verb === 'O' ? '0o' : flags.includes('#') ? ({ b: '0b', o: '0', x: '0x', X: '0X' }[verb] ?? '') : '';
  const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return sign + lead + (verb === 'X' ? size.toUpperCase() : size);
}

function ofFloat({ verb, flags, precision }: Spec, value: number): string {
  const text = floatText(verb, value, precision);
  if (text === null) return wrong(verb, value);
  // Infinity has a sign of its own, which only shows when asked for.
  const isPlusInf = value === Number.POSITIVE_INFINITY;
  const unsigned = text.replace(/^[+-]/, '');
  const isNegative = value < 0 || Object.is(value, -0);
  if (verb === 'v' && isPlusInf) return '+Inf';
  const sign = isNegative ? '-' : flags.includes('+') || isPlusInf ? '+' : flags.includes(' ') ? ' ' : '';
  return Number.isNaN(value) ? (flags.includes('+') ? '+NaN' : 'NaN') : sign + unsigned;
}

const twoDigits = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

/** A float by its verb; null when there is no such verb for floats. */
function floatText(verb: string, value: number, precision: number | null): string | null {
  if (!Number.isFinite(value)) return 'eEfFgGv'.includes(verb) ? formatFloat(value) : null;
  switch (verb) {
    case 'v':
    case 'g':
      return precision === null ? formatFloat(value) : general(value, precision);
    case 'G':
      return (precision === null ? formatFloat(value) : general(value, precision)).toUpperCase();
    case 'f':
    case 'F':
      return fixed(value, precision ?? 6);
    case 'e':
      return twoDigits(exponential(value, precision ?? 6));
    case 'E':
      return twoDigits(exponential(value, precision ?? 6)).toUpperCase();
    default:
      return null;
  }
}

/** Significant digits that JavaScript can be asked for: enough to see whether a number lies exactly between two others. */
const EXACT = 100;

/** `toExponential` that rounds what lies exactly between two results to the even one, as Go does; JavaScript takes the larger. */
function exponential(value: number, digits: number): string {
  const rounded = value.toExponential(Math.min(digits, EXACT));
  const exact = value.toExponential(EXACT);
  const [mantissa = '', exponent = ''] = exact.replace('.', '').replace('-', '').split('e');
  const rest = mantissa.slice(digits + 1);
  if (!/^50*$/.test(rest) || Number(mantissa[digits]) % 2 === 1) return rounded;
  const kept = mantissa.slice(0, digits + 1);
  return `${value < 0 ? '-' : ''}${kept[0]}${digits === 0 ? '' : `.${kept.slice(1)}`}e${exponent}`;
}

/** `%.Nf`. */
function fixed(value: number, digits: number): string {
  // JavaScript writes an exponent from 1e21 on, and such numbers are whole.
  if (Math.abs(value) >= 1e21) return BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
  const count = Math.min(digits, EXACT);
  const text = value.toFixed(count);
  if (count === EXACT) return text;
  const exact = Math.abs(value).toFixed(EXACT);
  const cut = exact.length - EXACT + count;
  const [kept, rest] = [exact.slice(0, cut), exact.slice(cut)];
  const isTie = /^50*$/.test(rest);
  const isEven = Number(kept.replace(/\.$/, '').at(-1)) % 2 === 0;
  return isTie && isEven ? (value < 0 ? '-' : '') + kept.replace(/\.$/, '') : text;
}

/** `%.Ng`: at most N digits, an exponent below 1e-4 and from 10^N on, no trailing zeros. */
export function general(value: number, digits: number): string {
  if (!Number.isFinite(value)) return formatFloat(value);
  const count = Math.max(1, digits);
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const text = exponential(value, Math.min(count, EXACT) - 1);
  const exponent = Number(text.slice(text.indexOf('e') + 1));
  if (exponent < -4 || exponent >= count) return twoDigits(text.replace(/(?:\.0+|(\.\d*?)0+)e/, '$1e'));
  const plain = fixed(value, Math.max(0, Math.min(EXACT, count - 1 - exponent)));
  return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
}
