import { formatBytes } from './bytes.ts';

/** A value as people read it: the number, and its unit. */
export type DisplayText = { readonly number: string; readonly unit: string };

type Scale = readonly { readonly factor: number; readonly unit: string }[];

const SI: readonly (readonly [number, string])[] = [
  [1e-9, 'n'],
  [1e-6, 'µ'],
  [1e-3, 'm'],
  [1, ''],
  [1e3, 'k'],
  [1e6, 'M'],
  [1e9, 'G'],
  [1e12, 'T'],
  [1e15, 'P'],
];
const IEC: readonly (readonly [number, string])[] = [
  [1, ''],
  [1024, 'Ki'],
  [1024 ** 2, 'Mi'],
  [1024 ** 3, 'Gi'],
  [1024 ** 4, 'Ti'],
  [1024 ** 5, 'Pi'],
];

const si = (unit: string, least = 1): Scale =>
  SI.filter(([factor]) => factor >= least).map(([factor, prefix]) => ({ factor, unit: prefix + unit }));
const iec = (unit: string): Scale => IEC.map(([factor, prefix]) => ({ factor, unit: prefix + unit }));
const plain = (unit: string): Scale => [{ factor: 1, unit }];

const SECONDS: Scale = [
  { factor: 1e-9, unit: 'ns' },
  { factor: 1e-6, unit: 'µs' },
  { factor: 1e-3, unit: 'ms' },
  { factor: 1, unit: 's' },
  { factor: 60, unit: 'min' },
  { factor: 3_600, unit: 'h' },
  { factor: 86_400, unit: 'd' },
  { factor: 604_800, unit: 'wk' },
  { factor: 31_536_000, unit: 'y' },
];
/** The scale of durations for values of a unit of which so many make a second. */
const times = (perSecond: number): Scale =>
  SECONDS.map(({ factor, unit }) => ({ factor: factor * perSecond, unit }));

const SHORT: Scale = [
  { factor: 1, unit: '' },
  { factor: 1e3, unit: 'K' },
  { factor: 1e6, unit: 'Mil' },
  { factor: 1e9, unit: 'Bil' },
  { factor: 1e12, unit: 'Tri' },
];
const COUNTED: Scale = SHORT.map(({ factor }, i) => ({ factor, unit: ['', 'K', 'M', 'G', 'T'][i] ?? '' }));
const perSecond = (unit: string): Scale =>
  COUNTED.map((step) => ({ ...step, unit: `${step.unit} ${unit}`.trim() }));

/** How values of a unit are scaled and named; ids are those of Grafana, so that imported panels read the same. */
const SCALES: Readonly<Record<string, Scale>> = {
  short: COUNTED,
  si: si(''),
  // Bytes: binary and decimal.
  bytes: iec('B'),
  decbytes: si('B'),
  bits: iec('b'),
  decbits: si('b'),
  kbytes: times1024(iec('B'), 1),
  deckbytes: scaledDown(si('B'), 1e3),
  mbytes: times1024(iec('B'), 2),
  decmbytes: scaledDown(si('B'), 1e6),
  gbytes: times1024(iec('B'), 3),
  decgbytes: scaledDown(si('B'), 1e9),
  tbytes: times1024(iec('B'), 4),
  dectbytes: scaledDown(si('B'), 1e12),
  // Data rates.
  binBps: iec('B/s'),
  Bps: si('B/s'),
  binbps: iec('b/s'),
  bps: si('b/s'),
  KBs: scaledDown(si('B/s'), 1e3),
  KiBs: times1024(iec('B/s'), 1),
  MBs: scaledDown(si('B/s'), 1e6),
  MiBs: times1024(iec('B/s'), 2),
  GBs: scaledDown(si('B/s'), 1e9),
  GiBs: times1024(iec('B/s'), 3),
  Kbits: scaledDown(si('b/s'), 1e3),
  Mbits: scaledDown(si('b/s'), 1e6),
  Gbits: scaledDown(si('b/s'), 1e9),
  pps: si('p/s'),
  // Time.
  ns: times(1e9),
  µs: times(1e6),
  ms: times(1e3),
  s: SECONDS,
  m: times(1 / 60),
  h: times(1 / 3_600),
  d: times(1 / 86_400),
  hertz: si('Hz'),
  rotrpm: plain('rpm'),
  rothz: si('Hz'),
  // Throughput.
  cps: perSecond('c/s'),
  ops: perSecond('ops/s'),
  reqps: perSecond('req/s'),
  rps: perSecond('rd/s'),
  wps: perSecond('wr/s'),
  iops: perSecond('io/s'),
  eps: perSecond('evt/s'),
  mps: perSecond('msg/s'),
  recps: perSecond('rec/s'),
  rowsps: perSecond('rows/s'),
  cpm: perSecond('c/min'),
  opm: perSecond('ops/min'),
  reqpm: perSecond('req/min'),
  rpm: perSecond('rd/min'),
  wpm: perSecond('wr/min'),
  // Electricity, temperature, and what else stands in server rooms.
  watt: si('W', 1e-3),
  kwatt: scaledDown(si('W', 1e-3), 1e3),
  megwatt: scaledDown(si('W', 1e-3), 1e6),
  voltamp: si('VA'),
  wattm2: plain('W/m²'),
  joule: si('J'),
  watth: si('Wh'),
  watthperkg: si('Wh/kg'),
  kwatth: scaledDown(si('Wh'), 1e3),
  amp: si('A', 1e-3),
  mamp: scaledDown(si('A', 1e-3), 1e-3),
  volt: si('V', 1e-3),
  mvolt: scaledDown(si('V', 1e-3), 1e-3),
  ohm: si('Ω'),
  dBm: plain('dBm'),
  dB: plain('dB'),
  celsius: plain('°C'),
  fahrenheit: plain('°F'),
  kelvin: plain('K'),
  humidity: plain('%H'),
  lengthm: si('m', 1e-3),
  pressurehpa: plain('hPa'),
  degree: plain('°'),
  flops: si('FLOPS'),
  currencyCNY: plain('¥'),
};

function times1024(scale: Scale, power: number): Scale {
  return scaledDown(scale, 1024 ** power);
}

/** For values that already count thousands, say: the same steps, reckoned in that unit. */
function scaledDown(scale: Scale, by: number): Scale {
  return scale.map(({ factor, unit }) => ({ factor: factor / by, unit }));
}

/** Names by which units are known beside their id. */
const ALIASES: Readonly<Record<string, string>> = {
  us: 'µs',
  decKBs: 'KBs',
  bytesPerSecond: 'binBps',
  seconds: 's',
};

/** The greatest step that leaves at least 1 before the point; the least for what is smaller. */
function stepOf(scale: Scale, size: number): Scale[number] {
  // Zero is written in the base unit.
  if (size === 0)
    return scale.find(({ unit, factor }) => factor === 1 || unit === '') ?? { factor: 1, unit: '' };
  // What rounds up to the next step is written in it: 1 MiB and not 1,024 KiB.
  return scale.findLast(({ factor }) => size >= factor * 0.99995) ?? scale[0] ?? { factor: 1, unit: '' };
}

/** At most four significant digits, or so many decimals as are asked for; thousands are grouped. */
function digits(value: number, decimals: number | null): string {
  if (decimals !== null)
    return value.toLocaleString('en-US', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) return value.toExponential(2);
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return value.toLocaleString(
    'en-US',
    size >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 },
  );
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** Whether the console knows a unit; of one it does not know, the id itself is written behind the number. */
export function isKnownUnit(id: string): boolean {
  return (
    WRITTEN_OTHERWISE.has(id) ||
    Object.hasOwn(SCALES, ALIASES[id] ?? id) ||
    /^(?:prefix|suffix|si|count|time|currency):/.test(id)
  );
}

const WRITTEN_OTHERWISE: ReadonlySet<string> = new Set([
  '',
  'none',
  'string',
  'percent',
  'percentunit',
  'sci',
  'hex',
  'hex0x',
  'bool',
  'bool_yes_no',
  'bool_on_off',
  'dateTimeAsIso',
  'dateTimeAsUS',
  'dateTimeAsLocal',
  'dateTimeFromNow',
  'dtdurations',
  'dtdurationms',
  'dthms',
  'dtdhms',
  'clocks',
  'clockms',
  'locale',
]);

function clock(totalSeconds: number): string {
  const all = Math.floor(Math.abs(totalSeconds));
  const two = (part: number): string => String(part).padStart(2, '0');
  const days = Math.floor(all / 86_400);
  const time = `${two(Math.floor(all / 3_600) % 24)}:${two(Math.floor(all / 60) % 60)}:${two(all % 60)}`;
  return `${totalSeconds < 0 ? '-' : ''}${days > 0 ? `${days} d ` : ''}${time}`;
}

/** UTC milliseconds as `YYYY-MM-DD HH:mm:ss` in the machine's zone. */
function localTime(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return '—';
  const two = (part: number): string => String(part).padStart(2, '0');
  return (
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
    `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  );
}

/** Units that no scale describes; null for all others. */
function special(
  value: number,
  id: string,
  decimals: number | null,
  language: 'zh' | 'en',
): DisplayText | null {
  const word = (zh: string, en: string): DisplayText => ({ number: language === 'zh' ? zh : en, unit: '' });
  switch (id) {
    case '':
    case 'none':
    case 'string':
    case 'locale':
      return { number: digits(value, decimals), unit: '' };
    case 'percent':
      return { number: digits(decimals === null ? Number(value.toFixed(2)) : value, decimals), unit: '%' };
    case 'percentunit':
      return {
        number: digits(decimals === null ? Number((value * 100).toFixed(2)) : value * 100, decimals),
        unit: '%',
      };
    case 'sci':
      return { number: value.toExponential(decimals ?? undefined), unit: '' };
    case 'hex':
      return { number: Math.round(value).toString(16).toUpperCase(), unit: '' };
    case 'hex0x':
      return { number: `0x${Math.round(value).toString(16).toUpperCase()}`, unit: '' };
    case 'bool':
      return word(value === 0 ? '假' : '真', value === 0 ? 'False' : 'True');
    case 'bool_yes_no':
      return word(value === 0 ? '否' : '是', value === 0 ? 'No' : 'Yes');
    case 'bool_on_off':
      return word(value === 0 ? '关' : '开', value === 0 ? 'Off' : 'On');
    case 'dateTimeAsIso':
    case 'dateTimeAsUS':
    case 'dateTimeAsLocal':
    case 'dateTimeFromNow':
      return { number: localTime(value), unit: '' };
    case 'dtdurations':
    case 'dthms':
    case 'dtdhms':
    case 'clocks':
      return { number: clock(value), unit: '' };
    case 'dtdurationms':
    case 'clockms':
      return { number: clock(value / 1000), unit: '' };
    default:
      return null;
  }
}

/** Units that operators make up: `suffix: rows`, `prefix:No. `, `si:Hz`, `count:req`. Null for all others. */
function madeUp(value: number, id: string, decimals: number | null): DisplayText | null {
  const match = /^(prefix|suffix|si|count|time|currency):(.*)$/.exec(id);
  const [, kind, text = ''] = match ?? [];
  switch (kind) {
    case 'prefix':
    case 'currency':
      return { number: `${text}${digits(value, decimals)}`, unit: '' };
    case 'suffix':
      return { number: digits(value, decimals), unit: text.trim() };
    case 'si':
      return scaled(value, si(text.replace(/^[a-zµ]?(?=[A-Z])/, '')), decimals);
    case 'count':
      return scaled(value, perSecond(text), decimals);
    case 'time':
      return { number: localTime(value), unit: '' };
    default:
      return null;
  }
}

function scaled(value: number, scale: Scale, decimals: number | null): DisplayText {
  const step = stepOf(scale, Math.abs(value));
  return { number: digits(value / step.factor, decimals), unit: step.unit };
}

/**
 * A number in a unit, as axes, legends, tables and large values print it.
 *
 * @param id a unit as Grafana names it (`bytes`, `percentunit`, `reqps`, `suffix:rows`, …); of an unknown one the id is written
 * @param decimals digits behind the point; null for as many as four significant digits need
 */
export function displayValue(
  value: number,
  id: string,
  decimals: number | null = null,
  language: 'zh' | 'en' = 'en',
): DisplayText {
  if (!Number.isFinite(value)) return { number: notFinite(value), unit: '' };
  const unit = ALIASES[id] ?? id;
  if (unit === 'bytes' && decimals === null) {
    const [number = '', step = ''] = formatBytes(value).split(' ');
    return { number, unit: step };
  }
  const found = special(value, unit, decimals, language) ?? madeUp(value, unit, decimals);
  if (found !== null) return found;
  const scale = Object.hasOwn(SCALES, unit) ? SCALES[unit] : undefined;
  if (scale !== undefined) return scaled(value, scale, decimals);
  return { number: digits(value, decimals), unit: id };
}
