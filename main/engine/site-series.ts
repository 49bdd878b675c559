import { checkSeries } from './checks.ts';
import { hostSeries } from './host-series.ts';
import { type LogSeriesSource, logSeries } from './log-series.ts';

/** What the console says in its own series about the site: its hosts, what is checked, what its logs say. */
export function siteSeries(
  hosts: Parameters<typeof hostSeries>[0] & Parameters<typeof checkSeries>[1],
  checks: Parameters<typeof checkSeries>[0],
  logs: LogSeriesSource,
): string {
  return hostSeries(hosts) + checkSeries(checks, hosts) + logSeries(logs);
}
