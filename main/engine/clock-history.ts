import { type ClockPoints, earlierBy } from '#shared/domain/host-clock.ts';
import type { PromqlAnswers } from './promql/answers.ts';

/** Where the measured offsets are read: the console's own series. */
export type OffsetSource = Pick<PromqlAnswers, 'columns'>;

/** A clock's offset over time. */
export type ClockHistory = {
  readonly points: ClockPoints;
  /** How far off it was in the middle of the time that was asked for, milliseconds. */
  readonly typical: number;
};

/** Less than this nobody sees in a timeline. */
const WORTH_MS = 1_000;
const HOUR_MS = 3_600_000;
/** Clocks that are further off are wrong by days, and are told of by their alert. */
const MOST_AWAY_MS = 26 * HOUR_MS;
const MOST_STEPS = 240;
const SHORTEST_STEP_MS = 15_000;
const MOST_HOSTS = 1_000;

/**
 * The hosts whose clocks were off for certain (by more than what measuring may be wrong by), with how far, around a span of written
 * times.
 *
 * @param now this workstation's; the present offsets say how far from what is written the truth may lie
 * @param hosts null for all
 */
export async function clockHistories(
  source: OffsetSource,
  span: { readonly start: number; readonly end: number },
  now: number,
  hosts: readonly string[] | null,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ClockHistory>> {
  const matcher = hosts === null ? '' : `{host=~"${hosts.map(asRegex).join('|')}"}`;
  const read = async (metric: string, start: number, end: number): Promise<Columns> => {
    const stepMs = Math.max(SHORTEST_STEP_MS, Math.ceil((end - start) / MOST_STEPS));
    const range = { start, end, stepMs };
    const found = await source.columns(`max by (host) (${metric}${matcher})`, range, MOST_HOSTS, signal);
    // A timeline is worth more uncorrected than not at all.
    return found.ok ? found.value : { times: [], series: [] };
  };
  const present = await read(OFFSET, now, now);
  const away = Math.max(
    0,
    ...present.series.flatMap(({ values }) => values.map((one) => Math.abs(one ?? 0))),
  );
  const around = HOUR_MS + Math.min(MOST_AWAY_MS, away * 1000);
  const [start, end] = [span.start - around, Math.min(span.end + around, now)];
  if (start >= end) return new Map();
  const offsets = await read(OFFSET, start, end);
  if (offsets.series.length === 0) return new Map();
  const errors = await read(ERROR, start, end);
  const errorOf = new Map(errors.series.map(({ labels, values }) => [labels.host, values]));
  const histories = new Map<string, ClockHistory>();
  for (const { labels, values } of offsets.series) {
    const points = offsets.times.flatMap((at, index) => {
      const seconds = values[index] ?? null;
      if (seconds === null) return [];
      const error = errorOf.get(labels.host)?.[index] ?? 0;
      const isCertain = (Math.abs(seconds) - error) * 1000 >= WORTH_MS;
      return [{ at, offsetMs: isCertain ? seconds * 1000 : 0 }];
    });
    if (labels.host === undefined || points.every(({ offsetMs }) => offsetMs === 0)) continue;
    const middle = (span.start + span.end) / 2;
    histories.set(labels.host, { points, typical: Math.round(middle - earlierBy(points, middle)) });
  }
  return histories;
}

/** {@link clockHistories} of one source, for those who do not know where offsets are measured. */
export function hostClocks(
  source: OffsetSource,
): (...asked: DropFirst<Parameters<typeof clockHistories>>) => ReturnType<typeof clockHistories> {
  return (...asked) => clockHistories(source, ...asked);
}

type DropFirst<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never;

type Columns = {
  readonly times: readonly number[];
  readonly series: readonly {
    readonly labels: Record<string, string>;
    readonly values: readonly (number | null)[];
  }[];
};

const OFFSET = 'hmtt_host_clock_offset_seconds';
const ERROR = 'hmtt_host_clock_error_seconds';

const asRegex = (name: string): string =>
  name
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n');
