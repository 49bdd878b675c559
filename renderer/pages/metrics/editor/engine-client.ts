import type {
  MetricMetadata,
  PrometheusClient,
} from '@prometheus-io/codemirror-promql/dist/esm/client/prometheus';
import type { RequestInput, RequestName, RequestOutput } from '#shared/contract/index.ts';
import type { Result } from '#shared/errors/index.ts';
import { type Condition, selector } from './selectors.ts';

/** Asks the engine. */
export type Ask = <N extends RequestName>(
  name: N,
  input: RequestInput<N>,
) => Promise<Result<RequestOutput<N>>>;

type LibraryMatcher = { readonly type: number; readonly name: string; readonly value: string };

/** As many as a list of completions can sensibly be searched through. */
const MOST = 20_000;
const KEPT_MS = 30_000;

/** Keeps an answer for half a minute: every letter that is typed asks again. */
function kept<T>(ask: () => Promise<T>, now: () => number): () => Promise<T> {
  let answer: { readonly at: number; readonly value: Promise<T> } | null = null;
  return () => {
    if (answer === null || now() - answer.at > KEPT_MS) answer = { at: now(), value: ask() };
    return answer.value;
  };
}

/**
 * What the editor's completion asks, answered by the engine's contract instead of a server's HTTP API.
 *
 * @param deps.conditionOf turns a matcher of the grammar into a condition; null for one that is not finished
 */
export function engineClient(deps: {
  readonly ask: Ask;
  readonly now: () => number;
  readonly conditionOf: (matcher: LibraryMatcher) => Condition | null;
}): PrometheusClient {
  const { ask } = deps;
  const names = kept(async () => {
    const answer = await ask('metrics.names', { limit: MOST });
    return answer.ok ? answer.value.names : [];
  }, deps.now);
  const chosen = (metric: string | undefined, matchers: readonly LibraryMatcher[]): string[] => {
    const conditions = matchers.flatMap((matcher) => deps.conditionOf(matcher) ?? []);
    return metric || conditions.length > 0 ? [selector(metric ?? '', conditions)] : [];
  };
  return {
    metricNames: async () => (await names()).map(({ name }) => name),
    metricMetadata: async (): Promise<Record<string, MetricMetadata[]>> =>
      Object.fromEntries((await names()).map(({ name, type, help }) => [name, [{ type, help }]])),
    labelNames: async (metric) => {
      const answer = await ask('metrics.labelNames', { matchers: chosen(metric, []), limit: MOST });
      return answer.ok ? answer.value.names : [];
    },
    labelValues: async (label, metric, matchers = []) => {
      const others = matchers.filter(({ name }) => name !== label);
      const answer = await ask('metrics.labelValues', {
        label,
        matchers: chosen(metric, others),
        limit: MOST,
      });
      return answer.ok ? answer.value.values : [];
    },
    series: async (metric, matchers = []) => {
      const answer = await ask('metrics.series', { matchers: chosen(metric, matchers) });
      return answer.ok ? answer.value.series.map((labels) => new Map(Object.entries(labels))) : [];
    },
    flags: async () => ({}),
  };
}
