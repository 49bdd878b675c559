import type { ForecastStream, MetricsForecast, MetricsSettings } from '#shared/contract/metrics-settings.ts';
import { IMPORTED_EPOCH } from './partition-schema.ts';

const DAY_MS = 86_400_000;
/** What a day adds is taken from the newest days, because hosts come and go. */
const LOOK_BACK_DAYS = 7;

/** A partition as the forecast sees it. */
export type ForecastPart = {
  readonly start: number;
  readonly end: number;
  readonly epoch: number;
  readonly retentionClass: string;
  readonly seriesCount: number;
  readonly samples: number;
  readonly bytes: number;
};

/** Roll-ups of one resolution: what they take, and how many days they hold. */
export type ForecastRollup = {
  readonly resolutionMs: number;
  readonly bytes: number;
  readonly days: number;
  readonly keepMs: number;
};

export type ForecastInput = {
  readonly partitions: readonly ForecastPart[];
  readonly rollups: readonly ForecastRollup[];
  readonly headBytes: number;
  readonly freeBytes: number;
  readonly settings: MetricsSettings;
};

/** Milliseconds that spans cover together; where they overlap, once. */
function covered(spans: readonly { readonly start: number; readonly end: number }[]): number {
  let total = 0;
  let edge = Number.NEGATIVE_INFINITY;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    total += Math.max(0, end - Math.max(start, edge));
    edge = Math.max(edge, end);
  }
  return total;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** What is known of a stream that grows by so much a day until its days are full. */
function growing(bytesPerDay: number | null, keepDays: number, coveredDays: number) {
  return {
    bytesPerDay,
    keepDays,
    coveredDays,
    fullInDays: bytesPerDay === null ? null : Math.max(0, keepDays - coveredDays),
    steadyBytes: bytesPerDay === null ? null : bytesPerDay * keepDays,
  };
}

function rawStream(name: string, parts: readonly ForecastPart[], keepDays: number): ForecastStream {
  const newest = Math.max(...parts.map(({ end }) => end));
  const near = parts.filter(({ end }) => end > newest - LOOK_BACK_DAYS * DAY_MS);
  // The windows of the present day are larger than they will be as one file.
  const merged = near.filter(({ start, end }) => end - start >= DAY_MS);
  const recent = merged.length > 0 ? merged : near;
  const span = covered(recent);
  const samples = sum(recent.map((part) => part.samples));
  const bytes = sum(recent.map((part) => part.bytes));
  const last = parts.filter(({ end }) => end === newest);
  return {
    kind: 'raw',
    name,
    bytes: sum(parts.map((part) => part.bytes)),
    bytesPerSample: samples === 0 ? null : bytes / samples,
    samplesPerSecond: span === 0 ? null : (samples / span) * 1000,
    series: Math.max(...last.map(({ seriesCount }) => seriesCount)),
    ...growing(span === 0 ? null : (bytes / span) * DAY_MS, keepDays, covered(parts) / DAY_MS),
  };
}

function streamsOf({ partitions, rollups, settings }: ForecastInput): readonly ForecastStream[] {
  const classes = new Map<string, ForecastPart[]>();
  const imported = partitions.filter(({ epoch }) => epoch === IMPORTED_EPOCH);
  for (const part of partitions) {
    if (part.epoch === IMPORTED_EPOCH) continue;
    const there = classes.get(part.retentionClass);
    if (there === undefined) classes.set(part.retentionClass, [part]);
    else there.push(part);
  }
  const days = new Map(settings.classes.map((one) => [one.name, one.days]));
  const streams = [...classes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, parts]) => rawStream(name, parts, days.get(name) ?? settings.days));
  if (imported.length > 0) {
    const bytes = sum(imported.map((part) => part.bytes));
    const samples = sum(imported.map((part) => part.samples));
    streams.push({
      kind: 'imported',
      name: '',
      bytes,
      bytesPerDay: 0,
      bytesPerSample: samples === 0 ? null : bytes / samples,
      samplesPerSecond: null,
      series: Math.max(...imported.map(({ seriesCount }) => seriesCount)),
      keepDays: null,
      coveredDays: covered(imported) / DAY_MS,
      fullInDays: 0,
      steadyBytes: bytes,
    });
  }
  for (const { resolutionMs, bytes, days: rolled, keepMs } of rollups)
    streams.push({
      kind: 'rollup',
      name: resolutionMs < 3_600_000 ? `${resolutionMs / 60_000}m` : `${resolutionMs / 3_600_000}h`,
      bytes,
      bytesPerSample: null,
      samplesPerSecond: null,
      series: null,
      ...growing(rolled === 0 ? null : bytes / rolled, keepMs / DAY_MS, rolled),
    });
  return streams;
}

/**
 * Days until the streams have grown by `bytes`, or null when they never do: each grows evenly until its retention is full.
 */
export function daysUntilGrown(
  streams: readonly Pick<ForecastStream, 'bytesPerDay' | 'fullInDays'>[],
  bytes: number,
): number | null {
  if (bytes <= 0) return 0;
  let left = bytes;
  let day = 0;
  const ends = [...new Set(streams.map(({ fullInDays }) => fullInDays ?? 0))].sort((a, b) => a - b);
  for (const end of ends) {
    const rate = sum(streams.map((one) => ((one.fullInDays ?? 0) > day ? (one.bytesPerDay ?? 0) : 0)));
    if (rate * (end - day) >= left && rate > 0) return day + left / rate;
    left -= rate * (end - day);
    day = end;
  }
  return null;
}

/** The space that metrics will need, if the site goes on as in the last days. */
export function planForecast(input: ForecastInput): MetricsForecast {
  const { headBytes, freeBytes, settings } = input;
  const streams = streamsOf(input);
  const raw = streams.filter(({ kind }) => kind === 'raw');
  const known = streams.filter(({ bytesPerDay }) => bytesPerDay !== null);
  const bytes = headBytes + sum(streams.map((one) => one.bytes));
  const steadyBytes =
    raw.length === 0 ? null : headBytes + sum(streams.map((one) => one.steadyBytes ?? one.bytes));
  const limitInDays = settings.maxBytes === null ? null : daysUntilGrown(known, settings.maxBytes - bytes);
  const diskInDays = daysUntilGrown(known, freeBytes);
  return {
    streams: [...streams],
    bytes,
    headBytes,
    steadyBytes,
    fullInDays: raw.length === 0 ? null : Math.max(...known.map(({ fullInDays }) => fullInDays ?? 0)),
    freeBytes,
    // The limit ends the growth before the disk is full, if it comes first.
    diskFullInDays:
      diskInDays !== null && limitInDays !== null && limitInDays <= diskInDays ? null : diskInDays,
    limitInDays,
  };
}
