import { createHash } from 'node:crypto';
import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import { checkRelabelRule } from '#shared/domain/relabel/check.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import { formatDuration } from '#shared/units/duration.ts';

/** The host part of a target's `host:port`, or of an address alone, in lower case and without the brackets of IPv6. */
export function hostOfAddress(address: string): string {
  // Without brackets, what stands behind the last colon of an IPv6 address is no port.
  if (/^[^[\]]*:[^[\]]*:/.test(address)) return address.toLowerCase();
  return address
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}

/** The labels that a target's samples are stored under. */
export function targetLabels(config: ScrapeConfig): Record<string, string> {
  return { job: config.job, instance: config.address, ...config.labels };
}

/** A text that is the same for equal label sets. */
export function labelKey(labels: Readonly<Record<string, string>>): string {
  // An empty value is the same as no label.
  const pairs = Object.entries(labels).filter(([, value]) => value !== '');
  return JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** The id of a target: the same for the same labels, so that it survives an import of the same file. */
export function targetId(config: ScrapeConfig): string {
  return createHash('sha256')
    .update(labelKey(targetLabels(config)))
    .digest('hex')
    .slice(0, 16);
}

/** An id for a host that reads well in an address, different from all that are taken. */
export function hostId(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 100);
  const base = plain === '' ? 'host' : plain;
  if (!taken.has(base)) return base;
  for (let n = 2; ; n += 1) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}

/** What is wrong with a target's configuration beyond its schema, or null. */
export function refuseConfig(config: ScrapeConfig, field: string): AppError | null {
  if (config.timeoutMs > config.intervalMs)
    return appError(
      'SCRAPE_TIMEOUT_OVER_INTERVAL',
      {
        job: config.job,
        timeout: formatDuration(config.timeoutMs),
        interval: formatDuration(config.intervalMs),
      },
      { field: `${field}.timeoutMs` },
    );
  const reserved = Object.keys(config.labels).find((label) => label.startsWith('__'));
  if (reserved !== undefined)
    return appError('LABEL_RESERVED', { label: reserved }, { field: `${field}.labels.${reserved}` });
  for (const [index, rule] of config.metricRelabel.entries()) {
    const fault = checkRelabelRule(rule);
    if (fault)
      return appError(
        'RELABEL_RULE_INVALID',
        { job: config.job, number: index + 1, why: fault.why },
        { field: `${field}.metricRelabel.${index}.${fault.field}` },
      );
  }
  return null;
}

/** Jobs that have more targets than one of them allows, with the error that each of their scrapes fails with. */
export function refusedJobs(configs: readonly ScrapeConfig[]): ReadonlyMap<string, AppError> {
  const jobs = new Map<string, { found: number; limit: number }>();
  for (const { job, targetLimit } of configs) {
    const seen = jobs.get(job) ?? { found: 0, limit: 0 };
    const limit = Math.min(seen.limit || targetLimit, targetLimit || seen.limit);
    jobs.set(job, { found: seen.found + 1, limit });
  }
  const over = [...jobs].filter(([, { found, limit }]) => limit > 0 && found > limit);
  return new Map(over.map(([job, counts]) => [job, appError('TARGET_LIMIT_EXCEEDED', { job, ...counts })]));
}
