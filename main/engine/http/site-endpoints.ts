import type { Target } from '#shared/contract/hosts.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { formatDuration } from '#shared/units/duration.ts';
import { jsonPairs, jsonString, jsonStrings } from '#shared/units/json-text.ts';
import { isLoopback } from './address.ts';
import { type Answer, success } from './answer.ts';
import { goTime } from './go-time.ts';
import { targetLabels } from './label-endpoints.ts';
import type { ApiRequest } from './query-endpoints.ts';
import type { ApiSources } from './sources.ts';

/** `/api/v1/targets`. The console drops no target, so that list is always empty. */
export function targets(sources: ApiSources, hostName: string) {
  return ({ params }: ApiRequest): Answer => {
    const state = params.get('state').toLowerCase();
    const pool = params.get('scrapePool');
    const active = state === '' || state === 'any' || state === 'active' ? inPools(sources) : [];
    const shown = active.filter(({ config }) => pool === '' || config.job === pool);
    const list = shown.map((target) => targetJson(target, hostName)).join(',');
    return success(`{"activeTargets":[${list}],"droppedTargets":[]}`);
  };
}

function inPools(sources: ApiSources): readonly Target[] {
  return [...sources.targets()].sort(
    (a, b) => compareText(a.config.job, b.config.job) || compareText(a.url, b.url),
  );
}

function targetJson(target: Target, hostName: string): string {
  const { config } = target;
  const members = [
    `"discoveredLabels":${jsonPairs(discovered(target))}`,
    `"labels":${jsonPairs(Object.entries(targetLabels(config)).flat())}`,
    `"scrapePool":${jsonString(config.job)}`,
    `"scrapeUrl":${jsonString(target.url)}`,
    `"globalUrl":${jsonString(globalUrl(target.url, hostName))}`,
    `"lastError":${jsonString(target.lastError?.message.en ?? '')}`,
    `"lastScrape":"${target.lastScrapeAt === null ? '0001-01-01T00:00:00Z' : goTime(target.lastScrapeAt)}"`,
    `"lastScrapeDuration":${(target.lastDurationMs ?? 0) / 1000}`,
    `"health":"${target.health}"`,
    `"scrapeInterval":"${formatDuration(config.intervalMs)}"`,
    `"scrapeTimeout":"${formatDuration(config.timeoutMs)}"`,
  ];
  return `{${members.join(',')}}`;
}

/** What is known of a target before it is scraped, as Prometheus names it; flat, in order of name. */
function discovered({ config }: Target): readonly string[] {
  const all: Record<string, string> = {
    ...config.labels,
    job: config.job,
    __address__: config.address,
    __metrics_path__: config.metricsPath,
    __scheme__: config.scheme,
    __scrape_interval__: formatDuration(config.intervalMs),
    __scrape_timeout__: formatDuration(config.timeoutMs),
  };
  for (const [name, values] of Object.entries(config.params)) all[`__param_${name}`] = values[0] ?? '';
  return Object.entries(all)
    .sort(([a], [b]) => compareText(a, b))
    .flat();
}

/** The address with this machine's name instead of loopback, as others would have to call it. */
function globalUrl(url: string, hostName: string): string {
  const found = /^(https?:\/\/)(\[[^\]]*\]|[^:/]+)(.*)$/s.exec(url);
  if (found === null) return url;
  const [, scheme = '', host = '', rest = ''] = found;
  return isLoopback(host.replace(/[[\]]/g, '')) ? scheme + hostName + rest : url;
}

/** `/api/v1/scrape_pools`. */
export function scrapePools(sources: ApiSources) {
  return (): Answer => {
    const jobs = new Set(sources.targets().map(({ config }) => config.job));
    return success(`{"scrapePools":${jsonStrings([...jobs].sort(compareText))}}`);
  };
}

/** `/api/v1/alertmanagers`: the console tells nobody but its own window. */
export function alertmanagers(): Answer {
  return success('{"activeAlertmanagers":[],"droppedAlertmanagers":[]}');
}
