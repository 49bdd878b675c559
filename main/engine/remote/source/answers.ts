import * as z from 'zod';
import type { AreaHandlers } from '#shared/contract/index.ts';
import { type MetricMetadata, metricNameSchema } from '#shared/contract/metrics.ts';
import type { DataSource, RemoteServer } from '#shared/contract/remote.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { HttpClient } from '../../platform/http/client.ts';
import { type ApiParams, apiUrl, askApi } from './api.ts';
import { BadAnswer, readLabelSets, readMetadata, readQueryData, readTexts, toColumns } from './read-data.ts';

/** The requests of `metrics` that are answered from where the source setting says. */
export type MetricsAnswers = Pick<
  AreaHandlers<'metrics'>,
  | 'metrics.query'
  | 'metrics.queryRange'
  | 'metrics.columns'
  | 'metrics.names'
  | 'metrics.series'
  | 'metrics.labelNames'
  | 'metrics.labelValues'
  | 'metrics.metadata'
>;

/** Longer lists of names are not counted one by one. */
const MOST_COUNTED = 500;
const MOST_POINTS = 11_000;

const buildInfo = z.object({ version: z.string().max(200).optional() });

/** Answers from a server that speaks Prometheus's HTTP API. */
export function remoteAnswers({ http, clock }: { readonly http: HttpClient; readonly clock: Clock }) {
  const get = async <T>(
    server: RemoteServer,
    method: 'GET' | 'POST',
    path: string,
    params: ApiParams,
    signal: AbortSignal,
    read: (data: unknown) => T,
  ): Promise<Result<T>> => {
    const answer = await askApi(http, server, method, path, params, signal);
    if (!answer.ok) return answer;
    try {
      return ok(read(answer.value));
    } catch (thrown) {
      if (!(thrown instanceof BadAnswer)) throw thrown;
      const { origin, pathname } = apiUrl(server, path);
      return err(appError('REMOTE_SOURCE_ANSWER', { url: origin + pathname, why: thrown.message }));
    }
  };

  const range = (
    server: RemoteServer,
    asked: {
      readonly expr: string;
      readonly start: number;
      readonly end: number;
      readonly stepMs: number;
    },
    signal: AbortSignal,
  ) => {
    const { expr, start, end, stepMs } = asked;
    if (end < start || (end - start) / stepMs > MOST_POINTS) {
      const why = end < start ? 'end < start' : `> ${MOST_POINTS}`;
      return Promise.resolve(err(appError('PROMQL_RANGE_INVALID', { why })));
    }
    const params = {
      query: expr,
      start: seconds(start),
      end: seconds(end),
      step: seconds(stepMs),
      // VictoriaMetrics moves the range onto multiples of the step otherwise; others do not know it.
      nocache: '1',
    };
    return get(server, 'POST', 'query_range', params, signal, readQueryData);
  };

  /** Numbers of series by metric; empty when the server will not say. */
  const countSeries = async (
    server: RemoteServer,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, number>> => {
    const plain = names.filter((name) => /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name));
    if (plain.length === 0 || plain.length > MOST_COUNTED) return new Map();
    const query = `count by (__name__) ({__name__=~"${plain.join('|')}"})`;
    const counted = await get(server, 'POST', 'query', { query }, signal, readQueryData);
    if (!counted.ok || counted.value.resultType !== 'vector') return new Map();
    return new Map(
      counted.value.result.map(({ metric, value }) => [metric.__name__ ?? '', Number(value[1])]),
    );
  };

  const from = (server: RemoteServer): MetricsAnswers => ({
    'metrics.query': ({ expr, time }, { signal }) =>
      get(
        server,
        'POST',
        'query',
        { query: expr, time: seconds(time ?? clock.now()) },
        signal,
        readQueryData,
      ),
    'metrics.queryRange': (asked, { signal }) => range(server, asked, signal),
    'metrics.columns': async (asked, { signal }) => {
      const began = clock.monotonic();
      const answer = await range(server, asked, signal);
      if (!answer.ok) return answer;
      try {
        const columns = toColumns(answer.value, asked, asked.maxSeries);
        return ok({ ...columns, tookMs: clock.monotonic() - began });
      } catch (thrown) {
        if (!(thrown instanceof BadAnswer)) throw thrown;
        return err(appError('REMOTE_SOURCE_ANSWER', { url: server.url, why: thrown.message }));
      }
    },
    'metrics.names': async ({ contains, limit }, { signal }) => {
      const found = await get(server, 'GET', 'label/__name__/values', {}, signal, readTexts);
      if (!found.ok) return found;
      const names = containing(found.value, contains);
      const shown = names.slice(0, limit);
      const [told, counts] = await Promise.all([
        get(server, 'GET', 'metadata', {}, signal, readMetadata),
        countSeries(server, shown, signal),
      ]);
      // A server without metadata is no failure: VictoriaMetrics answers an empty one, others none.
      const known = told.ok ? told.value : new Map<string, never>();
      return ok({
        names: shown.map((name) => {
          const { type = '', help = '' } = known.get(name) ?? {};
          return { name, type: typeOf(type), help, series: counts.get(name) ?? 0 };
        }),
        total: names.length,
      });
    },
    'metrics.series': async ({ matchers, start, end, limit }, { signal }) => {
      const params = { 'match[]': matchers, ...span(start, end) };
      const found = await get(server, 'POST', 'series', params, signal, readLabelSets);
      if (!found.ok) return found;
      return ok({ series: found.value.slice(0, limit), total: found.value.length });
    },
    'metrics.labelNames': async ({ matchers, start, end, contains, limit }, { signal }) => {
      const params = { 'match[]': matchers, ...span(start, end) };
      const found = await get(server, 'POST', 'labels', params, signal, readTexts);
      if (!found.ok) return found;
      const names = containing(found.value, contains);
      return ok({ names: names.slice(0, limit), total: names.length });
    },
    'metrics.labelValues': async ({ label, matchers, start, end, contains, limit }, { signal }) => {
      const path = `label/${encodeURIComponent(label)}/values`;
      const params = { 'match[]': matchers, ...span(start, end) };
      const found = await get(server, 'GET', path, params, signal, readTexts);
      if (!found.ok) return found;
      const values = containing(found.value, contains);
      return ok({ values: values.slice(0, limit), total: values.length });
    },
    'metrics.metadata': async ({ metric, limit }, { signal }) => {
      const params = metric === undefined ? {} : { metric };
      const found = await get(server, 'GET', 'metadata', params, signal, readMetadata);
      if (!found.ok) return found;
      const all = [...found.value]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { type, help, unit }]): MetricMetadata => ({ name, type: typeOf(type), help, unit }));
      return ok({ metrics: all.slice(0, limit), total: all.length });
    },
  });

  return {
    /** Handlers that ask the server of the source setting, or the local store. Never one instead of the other. */
    governed: (local: MetricsAnswers, source: () => DataSource): MetricsAnswers => {
      const chosen = (): MetricsAnswers => {
        const now = source();
        return now.kind === 'local' ? local : from(now.server);
      };
      return {
        'metrics.query': (params, context) => chosen()['metrics.query'](params, context),
        'metrics.queryRange': (params, context) => chosen()['metrics.queryRange'](params, context),
        'metrics.columns': (params, context) => chosen()['metrics.columns'](params, context),
        'metrics.names': (params, context) => chosen()['metrics.names'](params, context),
        'metrics.series': (params, context) => chosen()['metrics.series'](params, context),
        'metrics.labelNames': (params, context) => chosen()['metrics.labelNames'](params, context),
        'metrics.labelValues': (params, context) => chosen()['metrics.labelValues'](params, context),
        'metrics.metadata': (params, context) => chosen()['metrics.metadata'](params, context),
      };
    },
    /** Tries a server: it must answer a query; its version is told when it has one. */
    test: async (server: RemoteServer, signal: AbortSignal) => {
      const began = clock.monotonic();
      const asked = await get(server, 'POST', 'query', { query: '1' }, signal, readQueryData);
      if (!asked.ok) return asked;
      const names = await get(server, 'GET', 'label/__name__/values', {}, signal, readTexts);
      if (!names.ok) return names;
      const info = await get(server, 'GET', 'status/buildinfo', {}, signal, (data) =>
        buildInfo.safeParse(data),
      );
      const version = info.ok && info.value.success ? (info.value.data.version ?? '') : '';
      return ok({ tookMs: clock.monotonic() - began, version, metrics: names.value.length });
    },
  };
}

function seconds(ms: number): string {
  return String(ms / 1000);
}

function span(start: number | undefined, end: number | undefined): ApiParams {
  return {
    start: start === undefined ? undefined : seconds(start),
    end: end === undefined ? undefined : seconds(end),
  };
}

function containing(names: readonly string[], part: string): string[] {
  const wanted = part.toLowerCase();
  return names.filter((name) => name.toLowerCase().includes(wanted)).sort();
}

const TYPES = metricNameSchema.shape.type.options;

function typeOf(text: string): (typeof TYPES)[number] {
  return TYPES.find((type) => type === text) ?? 'unknown';
}
