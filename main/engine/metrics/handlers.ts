import type { AreaHandlers } from '#shared/contract/index.ts';
import type { Columns, QueryData } from '#shared/contract/metrics.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { MetricsArea } from './area.ts';
import { createLabelHandlers, type ParseSelector } from './label-handlers.ts';
import { listNames } from './names.ts';
import { createRetentionHandlers } from './retention-handlers.ts';

type Range = { readonly start: number; readonly end: number; readonly stepMs: number };

/** What the handlers need of the query language. */
export type QueryAnswers = {
  readonly check: (expr: string) => Result<void>;
  readonly query: (expr: string, time: number, signal?: AbortSignal) => Promise<Result<QueryData>>;
  readonly queryRange: (expr: string, range: Range, signal?: AbortSignal) => Promise<Result<QueryData>>;
  readonly columns: (
    expr: string,
    range: Range,
    maxSeries: number,
    signal?: AbortSignal,
  ) => Promise<Result<Omit<Columns, 'tookMs'>>>;
};

/** Answers the requests of the area `metrics`. */
export function createMetricsHandlers(deps: {
  readonly area: MetricsArea;
  readonly answers: QueryAnswers;
  readonly selector: ParseSelector;
  readonly clock: Clock;
}): AreaHandlers<'metrics'> {
  const { area, answers, clock } = deps;
  return {
    'metrics.check': ({ expr }) => {
      const checked = answers.check(expr);
      return checked.ok ? ok({}) : checked;
    },
    'metrics.query': ({ expr, time }, { signal }) => answers.query(expr, time ?? clock.now(), signal),
    'metrics.queryRange': ({ expr, start, end, stepMs }, { signal }) =>
      answers.queryRange(expr, { start, end, stepMs }, signal),
    'metrics.columns': async ({ expr, start, end, stepMs, maxSeries }, { signal }) => {
      const began = clock.monotonic();
      const result = await answers.columns(expr, { start, end, stepMs }, maxSeries, signal);
      return result.ok ? ok({ ...result.value, tookMs: clock.monotonic() - began }) : result;
    },
    'metrics.names': ({ contains, limit }) => ok(listNames(area.store, contains, limit)),
    ...createLabelHandlers(area.store, deps.selector),
    ...createRetentionHandlers(area),
    'metrics.usage': async ({ limit }) => {
      const usage = await area.usage(limit);
      return usage === null ? err(appError('CANCELLED')) : ok(usage);
    },
    'metrics.limits.set': (limits) => {
      area.changeLimits(limits);
      return ok({});
    },
    'metrics.stats': () => {
      const stats = area.stats();
      return ok({ ...stats, partitions: [...stats.partitions], rollups: [...stats.rollups] });
    },
  };
}
