import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import { formatDuration } from '#shared/units/duration.ts';
import { scrapeUrl } from '../../main/engine/collect/http/scrape-request.ts';
import { targetLabels } from '../../main/engine/hosts/identity.ts';

/** A target as Prometheus's API lists it. */
export type ActiveTarget = {
  readonly labels: Readonly<Record<string, string>>;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly scrapeInterval: string;
  readonly scrapeTimeout: string;
};

/** What `/api/v1/targets` answers. */
export type Targets = {
  readonly activeTargets: readonly ActiveTarget[];
  readonly droppedTargets: readonly unknown[];
};

/** A target in the form in which both sides can be compared: URL, labels, interval, timeout. */
function shown(
  url: string,
  labels: Readonly<Record<string, string>>,
  interval: string,
  timeout: string,
): string {
  const parsed = new URL(url);
  parsed.searchParams.sort();
  const sorted = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([parsed.href, sorted, interval, timeout]);
}

/** A target of Prometheus, to be compared. */
export const theirTarget = (one: ActiveTarget): string =>
  shown(one.scrapeUrl, one.labels, one.scrapeInterval, one.scrapeTimeout);

/** A target of the console, to be compared. */
export const ourTarget = (config: ScrapeConfig): string =>
  shown(
    scrapeUrl(config).href,
    targetLabels(config),
    formatDuration(config.intervalMs),
    formatDuration(config.timeoutMs),
  );
