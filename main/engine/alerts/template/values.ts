/** Go's `map[string]string` or `map[string]interface{}`. */
export class GoMap {
  readonly entries: ReadonlyMap<string, GoValue>;
  readonly elem: 'string' | 'any';

  constructor(entries: ReadonlyMap<string, GoValue>, elem: 'string' | 'any') {
    this.entries = entries;
    this.elem = elem;
  }
}

/** A vector's element as templates see it: `*template.sample`. */
export class GoSample {
  readonly labels: GoMap;
  readonly value: number;

  constructor(labels: ReadonlyMap<string, string>, value: number) {
    this.labels = new GoMap(labels, 'string');
    this.value = value;
  }
}

/** A query's result: `template.queryResult`. */
export class GoVector {
  readonly samples: readonly GoSample[];

  constructor(samples: readonly GoSample[]) {
    this.samples = samples;
  }
}

/** A moment: `*time.Time`, in UTC, milliseconds since 1970 as Prometheus keeps them. */
export class GoTime {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
}

/** Text marked safe: `template.HTML`. */
export class GoHtml {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The data that a template starts with: a struct of named fields. */
export class GoStruct {
  readonly type: string;
  readonly fields: ReadonlyMap<string, GoValue>;

  constructor(type: string, fields: ReadonlyMap<string, GoValue>) {
    this.type = type;
    this.fields = fields;
  }
}

/** A value of a template: `null` is nil, a number is a float64, a bigint an int. */
export type GoValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | GoMap
  | GoSample
  | GoVector
  | GoTime
  | GoHtml
  | GoStruct;

/** The name of a value's type, as Go's `%T`. */
export function typeName(value: GoValue): string {
  if (value === null) return '<nil>';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float64';
    case 'string':
      return 'string';
    default:
  }
  if (value instanceof GoMap)
    return value.elem === 'string' ? 'map[string]string' : 'map[string]interface {}';
  if (value instanceof GoSample) return '*template.sample';
  if (value instanceof GoVector) return 'template.queryResult';
  if (value instanceof GoTime) return '*time.Time';
  if (value instanceof GoHtml) return 'template.HTML';
  return value.type;
}

/** Whether a value is not empty (`template.IsTrue`). */
export function isTrue(value: GoValue): boolean {
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value !== 0n;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value.length > 0;
  if (value instanceof GoMap) return value.entries.size > 0;
  if (value instanceof GoVector) return value.samples.length > 0;
  if (value instanceof GoHtml) return value.text.length > 0;
  return true;
}

/** A float64 as Go's `%v`: the shortest digits, with an exponent below 1e-4 and from 1e6 on. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < EXPONENT_FROM)) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

/** `strconv.FormatFloat(v, 'g', -1, 64)` decides by six digits. */
const EXPONENT_FROM = 1e6;

/** A value as Go's `%v` and the template itself print it. */
export function printed(value: GoValue): string {
  if (value === null) return '<nil>';
  if (typeof value === 'number') return formatFloat(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof GoMap)
    return `map[${sortedEntries(value)
      .map(([key, each]) => `${key}:${printed(each)}`)
      .join(' ')}]`;
  if (value instanceof GoSample) return `&{${printed(value.labels)} ${printed(value.value)}}`;
  // Pointers inside of a slice print as addresses in Go, which no rule can mean; their values say more.
  if (value instanceof GoVector) return `[${value.samples.map(printed).join(' ')}]`;
  if (value instanceof GoTime) return timeText(value.ms);
  if (value instanceof GoHtml) return value.text;
  return `{${[...value.fields.values()].map(printed).join(' ')}}`;
}

/** The entries of a map in the order in which Go prints them and ranges over them. */
export function sortedEntries(map: GoMap): readonly (readonly [string, GoValue])[] {
  return [...map.entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** A moment as Go's `time.Time.String`: `2017-07-14 02:40:00.5 +0000 UTC`. */
export function timeText(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return 'invalid time';
  const [day = '', rest = ''] = date.toISOString().split('T');
  const [clock = '', fraction = ''] = rest.replace('Z', '').split('.');
  const digits = fraction.replace(/0+$/, '');
  return `${day} ${clock}${digits === '' ? '' : `.${digits}`} +0000 UTC`;
}
