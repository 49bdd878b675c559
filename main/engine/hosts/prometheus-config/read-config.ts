import { scrapeConfigSchema } from '#shared/contract/hosts.ts';
import { err, ok, type Result } from '#shared/errors/index.ts';
import {
  GLOBAL_FIELDS,
  GLOBAL_UNSUPPORTED,
  INNER_FIELDS,
  JOB_FIELDS,
  JOB_UNSUPPORTED,
  ROOT_FIELDS,
  ROOT_UNSUPPORTED,
} from './fields.ts';
import type { ImportedConfig, ImportedJob } from './model.ts';
import { type Field, type NodeReader, Refused, readYaml } from './node-reader.ts';
import type { JobSettings } from './populate.ts';
import { readDiscovery } from './read-discovery.ts';
import { NO_LIMITS, readLimits, type ScrapeLimits } from './read-limits.ts';
import { type ResolvePath, readLogin } from './read-login.ts';
import { readRelabelRules } from './read-relabel.ts';
import { readRemoteWrites } from './read-remote-write.ts';
import { readLabels, readTargets, type SeenTargets } from './read-targets.ts';

/** Prometheus' own defaults. */
const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_TIMEOUT_MS = 10_000;
const LEAST_INTERVAL_MS = 1_000;
const LEAST_TIMEOUT_MS = 100;
const MOST_INTERVAL_MS = 86_400_000;

type Defaults = {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly limits: ScrapeLimits;
};
type Fields = ReadonlyMap<string, Field>;

/** Everything that the jobs of a file share while they are read. */
type Reading = {
  readonly reader: NodeReader;
  readonly resolve: ResolvePath;
  readonly defaults: Defaults;
  readonly seen: SeenTargets;
};

function duration(reader: NodeReader, fields: Fields, name: string, otherwise: number): number {
  const field = fields.get(name);
  // As in Prometheus, a duration of zero means "not given".
  return (field ? reader.duration(field) : 0) || otherwise;
}

function readInterval(reader: NodeReader, fields: Fields, otherwise: number): number {
  const ms = duration(reader, fields, 'scrape_interval', otherwise);
  const field = fields.get('scrape_interval');
  if (field && (ms < LEAST_INTERVAL_MS || ms > MOST_INTERVAL_MS))
    reader.refuse(field, '采集间隔应在 1s 到 1d 之间', 'the scrape interval must lie between 1s and 1d');
  return ms;
}

function readTimeout(reader: NodeReader, fields: Fields, intervalMs: number, otherwise: number): number {
  const field = fields.get('scrape_timeout');
  // As in Prometheus, a timeout that was not given never exceeds the interval.
  const ms = duration(reader, fields, 'scrape_timeout', Math.min(otherwise, intervalMs));
  if (field && ms < LEAST_TIMEOUT_MS)
    reader.refuse(field, '超时不能短于 100ms', 'the timeout cannot be shorter than 100ms');
  if (field && ms > intervalMs)
    reader.refuse(field, '超时比采集间隔长', 'the timeout is longer than the scrape interval');
  return ms;
}

function readGlobal(
  reader: NodeReader,
  field: Field | undefined,
): Defaults & Pick<ImportedConfig, 'evaluationIntervalMs' | 'externalLabels'> {
  const fields: Fields = field ? reader.map(field, GLOBAL_FIELDS, GLOBAL_UNSUPPORTED) : new Map();
  const intervalMs = readInterval(reader, fields, DEFAULT_INTERVAL_MS);
  return {
    intervalMs,
    timeoutMs: readTimeout(reader, fields, intervalMs, DEFAULT_TIMEOUT_MS),
    evaluationIntervalMs: duration(reader, fields, 'evaluation_interval', DEFAULT_INTERVAL_MS),
    externalLabels: readLabels(reader, fields.get('external_labels')),
    limits: readLimits(reader, fields, NO_LIMITS),
  };
}

function readParams(reader: NodeReader, field: Field | undefined): Record<string, string[]> {
  const params: Record<string, string[]> = {};
  if (field)
    for (const [name, values] of reader.freeMap(field)) params[name] = reader.list(values).map(reader.string);
  return params;
}

function readJobSettings(reading: Reading, job: Fields, name: string): JobSettings {
  const { reader, defaults } = reading;
  const intervalMs = readInterval(reader, job, defaults.intervalMs);
  const scheme = job.get('scheme');
  const path = job.get('metrics_path');
  const metricsPath = path ? reader.string(path) : '/metrics';
  if (path && !scrapeConfigSchema.shape.metricsPath.safeParse(metricsPath).success)
    reader.refuse(path, '路径必须以 / 开头', 'a path must begin with /');
  const schemeText = scheme ? reader.string(scheme).toLowerCase() : 'http';
  if (scheme && schemeText !== 'http' && schemeText !== 'https')
    reader.refuse(scheme, '应为 http 或 https', 'must be http or https');
  const redirects = job.get('follow_redirects');
  if (redirects && !reader.boolean(redirects))
    reader.unsupported(redirects, {
      zh: '控制台只跟随同一主机内的重定向；请删除该字段',
      en: 'The console follows redirects within the same host only; remove the field',
    });
  const http2 = job.get('enable_http2');
  // HTTP/2 is an offer to the server; scraping over HTTP/1.1 gives the same samples.
  if (http2) reader.boolean(http2);
  const honorLabels = job.get('honor_labels');
  const honorTimestamps = job.get('honor_timestamps');
  return {
    job: name,
    scheme: schemeText === 'https' ? 'https' : 'http',
    metricsPath,
    params: readParams(reader, job.get('params')),
    intervalMs,
    timeoutMs: readTimeout(reader, job, intervalMs, defaults.timeoutMs),
    honorLabels: honorLabels ? reader.boolean(honorLabels) : false,
    honorTimestamps: honorTimestamps ? reader.boolean(honorTimestamps) : true,
    ...readLimits(reader, job, defaults.limits),
    ...readLogin(reader, job, reading.resolve),
    labels: {},
    metricRelabel: readRelabelRules(reader, job.get('metric_relabel_configs')),
  };
}

function readJob(reading: Reading, field: Field, names: Map<string, number>): ImportedJob {
  const { reader } = reading;
  const job = reader.map(field, JOB_FIELDS, JOB_UNSUPPORTED);
  const nameField = job.get('job_name');
  if (!nameField) return reader.refuse(field, '缺少 job_name', 'job_name is missing');
  const name = reader.string(nameField).trim();
  if (!scrapeConfigSchema.shape.job.safeParse(name).success)
    reader.refuse(nameField, '名称应为 1 到 200 个字符', 'a name has 1 to 200 characters');
  const before = names.get(name);
  if (before !== undefined)
    reader.refuse(
      nameField,
      `任务名“${name}”已在第 ${before} 行使用`,
      `the job name "${name}" is already used in line ${before}`,
    );
  names.set(name, nameField.line);
  const settings = readJobSettings(reading, job, name);
  const rules = readRelabelRules(reader, job.get('relabel_configs'));
  const { listed, ...targets } = readTargets(
    reader,
    job.get('static_configs'),
    settings,
    rules,
    reading.seen,
  );
  const discovery = readDiscovery(reader, job.get('file_sd_configs'), reading.resolve);
  return {
    name,
    line: field.line,
    intervalMs: settings.intervalMs,
    definition: { settings, relabel: rules, listed: [...listed], discovery },
    ...targets,
  };
}

/**
 * Reads a prometheus.yml strictly: one unknown, wrong or unsupported thing refuses the whole file, with its line.
 *
 * @param file what the file is called in error sentences
 * @param resolve makes paths in it absolute
 * @returns PROMETHEUS_FILE_SYNTAX, _INDENTATION, _FIELD or _UNSUPPORTED, each with `line`
 */
export function readPrometheusConfig(
  file: string,
  text: string,
  resolve: ResolvePath,
): Result<ImportedConfig> {
  try {
    const reader = readYaml(file, text, INNER_FIELDS);
    const root = reader.map(reader.root, ROOT_FIELDS, ROOT_UNSUPPORTED);
    const global = readGlobal(reader, root.get('global'));
    const reading: Reading = { reader, resolve, defaults: global, seen: new Map() };
    const names = new Map<string, number>();
    const jobsField = root.get('scrape_configs');
    const jobs = (jobsField ? reader.list(jobsField) : []).map((field) => readJob(reading, field, names));
    const rules = root.get('rule_files');
    return ok({
      jobs,
      ruleFiles: rules ? reader.list(rules).map(reader.string) : [],
      evaluationIntervalMs: global.evaluationIntervalMs,
      externalLabels: global.externalLabels,
      remoteWrites: readRemoteWrites(reader, root.get('remote_write'), global.externalLabels, resolve),
    });
  } catch (thrown) {
    if (thrown instanceof Refused) return err(thrown.error);
    throw thrown;
  }
}
