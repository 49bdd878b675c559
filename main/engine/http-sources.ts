import { ok } from '#shared/errors/index.ts';
import { TRUNCATED } from './http/answer.ts';
import type { AnswerText, QuerySources } from './http/sources.ts';
import type { MetricsArea } from './metrics/area.ts';
import { describeMetrics } from './metrics/label-handlers.ts';
import { findLabelNames, findLabelValues, findSeries } from './metrics/label-queries.ts';
import { newestSamples } from './metrics/newest-samples.ts';
import { inPortions } from './platform/portions.ts';
import { type ApiText, instantText, rangeText } from './promql/api-json.ts';
import type { PromqlEngine } from './promql/engine.ts';
import type { Noted } from './promql/results.ts';
import { parseSelectorText } from './promql/selector.ts';

/** What is read of the series store. */
type StoreParts = { readonly store: MetricsArea['store']; readonly stats: QuerySources['storeStats'] };

/** What the HTTP API reads from the query language and from the series store. */
export function apiQuerySources(promql: PromqlEngine, { store, stats }: StoreParts): QuerySources {
  return {
    instant: async (expr, time, limit, signal) => {
      const result = await promql.instant(expr, time, signal);
      return result.ok ? ok(withWarnings(instantText(result.value, limit), result.value)) : result;
    },
    range: async (expr, range, limit, signal) => {
      const result = await promql.range(expr, range, signal);
      return result.ok ? ok(withWarnings(rangeText(result.value, limit), result.value)) : result;
    },
    check: promql.check,
    selector: parseSelectorText,
    series: (choice, signal) => inPortions(findSeries(store, choice), signal),
    labelNames: (choice, signal) => inPortions(findLabelNames(store, choice), signal),
    labelValues: (label, choice, signal) => inPortions(findLabelValues(store, label, choice), signal),
    newest: (choice, signal) => inPortions(newestSamples(store, choice), signal),
    metadata: () => describeMetrics(store),
    headStats: () => store.headStats(),
    storeStats: stats,
  };
}

/** What the client must know, in the language of the API: that a part is approximate, or that the list goes on. */
function withWarnings({ pieces, truncated }: ApiText, { notes = [] }: Noted): AnswerText {
  return { pieces, warnings: [...notes.map(({ en }) => en), ...(truncated ? [TRUNCATED] : [])] };
}
