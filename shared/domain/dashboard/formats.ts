/** Values of one variable, as a reference in a text stands for them. */
export type VariableValue = {
  readonly name: string;
  readonly values: readonly string[];
  /** What a person reads for them, of the same length. */
  readonly texts: readonly string[];
  /** It can have several values: as in Grafana, even one of them is then written as a part of a regular expression. */
  readonly several: boolean;
  /** What stands for all values where all are chosen and the variable says so; written as it is. */
  readonly all: string | null;
};

/** Escapes what a regular expression would take for more than a character. */
function escapeRegex(text: string): string {
  return text.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');
}

/** The values as one regular expression. */
export function asRegex(values: readonly string[]): string {
  const escaped = values.map(escapeRegex);
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}

function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function glob(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `{${values.join(',')}}`;
}

function quoted(values: readonly string[], quote: string, escaped: string): string {
  return values.map((value) => `${quote}${value.replaceAll(quote, escaped)}${quote}`).join(',');
}

const FORMATS: Readonly<Record<string, (value: VariableValue, argument: string) => string>> = {
  csv: ({ values }) => values.join(','),
  raw: ({ values }) => values.join(','),
  pipe: ({ values }) => values.join('|'),
  join: ({ values }, separator) => values.join(separator === '' ? ',' : separator),
  json: ({ values, several }) => JSON.stringify(several ? values : (values[0] ?? '')),
  regex: ({ values }) => asRegex(values),
  glob: ({ values }) => glob(values),
  text: ({ texts }) => texts.join(' + '),
  percentencode: ({ values }) => percentEncoded(glob(values)),
  distributed: ({ name, values }) =>
    values.map((value, i) => (i === 0 ? value : `${name}=${value}`)).join(','),
  queryparam: ({ name, values }) =>
    values.map((value) => `var-${encodeURIComponent(name)}=${percentEncoded(value)}`).join('&'),
  singlequote: ({ values }) => quoted(values, "'", "\\'"),
  doublequote: ({ values }) => quoted(values, '"', '\\"'),
  sqlstring: ({ values }) => quoted(values, "'", "''"),
  lucene: ({ values }) => {
    const words = values.map((value) => `"${value.replace(/[\\"]/g, '\\$&')}"`);
    if (words.length === 0) return '__empty__';
    return words.length === 1
      ? (values[0] ?? '').replace(/[!*+\-=<>\s&|()[\]{}^~?:\\/"]/g, '\\$&')
      : `(${words.join(' OR ')})`;
  },
};

/** Formats that are written for the variable's name or its texts, whatever stands for all values. */
const EVEN_FOR_ALL: ReadonlySet<string> = new Set(['text', 'queryparam']);

/** The values in a format such as `csv` or `join:;`; null when there is no such format. */
export function formatVariable(value: VariableValue, format: string): string | null {
  const colon = format.indexOf(':');
  const name = colon < 0 ? format : format.slice(0, colon);
  if (value.all !== null && !EVEN_FOR_ALL.has(name)) return value.all;
  const write = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  return write?.(value, colon < 0 ? '' : format.slice(colon + 1)) ?? null;
}

const two = (part: number): string => String(part).padStart(2, '0');

/** A time in a format: `iso`, `seconds`, or letters as in `YYYY-MM-DD HH:mm:ss` (UTC). */
export function formatDate(ms: number, format: string): string {
  if (format === 'seconds') return String(Math.floor(ms / 1000));
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return '';
  if (format === '' || format === 'iso') return date.toISOString();
  const parts: Readonly<Record<string, string>> = {
    YYYY: String(date.getUTCFullYear()),
    MM: two(date.getUTCMonth() + 1),
    DD: two(date.getUTCDate()),
    HH: two(date.getUTCHours()),
    mm: two(date.getUTCMinutes()),
    ss: two(date.getUTCSeconds()),
  };
  return format.replace(/YYYY|MM|DD|HH|mm|ss/g, (found) => parts[found] ?? found);
}
