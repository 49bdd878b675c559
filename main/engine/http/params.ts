import { parseDuration } from '#shared/units/duration.ts';
import { ApiRefusal, refuseParameter } from './refusal.ts';

/** The parameters of a request: those of the body before those of the address, as Go merges them. */
export type Params = {
  /** The first value of a parameter, or '' when it is absent. */
  readonly get: (name: string) => string;
  readonly all: (name: string) => readonly string[];
  /** What was wrong with the encoding of a pair, or null; such a pair is left out. */
  readonly malformed: string | null;
};

/** Reads `a=b&c=d` texts, each in the way of Go's net/url: no semicolons, every escape whole. */
export function parseParams(...texts: readonly string[]): Params {
  const values = new Map<string, string[]>();
  let malformed: string | null = null;
  for (const text of texts)
    for (const pair of text.split('&')) {
      if (pair === '') continue;
      if (pair.includes(';')) {
        malformed ??= 'invalid semicolon separator in query';
        continue;
      }
      const equals = pair.indexOf('=');
      const name = decode(equals < 0 ? pair : pair.slice(0, equals));
      const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
      if ('wrong' in name || 'wrong' in value) {
        const wrong = 'wrong' in name ? name.wrong : 'wrong' in value ? value.wrong : '';
        malformed ??= `invalid URL escape ${JSON.stringify(wrong)}`;
        continue;
      }
      const there = values.get(name.text);
      if (there === undefined) values.set(name.text, [value.text]);
      else there.push(value.text);
    }
  return {
    get: (name) => values.get(name)?.[0] ?? '',
    all: (name) => values.get(name) ?? [],
    malformed,
  };
}

function decode(text: string): { readonly text: string } | { readonly wrong: string } {
  const wrong = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(text);
  if (wrong !== null) return { wrong: wrong[0] };
  const spaced = text.replaceAll('+', ' ');
  try {
    return { text: decodeURIComponent(spaced) };
  } catch {
    // Bytes that are no UTF-8 become the replacement character, which no name or label in the store contains.
    return {
      text: Buffer.from(
        spaced.replace(/%([0-9a-fA-F]{2})/g, (_, hex) => bytes(hex)),
        'latin1',
      ).toString(),
    };
  }
}

function bytes(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

/** Refuses a request whose parameters are not all well encoded. */
export function refuseMalformed(params: Params): void {
  if (params.malformed !== null)
    throw new ApiRefusal('bad_data', `error parsing form values: ${params.malformed}`);
}

const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;
/** The ends of time as Prometheus writes them, which its own clients send for "everything"; here those of JavaScript. */
const ENDS: Readonly<Record<string, number>> = {
  '-292273086-05-16T16:47:06Z': -8_640_000_000_000_000,
  '292277025-08-18T07:12:54.999999999Z': 8_640_000_000_000_000,
};

/** A point in time as Prometheus takes it: unix seconds with fractions, or RFC 3339. UTC milliseconds, or null. */
export function parseApiTime(text: string): number | null {
  if (FLOAT.test(text)) {
    const seconds = Number(text);
    const whole = Math.trunc(seconds);
    // The same roundings as in Prometheus, so that the same fraction becomes the same millisecond.
    const fraction = Math.round((seconds - whole) * 1000) / 1000;
    const ms = whole * 1000 + Math.floor(Math.trunc(fraction * 1e9) / 1e6);
    return Number.isSafeInteger(ms) ? ms : null;
  }
  const found = RFC3339.exec(text);
  if (found === null) return ENDS[text] ?? null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone = ''] =
    found;
  const midnight = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  const isDate = !Number.isNaN(midnight) && new Date(midnight).getUTCDate() === Number(day);
  if (!isDate || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const local = midnight + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  const offset =
    zone === 'Z' ? 0 : Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
  return local + Number(fraction.slice(0, 3).padEnd(3, '0')) - offset * 60_000;
}

/** A time that must be given. */
export function requiredTime(params: Params, name: string): number {
  const text = params.get(name);
  const time = parseApiTime(text);
  return time ?? refuseParameter(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`);
}

/** A time that may be left out. */
export function optionalTime<T>(params: Params, name: string, absent: T): number | T {
  const text = params.get(name);
  if (text === '') return absent;
  const why = `Invalid time value for '${name}': cannot parse ${JSON.stringify(text)} to a valid timestamp`;
  return parseApiTime(text) ?? refuseParameter(name, why);
}

/** Seconds that Go's 64-bit nanoseconds can hold. */
const MOST_SECONDS = 2 ** 63 / 1e9;

/** A duration: seconds with fractions, or such as `5m`. Milliseconds with fractions. */
export function requiredDuration(params: Params, name: string): number {
  const text = params.get(name);
  if (FLOAT.test(text)) {
    const seconds = Number(text);
    if (Math.abs(seconds) <= MOST_SECONDS) return seconds * 1000;
    const why = `cannot parse ${JSON.stringify(text)} to a valid duration. It overflows int64`;
    return refuseParameter(name, why);
  }
  const ms = parseDuration(text);
  return ms ?? refuseParameter(name, `cannot parse ${JSON.stringify(text)} to a valid duration`);
}

/** The most entries a client wants, or -1 when it does not say. */
export function optionalLimit(params: Params): number {
  const text = params.get('limit');
  if (text === '') return -1;
  if (!/^[+-]?\d+$/.test(text)) throw new ApiRefusal('bad_data', 'limit must be a number');
  return Number(text);
}
