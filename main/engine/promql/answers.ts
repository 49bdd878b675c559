import { labelsToRecord } from '#shared/domain/labels.ts';
import { type Bilingual, ok, type Result } from '#shared/errors/index.ts';
import type { PromqlEngine, QueryRange } from './engine.ts';
import { type ApiData, instantToApi, type Noted, type RangeResult, rangeToApi } from './results.ts';
import { timeAt } from './values.ts';

/** A range result for charts: one time axis, one value column a series, null where there is no sample. */
export type ChartColumns = {
  readonly times: number[];
  readonly series: { labels: Record<string, string>; values: (number | null)[] }[];
  /** Series left out because there were more than asked for. */
  readonly seriesOmitted: number;
  /** What the user must know about an answer that is not exact. */
  readonly notes?: Bilingual[];
};

/** The engine's answers in the forms that clients take. */
export type PromqlAnswers = {
  /** Parses and checks only. */
  readonly check: (expr: string) => Result<void>;
  readonly query: (expr: string, time: number, signal?: AbortSignal) => Promise<Result<ApiData>>;
  readonly queryRange: (expr: string, range: QueryRange, signal?: AbortSignal) => Promise<Result<ApiData>>;
  readonly columns: (
    expr: string,
    range: QueryRange,
    maxSeries: number,
    signal?: AbortSignal,
  ) => Promise<Result<ChartColumns>>;
};

/** Puts an engine's results into the forms that clients take. */
export function createPromqlAnswers(engine: PromqlEngine): PromqlAnswers {
  return {
    check: engine.check,
    query: async (expr, time, signal) => {
      const result = await engine.instant(expr, time, signal);
      return result.ok ? ok(instantToApi(result.value)) : result;
    },
    queryRange: async (expr, range, signal) => {
      const result = await engine.range(expr, range, signal);
      return result.ok ? ok(rangeToApi(result.value)) : result;
    },
    columns: async (expr, range, maxSeries, signal) => {
      const result = await engine.range(expr, range, signal);
      return result.ok ? ok(toChart(result.value, maxSeries)) : result;
    },
  };
}

function toChart({ steps, columns, notes }: RangeResult & Noted, maxSeries: number): ChartColumns {
  const shown = columns.slice(0, maxSeries);
  return {
    times: Array.from({ length: steps.count }, (_, i) => timeAt(steps, i)),
    // JSON and structured clones of charts have no infinity, so a value that cannot be drawn is a gap.
    series: shown.map(({ labels, values, has }) => ({
      labels: labelsToRecord(labels),
      values: Array.from(values, (value, i) => (has[i] === 1 && Number.isFinite(value) ? value : null)),
    })),
    seriesOmitted: columns.length - shown.length,
    ...(notes === undefined ? {} : { notes: [...notes] }),
  };
}
