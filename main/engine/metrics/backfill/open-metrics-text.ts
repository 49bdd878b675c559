import { type Labels, METRIC_NAME } from '#shared/domain/labels.ts';

/**
 * How a staleness marker is written. OpenMetrics has no word for it; its number grammar takes `NaN` in any case, so
 * every reader reads this as a NaN, and the import knows it again. Nobody else writes it like this.
 */
export const STALE_TEXT = 'naN';

/** A value in OpenMetrics: the shortest decimal that reads back as the same float. */
export function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * UTC milliseconds as the seconds of OpenMetrics.
 *
 * Readers multiply by 1000 and drop the fraction, as Prometheus does, and the float nearest to `….123` may lie below it.
 * Where that would come out a millisecond early, a fourth decimal lifts it.
 */
export function timeText(ms: number): string {
  const whole = Math.floor(ms / 1000);
  const rest = ms - whole * 1000;
  if (rest === 0) return String(whole);
  const text = `${whole}.${String(rest).padStart(3, '0')}`;
  return Math.trunc(Number(text) * 1000) === ms ? text : `${text}1`;
}

const escaped: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/** A label value or help text with the three escapes of OpenMetrics. */
function escapeText(text: string): string {
  return text.replace(/[\\"\n]/g, (char) => escaped[char] ?? char);
}

/** The series part of a line: `name{label="value",…}`. */
export function seriesText(labels: Labels): string {
  let name = '';
  const pairs: string[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    if (labels[i] === METRIC_NAME) name = labels[i + 1] ?? '';
    else pairs.push(`${labels[i]}="${escapeText(labels[i + 1] ?? '')}"`);
  }
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}

/** What is known about a metric. */
export type Described = { readonly type: string; readonly help: string; readonly unit: string };

/** A metric's place in an OpenMetrics document: its family, and what the family may be declared as. */
export type Family = {
  readonly family: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
};

/** Suffixes of samples, and the types whose families have them. */
const SUFFIXES: readonly (readonly [string, readonly string[]])[] = [
  ['_total', ['counter']],
  ['_created', ['counter', 'histogram', 'summary']],
  ['_bucket', ['histogram', 'gaugehistogram']],
  ['_gcount', ['gaugehistogram']],
  ['_gsum', ['gaugehistogram']],
  ['_count', ['histogram', 'summary']],
  ['_sum', ['histogram', 'summary']],
  ['_info', ['info']],
];
/** Types whose samples have the family's own name. */
const BARE = new Set(['gauge', 'stateset', 'unknown', 'summary']);

/**
 * Finds the family of a metric, so that the document keeps the rules of OpenMetrics although the metric may have come in
 * the text format, which declares `http_requests_total` a counter where OpenMetrics declares `http_requests`.
 *
 * @param describe what is known of a metric or family by name
 */
export function familyOf(metric: string, describe: (name: string) => Described | undefined): Family {
  for (const [suffix, types] of SUFFIXES) {
    if (!metric.endsWith(suffix)) continue;
    const family = metric.slice(0, -suffix.length);
    for (const named of [family, metric]) {
      const known = describe(named);
      if (known !== undefined && types.includes(known.type)) return declared(family, known);
    }
  }
  const own = describe(metric);
  const type = own?.type === 'untyped' ? 'unknown' : (own?.type ?? 'unknown');
  // A counter without `_total` has no place in OpenMetrics; it stays a number of unknown kind.
  return declared(metric, {
    type: BARE.has(type) ? type : 'unknown',
    help: own?.help ?? '',
    unit: own?.unit ?? '',
  });
}

function declared(family: string, { type, help, unit }: Described): Family {
  // A unit must end the family's name.
  return { family, type, help, unit: unit !== '' && family.endsWith(`_${unit}`) ? unit : '' };
}

/** The lines that declare a family. */
export function familyText({ family, type, help, unit }: Family): string {
  return (
    `# TYPE ${family} ${type}\n` +
    (unit === '' ? '' : `# UNIT ${family} ${unit}\n`) +
    (help === '' ? '' : `# HELP ${family} ${escapeText(help)}\n`)
  );
}
