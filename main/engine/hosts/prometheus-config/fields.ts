import type { Unsupported } from './node-reader.ts';
import { LIMIT_FIELDS } from './read-limits.ts';

/** Fields at the outermost level that are read. */
export const ROOT_FIELDS = ['global', 'scrape_configs', 'rule_files', 'remote_write'] as const;

/** Fields of `global` that are read. */
export const GLOBAL_FIELDS = [
  'scrape_interval',
  'scrape_timeout',
  'evaluation_interval',
  'external_labels',
  ...LIMIT_FIELDS,
] as const;

/** Fields of a job that are read. */
export const JOB_FIELDS = [
  'job_name',
  'scrape_interval',
  'scrape_timeout',
  'metrics_path',
  'scheme',
  'params',
  'honor_labels',
  'honor_timestamps',
  ...LIMIT_FIELDS,
  'basic_auth',
  'authorization',
  'bearer_token',
  'bearer_token_file',
  'tls_config',
  'follow_redirects',
  'enable_http2',
  'static_configs',
  'file_sd_configs',
  'relabel_configs',
  'metric_relabel_configs',
] as const;

/** Keys that never stand at the outermost level: found there, the file has lost its indentation. */
export const INNER_FIELDS: ReadonlySet<string> = new Set([
  ...GLOBAL_FIELDS,
  ...JOB_FIELDS,
  'targets',
  'labels',
]);

const WITHOUT = (zh: string, en: string): Unsupported => ({ zh, en });

const DROP_LINE = WITHOUT('请删除该字段后再导入', 'Remove this field and import again');
const LIST_TARGETS = WITHOUT(
  '请把它的目标写到该任务的 static_configs 之下，或写到 file_sd_configs 的文件里',
  'List its targets under static_configs of the job, or in files of file_sd_configs',
);
const NO_PROXY = WITHOUT(
  '控制台直接连接主机，不经过代理；请删除该字段',
  'The console connects to hosts directly, never through a proxy; remove the field',
);
const REMOTE_READ = WITHOUT(
  '请删除该部分，并在“设置 → 远程”中选择指标数据来源',
  'Remove this part, and choose the source of metrics under Settings → Remote',
);

/** Fields at the outermost level that Prometheus knows and the console does not do yet. */
export const ROOT_UNSUPPORTED: Readonly<Record<string, Unsupported>> = {
  alerting: WITHOUT(
    '告警由控制台自己处理；请删除该部分',
    'The console handles alerts itself; remove this part',
  ),
  remote_read: REMOTE_READ,
  storage: DROP_LINE,
  tracing: DROP_LINE,
  otlp: DROP_LINE,
  runtime: DROP_LINE,
  scrape_config_files: WITHOUT(
    '请把这些文件中的任务写到 scrape_configs 之下',
    'Write the jobs of those files under scrape_configs',
  ),
};

/** Fields of `global` that Prometheus knows and the console does not do yet. */
export const GLOBAL_UNSUPPORTED: Readonly<Record<string, Unsupported>> = Object.fromEntries(
  [
    'query_log_file',
    'scrape_failure_log_file',
    'scrape_protocols',
    'rule_query_offset',
    'keep_dropped_targets',
    'metric_name_validation_scheme',
    'metric_name_escaping_scheme',
    'scrape_native_histograms',
    'convert_classic_histograms_to_nhcb',
    'always_scrape_classic_histograms',
  ].map((field) => [field, DROP_LINE]),
);

const DISCOVERIES = [
  'azure',
  'consul',
  'digitalocean',
  'dns',
  'docker',
  'dockerswarm',
  'ec2',
  'eureka',
  'gce',
  'hetzner',
  'http',
  'ionos',
  'kubernetes',
  'kuma',
  'lightsail',
  'linode',
  'marathon',
  'nerve',
  'nomad',
  'openstack',
  'ovhcloud',
  'puppetdb',
  'scaleway',
  'serverset',
  'stackit',
  'triton',
  'uyuni',
  'vultr',
] as const;

/** Fields of a job that Prometheus knows and the console does not do yet. */
export const JOB_UNSUPPORTED: Readonly<Record<string, Unsupported>> = {
  ...GLOBAL_UNSUPPORTED,
  ...Object.fromEntries(DISCOVERIES.map((name) => [`${name}_sd_configs`, LIST_TARGETS])),
  proxy_url: NO_PROXY,
  no_proxy: NO_PROXY,
  proxy_from_environment: NO_PROXY,
  proxy_connect_header: NO_PROXY,
  oauth2: WITHOUT('请改用 basic_auth 或 authorization', 'Use basic_auth or authorization instead'),
  http_headers: DROP_LINE,
  enable_compression: DROP_LINE,
  fallback_scrape_protocol: DROP_LINE,
  scrape_classic_histograms: DROP_LINE,
  native_histogram_bucket_limit: DROP_LINE,
  native_histogram_min_bucket_factor: DROP_LINE,
  track_timestamps_staleness: DROP_LINE,
};

/** Fields of `tls_config` that the console does not do yet. */
export const TLS_UNSUPPORTED: Readonly<Record<string, Unsupported>> = {
  ca: WITHOUT('请写到文件中并使用 ca_file', 'Put it in a file and use ca_file'),
  cert: WITHOUT('请写到文件中并使用 cert_file', 'Put it in a file and use cert_file'),
  key: WITHOUT('请写到文件中并使用 key_file', 'Put it in a file and use key_file'),
  min_version: DROP_LINE,
  max_version: DROP_LINE,
};
