import { availableParallelism } from 'node:os';
import { formatDuration } from '#shared/units/duration.ts';
import { jsonPairs, jsonString } from '#shared/units/json-text.ts';
import { type Answer, success } from './answer.ts';
import { goTime } from './go-time.ts';
import { QUERY_LIMITS } from './query-endpoints.ts';
import type { ApiSources, Counted } from './sources.ts';

/** The Prometheus whose API this is. Clients such as Grafana choose what they ask by it. */
const COMPATIBLE_WITH = '2.42.0';

/** Most queries at once; as Prometheus's default. */
export const MOST_QUERIES = 20;

/** `/api/v1/status/buildinfo`: the version of the API, and behind the plus sign that of the console. */
export function buildInfo(sources: ApiSources) {
  return (): Answer =>
    success(
      `{${[
        `"version":${jsonString(`${COMPATIBLE_WITH}+hmtt.${sources.version}`)}`,
        '"revision":""',
        '"branch":""',
        '"buildUser":""',
        '"buildDate":""',
        `"goVersion":""`,
      ].join(',')}}`,
    );
}

/** `/api/v1/status/runtimeinfo`. */
export function runtimeInfo(sources: ApiSources, startedAt: number) {
  return (): Answer => {
    const members = [
      `"startTime":"${goTime(startedAt)}"`,
      `"CWD":${jsonString(process.cwd())}`,
      '"reloadConfigSuccess":true',
      `"lastConfigTime":"${goTime(Math.floor(startedAt / 1000) * 1000)}"`,
      '"corruptionCount":0',
      // What keeps the event loop busy is the nearest thing to goroutines.
      `"goroutineCount":${process.getActiveResourcesInfo().length}`,
      `"GOMAXPROCS":${availableParallelism()}`,
      '"GOGC":""',
      '"GODEBUG":""',
      `"storageRetention":"${formatDuration(sources.storeStats().retentionMs)}"`,
    ];
    return success(`{${members.join(',')}}`);
  };
}

/** `/api/v1/status/config`: the global part, from which clients take the scrape interval. */
export function config(): Answer {
  const yaml = 'global:\n  scrape_interval: 15s\n  scrape_timeout: 10s\n  evaluation_interval: 1m\n';
  return success(`{"yaml":${jsonString(yaml)}}`);
}

/** `/api/v1/status/flags`: those of Prometheus's that mean something here. */
export function flags(sources: ApiSources, listen: () => string) {
  return (): Answer =>
    success(
      jsonPairs([
        ...['query.lookback-delta', '5m'],
        ...['query.max-concurrency', String(MOST_QUERIES)],
        ...['query.max-samples', '20000000'],
        ...['query.timeout', formatDuration(QUERY_LIMITS.timeoutMs)],
        ...['storage.tsdb.min-block-duration', '2h'],
        ...['storage.tsdb.retention.time', formatDuration(sources.storeStats().retentionMs)],
        ...['web.enable-admin-api', 'false'],
        ...['web.enable-lifecycle', 'false'],
        ...['web.enable-remote-write-receiver', 'false'],
        ...['web.listen-address', listen()],
      ]),
    );
}

function counted(list: readonly Counted[]): string {
  return `[${list.map(({ name, value }) => `{"name":${jsonString(name)},"value":${value}}`).join(',')}]`;
}

/** What Prometheus gives for the times of an empty head. */
const NO_OLDEST = '9223372036854775807';
const NO_NEWEST = '-9223372036854775808';

/** `/api/v1/status/tsdb`: the newest samples, and which names and labels have the most series. */
export function tsdb(sources: ApiSources) {
  return (): Answer => {
    const head = sources.headStats();
    const stats = [
      `"numSeries":${head.series}`,
      `"numLabelPairs":${head.labelPairs}`,
      `"chunkCount":${head.chunks}`,
      `"minTime":${head.oldest ?? NO_OLDEST}`,
      `"maxTime":${head.newest ?? NO_NEWEST}`,
    ];
    const lists = [
      `"seriesCountByMetricName":${counted(head.seriesByMetric)}`,
      `"labelValueCountByLabelName":${counted(head.valuesByLabel)}`,
      `"memoryInBytesByLabelName":${counted(head.bytesByLabel)}`,
      `"seriesCountByLabelValuePair":${counted(head.seriesByPair)}`,
    ];
    return success(`{"headStats":{${stats.join(',')}},${lists.join(',')}}`);
  };
}

/** `/api/v1/status/walreplay`: the API is only there when everything is replayed. */
export function walReplay(): Answer {
  return success('{"min":0,"max":0,"current":0}');
}
