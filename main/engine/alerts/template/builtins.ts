import { TemplateFault } from './fault.ts';
import { sprintf } from './printf.ts';
import type { GoFunction } from './signatures.ts';
import { GoHtml, GoMap, GoSample, type GoValue, GoVector, isTrue, printed, typeName } from './values.ts';

const MISSING = 'missing argument for comparison';
const INCOMPATIBLE = 'incompatible types for comparison';

type BasicKind = 'bool' | 'int' | 'float' | 'string';

function basicKind(value: GoValue): BasicKind | null {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
    case 'string':
      return 'string';
    default:
      return value instanceof GoHtml ? 'string' : null;
  }
}

const plain = (value: GoValue): GoValue => (value instanceof GoHtml ? value.text : value);

function refuseIncomparable(value: GoValue): void {
  if (value instanceof GoMap || value instanceof GoVector)
    throw new TemplateFault(`non-comparable type ${printed(value)}: ${typeName(value)}`);
}

function equal(first: GoValue, others: readonly GoValue[]): boolean {
  refuseIncomparable(first);
  if (others.length === 0) throw new TemplateFault(MISSING);
  for (const other of others) {
    if (basicKind(first) !== basicKind(other)) {
      if (first !== null && other !== null) throw new TemplateFault(INCOMPATIBLE);
      continue;
    }
    refuseIncomparable(other);
    if (plain(first) === plain(other)) return true;
  }
  return false;
}

function less(a: GoValue, b: GoValue): boolean {
  const [kindA, kindB] = [basicKind(a), basicKind(b)];
  if (kindA === null || kindB === null) throw new TemplateFault('invalid type for comparison');
  if (kindA !== kindB) throw new TemplateFault(INCOMPATIBLE);
  if (kindA === 'bool') throw new TemplateFault('invalid type for comparison');
  const [x, y] = [plain(a), plain(b)];
  if (typeof x === 'string' && typeof y === 'string')
    return Buffer.compare(Buffer.from(x), Buffer.from(y)) < 0;
  return (x as number) < (y as number);
}

const lessOrEqual = (a: GoValue, b: GoValue): boolean => less(a, b) || equal(a, [b]);

function compare(test: (a: GoValue, b: GoValue) => boolean): GoFunction {
  return { params: ['any', 'any'], call: ([a = null, b = null]) => test(a, b) };
}

/** `fmt.Sprint`: a space between two that are both no strings. */
function sprint(args: readonly GoValue[]): string {
  return args
    .map((arg, index) => {
      const before = args[index - 1];
      const spaced = index > 0 && typeof arg !== 'string' && typeof before !== 'string';
      return (spaced ? ' ' : '') + printed(arg);
    })
    .join('');
}

function escaping(pattern: RegExp, replace: (char: string) => string): GoFunction {
  return { params: [], rest: 'any', call: (args) => sprint(args).replace(pattern, replace) };
}

const HTML: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '\uFFFD',
};

const unicode = (char: string): string =>
  `\\u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** `url.QueryEscape`. */
export function queryEscape(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

function place(index: GoValue, length: number, isEndAllowed: boolean): number {
  if (index === null) throw new TemplateFault('cannot index slice/array with nil');
  if (typeof index !== 'bigint')
    throw new TemplateFault(`cannot index slice/array with type ${typeName(index)}`);
  const at = Number(index);
  if (at < 0 || at > length || (at === length && !isEndAllowed))
    throw new TemplateFault(`index out of range: ${at}`);
  return at;
}

function indexed(item: GoValue, keys: readonly GoValue[]): GoValue {
  if (item === null) throw new TemplateFault('index of untyped nil');
  let value: GoValue = item;
  for (const key of keys) {
    if (value instanceof GoMap) {
      if (key === null) throw new TemplateFault('value is nil; should be of type string');
      if (typeof key !== 'string')
        throw new TemplateFault(`value has type ${typeName(key)}; should be string`);
      value = value.entries.get(key) ?? (value.elem === 'string' ? '' : null);
    } else if (value instanceof GoVector)
      value = value.samples[place(key, value.samples.length, false)] ?? null;
    else if (typeof value === 'string') {
      const bytes = Buffer.from(value);
      value = BigInt(bytes[place(key, bytes.length, false)] ?? 0);
    } else if (value === null) throw new TemplateFault('index of nil pointer');
    else throw new TemplateFault(`can't index item of type ${typeName(value)}`);
  }
  return value;
}

function sliced(item: GoValue, bounds: readonly GoValue[]): GoValue {
  if (item === null) throw new TemplateFault('slice of untyped nil');
  if (bounds.length > 3) throw new TemplateFault(`too many slice indexes: ${bounds.length}`);
  const bytes = typeof item === 'string' ? Buffer.from(item) : null;
  if (bytes !== null && bounds.length === 3) throw new TemplateFault('cannot 3-index slice a string');
  if (bytes === null && !(item instanceof GoVector))
    throw new TemplateFault(`can't slice item of type ${typeName(item)}`);
  const length = bytes?.length ?? (item as GoVector).samples.length;
  const [from = 0, to = length] = bounds.map((bound) => place(bound, length, true));
  if (from > to) throw new TemplateFault(`invalid slice index: ${from} > ${to}`);
  return bytes === null
    ? new GoVector((item as GoVector).samples.slice(from, to))
    : bytes.subarray(from, to).toString('utf8');
}

function length(value: GoValue): bigint {
  if (value === null) throw new TemplateFault('reflect: call of reflect.Value.Type on zero Value');
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (value instanceof GoHtml) return BigInt(Buffer.byteLength(value.text));
  if (value instanceof GoMap) return BigInt(value.entries.size);
  if (value instanceof GoVector) return BigInt(value.samples.length);
  throw new TemplateFault(`len of type ${value instanceof GoSample ? 'template.sample' : typeName(value)}`);
}

/** The functions that every Go 1.19 template has. `and` and `or` stop early: the executor evaluates their arguments. */
export const builtins: Readonly<Record<string, GoFunction>> = {
  and: {
    params: ['any'],
    rest: 'any',
    call: (args) => args.find((arg) => !isTrue(arg)) ?? args.at(-1) ?? null,
  },
  or: { params: ['any'], rest: 'any', call: (args) => args.find(isTrue) ?? args.at(-1) ?? null },
  not: { params: ['any'], call: ([value = null]) => !isTrue(value) },
  call: {
    params: ['any'],
    rest: 'any',
    call: ([value = null]) => {
      if (value === null) throw new TemplateFault('call of nil');
      throw new TemplateFault(`non-function of type ${typeName(value)}`);
    },
  },
  eq: { params: ['any'], rest: 'any', call: ([first = null, ...others]) => equal(first, others) },
  ne: compare((a, b) => !equal(a, [b])),
  lt: compare(less),
  le: compare(lessOrEqual),
  gt: compare((a, b) => !lessOrEqual(a, b)),
  ge: compare((a, b) => !less(a, b)),
  len: { params: ['any'], call: ([value = null]) => length(value) },
  index: { params: ['any'], rest: 'any', call: ([item = null, ...keys]) => indexed(item, keys) },
  slice: { params: ['any'], rest: 'any', call: ([item = null, ...bounds]) => sliced(item, bounds) },
  print: { params: [], rest: 'any', call: sprint },
  println: { params: [], rest: 'any', call: (args) => `${args.map(printed).join(' ')}\n` },
  printf: {
    params: ['string'],
    rest: 'any',
    call: ([format = '', ...args]) => sprintf(String(format), args),
  },
  html: escaping(/["'&<>\0]/g, (char) => HTML[char] ?? char),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is to be escaped.
  js: escaping(/[\\'"<>&=\u0000-\u001f]/g, (char) => ('\\\'"'.includes(char) ? `\\${char}` : unicode(char))),
  urlquery: { params: [], rest: 'any', call: (args) => queryEscape(sprint(args)) },
};
