import { createHttpArea, type HttpArea } from '../../main/engine/http/control.ts';
import type { ApiSources } from '../../main/engine/http/sources.ts';
import { apiQuerySources } from '../../main/engine/http-sources.ts';
import { logSeries } from '../../main/engine/log-series.ts';
import type { ArrivalTotals } from '../../main/engine/logs/search/arrivals.ts';
import type { SeriesStore } from '../../main/engine/metrics/store.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { createPromqlEngine } from '../../main/engine/promql/engine.ts';
import { selfExposition } from '../../main/engine/self-series.ts';
import { oneOfEach } from './self-facts.ts';
import { silentLogger } from './silent-logger.ts';

/** One of each thing that logs tell about. */
const arrivals = (): ArrivalTotals => ({
  queries: [{ name: 'logins', lines: 3, lastMs: 1_000 }],
  streams: [{ name: 'hmtt-error', lines: 2, lastMs: 1_000 }],
  newPatterns: [{ source: 'app', count: 1 }],
});

/** An HTTP API in the test's own process. */
export type ServedApi = {
  readonly url: string;
  readonly area: HttpArea;
  readonly close: () => Promise<void>;
};

/** What the API shows when there is a series store and nothing else. */
export function storeSources(store: SeriesStore): ApiSources {
  const promql = createPromqlEngine({ source: store, monotonic: () => performance.now() });
  const stats = () => ({
    series: 0,
    headSamples: 0,
    sealedSamples: 0,
    bytes: 0,
    partitions: [],
    retentionMs: 30 * 86_400_000,
  });
  return {
    ...apiQuerySources(promql, { store, stats }),
    version: '0.0.0',
    targets: () => [],
    problems: () => [],
    areRulesRead: () => true,
    ruleGroups: () => [],
    hostCounts: () => ({ total: 0, up: 0, down: 0, unreachable: 0, notWatched: 0 }),
    logLinesPerSecond: () => 0,
    jobsRunning: () => 0,
    moreMetrics: () =>
      `# TYPE hmtt_remote_write_up gauge\nhmtt_remote_write_up{endpoint="a"} 1\n${selfExposition(oneOfEach)}${logSeries({ arrivals })}`,
  };
}

/** Settings in memory. */
export function memorySettings() {
  const values = new Map<string, string>();
  return {
    get: (name: string) => values.get(name) ?? null,
    set: (name: string, value: string) => void values.set(name, value),
  };
}

/** An area that listens nowhere yet. */
export function makeHttpArea(sources: ApiSources, store = memorySettings()): HttpArea {
  return createHttpArea({
    sources,
    store,
    clock: systemClock,
    timers: systemTimers,
    logger: silentLogger,
    broadcast: () => undefined,
    hostName: 'console-host',
  });
}

/** Serves sources on a free port of loopback. */
export async function serveApi(sources: ApiSources, token: string | null = null): Promise<ServedApi> {
  const area = makeHttpArea(sources);
  const started = await area.start({ address: '127.0.0.1:0', token });
  const url = area.url();
  if (!started.ok || url === null) throw new Error('the API does not listen');
  return { url, area, close: area.close };
}
