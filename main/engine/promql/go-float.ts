/** A number written as Go's `strconv.FormatFloat(v, 'f', -1, 64)`: shortest digits, never an exponent. */
export function formatPlain(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (Object.is(value, -0)) return '-0';
  const short = String(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(short);
  if (parts === null) return short;
  const [, sign = '', lead = '', fraction = '', power = '0'] = parts;
  const digits = lead + fraction;
  const exponent = Number(power);
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + digits.padEnd(exponent + 1, '0');
}

/** What stands behind a whole number for so many thousandths: '', '.001', '.002', …, '.01', … */
const DECIMALS: readonly string[] = Array.from({ length: 1000 }, (_, n) => String(n / 1000).slice(1));

/** A sample's value as Prometheus's HTTP API writes it: an exponent of at least two digits below 1e-6 and from 1e21. */
export function formatSample(value: number): string {
  const size = Math.abs(value);
  if (size < 1e9 && size >= 1e-3) {
    // At most 12 digits that are the value are its shortest ones, and most samples have no more than three decimals.
    const thousandths = Math.round(size * 1000);
    if (thousandths / 1000 === size) {
      const whole = Math.floor(thousandths / 1000);
      const text = String(whole) + DECIMALS[thousandths - whole * 1000];
      return value < 0 ? `-${text}` : text;
    }
  }
  if (size >= 1e-6 && size < 1e21) return String(value);
  if (size === 0 || !Number.isFinite(value)) return formatPlain(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

const HEX = /^[+-]?0x[0-9a-f]+$/i;
const OCTAL = /^0[0-7]+$/;

/** A number literal as Prometheus reads it: decimal, 0x…, or octal with a leading zero; null when it is none. */
export function parseLiteral(text: string): number | null {
  const word = text.toLowerCase();
  if (word === 'inf') return Number.POSITIVE_INFINITY;
  if (word === 'nan') return Number.NaN;
  if (HEX.test(text)) {
    const value = Number.parseInt(text, 16);
    return value <= Number.MAX_SAFE_INTEGER || BigInt(text) < 2n ** 63n ? value : null;
  }
  if (OCTAL.test(text) && BigInt(`0o${text}`) < 2n ** 63n) return Number.parseInt(text, 8);
  return parseDecimal(text);
}

/** A decimal number as Go's `strconv.ParseFloat` takes it; null when it is none or out of range. */
function parseDecimal(text: string): number | null {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

const HEX_FLOAT = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)p([+-]?\d+)$/i;

/** A hexadecimal floating-point number such as 0x1.8p3; exact up to 52 bits. */
function parseHexFloat(text: string): number | null {
  const [, sign = '', whole = '', fraction = '', power = ''] = HEX_FLOAT.exec(text) ?? [];
  const digits = whole + fraction;
  if (digits === '') return null;
  const value = Number.parseInt(digits, 16) * 2 ** (Number(power) - 4 * fraction.length);
  if (!Number.isFinite(value)) return null;
  return sign === '-' ? -value : value;
}

/** A bucket's bound as Go's `strconv.ParseFloat` takes it; null when it is none. */
export function parseBound(text: string): number | null {
  if (/^[+-]?inf(?:inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  // An underscore may stand between digits.
  const plain = text.replace(/(?<=[0-9a-f]|0x)_(?=[0-9a-f])/gi, '');
  return parseHexFloat(plain) ?? parseDecimal(plain);
}
