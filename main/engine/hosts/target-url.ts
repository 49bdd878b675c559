import type { ScrapeConfig } from '#shared/contract/hosts.ts';

/** The address of a target as it is shown; parameters included, login not. A check is named by its kind, figures over SSH by that. */
export function targetUrl(config: ScrapeConfig): string {
  if (config.probe !== undefined) return `${config.probe.kind}://${config.address}`;
  if (config.overSsh !== undefined) return `ssh://${config.address}`;
  const params = new URLSearchParams();
  for (const [name, values] of Object.entries(config.params))
    for (const value of values) params.append(name, value);
  const query = params.toString();
  return `${config.scheme}://${config.address}${config.metricsPath}${query === '' ? '' : `?${query}`}`;
}
