import { isTargetAddress, type ScrapeConfig, scrapeConfigSchema } from '#shared/contract/hosts.ts';
import { type Labels, labelsFromRecord, labelsToRecord } from '#shared/domain/labels.ts';
import type { Relabel } from '#shared/domain/relabel/relabel.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { formatDuration, parseDuration } from '#shared/units/duration.ts';

/** What a job says about all its targets. */
export type JobSettings = Omit<ScrapeConfig, 'address'>;

/** What became of one listed target: how it is scraped, dropped by a rule, or why it cannot be scraped. */
export type Populated =
  | { readonly kind: 'target'; readonly config: ScrapeConfig }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'wrong'; readonly why: Bilingual };

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const LEAST_INTERVAL_MS = 1_000;
const LEAST_TIMEOUT_MS = 100;
const MOST_INTERVAL_MS = 86_400_000;

const wrong = (zh: string, en: string): Populated => ({ kind: 'wrong', why: { zh, en } });

/**
 * Makes a target of what a file lists, as `PopulateLabels` of Prometheus 2.42 does: the job's settings become labels
 * (`__scheme__`, `__metrics_path__`, `__param_NAME`, …), the rules change them, and what comes out says where and how
 * the target is scraped and which labels its samples get.
 *
 * @param listed the labels of the list, `__address__` among them
 */
export function populateTarget(
  job: JobSettings,
  listed: Readonly<Record<string, string>>,
  relabel: Relabel,
): Populated {
  const changed = relabel(labelsBefore(job, listed));
  if (changed === null) return { kind: 'dropped' };
  const labels = labelsToRecord(changed);
  // Prometheus takes such a target, and then refuses each of its scrapes.
  const nameless = Object.keys(labels).find((name) => !LABEL_NAME.test(name) && !name.startsWith('__param_'));
  if (nameless !== undefined)
    return wrong(
      `重新标记得出的“${shown(nameless)}”不是合法的标签名`,
      `relabelling makes "${shown(nameless)}", which is not a valid label name`,
    );
  const scheme = labels.__scheme__ ?? '';
  if (!['', 'http', 'https'].includes(scheme))
    return wrong(`协议“${scheme}”应为 http 或 https`, `the scheme "${scheme}" must be http or https`);
  const given = labels.__address__ ?? '';
  if (given === '') return wrong('目标没有地址', 'the target has no address');
  const address = withPort(given, scheme === 'https' ? 443 : 80);
  const port = Number(/:(\d+)$/.exec(address)?.[1]);
  if (!isTargetAddress(address) || port === 0)
    return wrong(`“${shown(given)}”应为“主机:端口”`, `"${shown(given)}" must be "host:port"`);
  const intervalMs = parseDuration(labels.__scrape_interval__ ?? '') ?? 0;
  const timeoutMs = parseDuration(labels.__scrape_timeout__ ?? '') ?? 0;
  if (intervalMs < LEAST_INTERVAL_MS || intervalMs > MOST_INTERVAL_MS)
    return wrong('采集间隔应在 1s 到 1d 之间', 'the scrape interval must lie between 1s and 1d');
  if (timeoutMs < LEAST_TIMEOUT_MS || timeoutMs > intervalMs)
    return wrong(
      '超时不能小于 100ms，也不能大于采集间隔',
      'the timeout must not be below 100ms or above the scrape interval',
    );
  const config: ScrapeConfig = {
    ...job,
    scheme: scheme === 'https' ? 'https' : 'http',
    address,
    metricsPath: escapedPath(labels.__metrics_path__ ?? ''),
    params: paramsAfter(job.params, labels),
    intervalMs,
    timeoutMs,
    labels: ownLabels(labels, job.job, address),
  };
  const checked = scrapeConfigSchema.safeParse(config);
  if (!checked.success) {
    const path = checked.error.issues[0]?.path.join('.') ?? '';
    return wrong(
      `重新标记之后的“${path}”不能使用`,
      `"${path}" cannot be used as it comes out of relabelling`,
    );
  }
  return { kind: 'target', config };
}

function labelsBefore(job: JobSettings, listed: Readonly<Record<string, string>>): Labels {
  const labels: Record<string, string> = {
    job: job.job,
    __scrape_interval__: formatDuration(job.intervalMs),
    __scrape_timeout__: formatDuration(job.timeoutMs),
    __metrics_path__: job.metricsPath,
    __scheme__: job.scheme,
  };
  // An empty value in the list is the same as none, so that the job's setting counts.
  for (const [name, value] of Object.entries(listed)) if (value !== '') labels[name] = value;
  for (const [name, [first]] of Object.entries(job.params))
    if (first !== undefined) labels[`__param_${name}`] = first;
  return labelsFromRecord(labels);
}

/** The labels of the samples: those without two underscores in front; `job` and `instance` only when they differ. */
function ownLabels(
  labels: Readonly<Record<string, string>>,
  job: string,
  address: string,
): Record<string, string> {
  const own = Object.entries(labels).filter(([name]) => !name.startsWith('__'));
  const kept = own.filter(
    ([name, value]) => !(name === 'job' && value === job) && !(name === 'instance' && value === address),
  );
  // A rule may take `job` away; an empty value says so.
  return Object.fromEntries(labels.job === undefined ? [...kept, ['job', '']] : kept);
}

function paramsAfter(
  params: Readonly<Record<string, readonly string[]>>,
  labels: Readonly<Record<string, string>>,
): Record<string, string[]> {
  const after: Record<string, string[]> = Object.fromEntries(
    Object.entries(params).map(([name, values]) => [name, [...values]]),
  );
  for (const [label, value] of Object.entries(labels))
    if (label.startsWith('__param_')) {
      const name = label.slice('__param_'.length);
      after[name] = [value, ...(after[name]?.slice(1) ?? [])];
    }
  return after;
}

/** `host` gets the scheme's port; an IPv6 address without brackets stays as it is, and is refused. */
function withPort(address: string, port: number): string {
  const hasPort = /:\d+$/.test(address) && !/^[^[]*:.*:/.test(address);
  return hasPort ? address : `${address}:${port}`;
}

/** The path as Go writes it into a request: a question mark in it is part of the path. */
function escapedPath(path: string): string {
  const escaped = encodeURIComponent(path)
    .replace(/%(?:24|26|2B|2C|2F|3A|3B|3D|40)/g, (code) => decodeURIComponent(code))
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return escaped.startsWith('/') ? escaped : `/${escaped}`;
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
