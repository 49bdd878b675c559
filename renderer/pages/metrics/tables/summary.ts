import type { ChartData, ChartLine } from '../../../charts/chart-lines.ts';
import { toCsv } from '../../../components/table-text.ts';

/** What a series amounts to over the time range. */
export type SeriesSummary = {
  readonly line: ChartLine;
  readonly newest: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Steps that have a value. */
  readonly count: number;
};

/** Newest, least, greatest and mean value of a series, over the steps that have one. */
export function summarise(line: ChartLine): SeriesSummary {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let count = 0;
  let newest: number | null = null;
  for (const value of line.values) {
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    count += 1;
    newest = value;
  }
  if (count === 0) return { line, newest: null, min: null, max: null, mean: null, count };
  return { line, newest, min, max, mean: sum / count, count };
}

/** All samples as one CSV: a line a step, a column a series, times in UTC and unix milliseconds. */
export function samplesCsv({ times, lines }: Pick<ChartData, 'times' | 'lines'>): string {
  // The same series may come of two expressions; then their letters tell the columns apart.
  const seen = new Set<string>();
  const twice = new Set(
    lines.filter(({ full }) => seen.size === seen.add(full).size).map(({ full }) => full),
  );
  return toCsv(
    [
      { title: 'time', text: (step: number) => new Date(times[step] ?? 0).toISOString() },
      { title: 'unix_ms', text: (step: number) => String(times[step] ?? '') },
      ...lines.map((line) => ({
        title: twice.has(line.full) ? line.key : line.full,
        text: (step: number) => String(line.values[step] ?? ''),
      })),
    ],
    times.map((_, step) => step),
  );
}
