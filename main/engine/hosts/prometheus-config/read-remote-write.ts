import { type RemoteEndpoint, remoteEndpointSchema } from '#shared/contract/remote.ts';
import type { Field, NodeReader, Unsupported } from './node-reader.ts';
import { type ResolvePath, readLogin } from './read-login.ts';
import { readRelabelRules } from './read-relabel.ts';

const FIELDS = [
  'url',
  'name',
  'remote_timeout',
  'write_relabel_configs',
  'basic_auth',
  'authorization',
  'bearer_token',
  'bearer_token_file',
  'tls_config',
  'queue_config',
  'metadata_config',
  'send_exemplars',
  'send_native_histograms',
  'follow_redirects',
  'enable_http2',
] as const;

const NOT_YET: Unsupported = {
  zh: '控制台不支持该字段；请删除后再导入',
  en: 'The console does not do this; remove the field and import again',
};

const UNSUPPORTED: Readonly<Record<string, Unsupported>> = Object.fromEntries(
  [
    'headers',
    'http_headers',
    'sigv4',
    'oauth2',
    'azuread',
    'google_iam',
    'proxy_url',
    'no_proxy',
    'proxy_from_environment',
    'proxy_connect_header',
    'protobuf_message',
    'round_robin_dns',
  ].map((name) => [name, NOT_YET]),
);

/** Prometheus's parallel queues and pauses have no counterpart: the console sends in order, from its own store. */
const QUEUE_FIELDS = [
  'capacity',
  'max_shards',
  'min_shards',
  'max_samples_per_send',
  'batch_send_deadline',
  'min_backoff',
  'max_backoff',
  'retry_on_http_429',
  'sample_age_limit',
] as const;

/** Reads `remote_write`. The external labels of the file go with each. */
export function readRemoteWrites(
  reader: NodeReader,
  field: Field | undefined,
  externalLabels: Readonly<Record<string, string>>,
  resolve: ResolvePath,
): RemoteEndpoint[] {
  const names = new Set<string>();
  return (field ? reader.list(field) : []).map((item) => {
    const members = reader.map(item, FIELDS, UNSUPPORTED);
    const urlField = members.get('url');
    if (!urlField) return reader.refuse(item, '缺少 url', 'url is missing');
    const url = reader.string(urlField);
    if (!remoteEndpointSchema.shape.url.safeParse(url).success)
      return reader.refuse(
        urlField,
        '应为不含用户名与密码的 http 或 https 地址',
        'must be an http or https address without user name and password',
      );
    const nameField = members.get('name');
    const wanted = nameField ? reader.string(nameField) : new URL(url).host;
    let name = wanted.slice(0, 70);
    for (let n = 2; names.has(name); n++) name = `${wanted.slice(0, 70)} ${n}`;
    names.add(name);
    const timeout = members.get('remote_timeout');
    const rules = members.get('write_relabel_configs');
    return remoteEndpointSchema.parse({
      name,
      url,
      ...readLogin(reader, members, resolve),
      externalLabels,
      writeRelabel: readRelabelRules(reader, rules),
      ...(timeout ? { timeoutMs: clamp(reader.duration(timeout), 100, 600_000) } : {}),
      ...readQueue(reader, members.get('queue_config')),
    });
  });
}

function readQueue(
  reader: NodeReader,
  field: Field | undefined,
): Partial<Pick<RemoteEndpoint, 'maxSamples' | 'flushMs'>> {
  if (!field) return {};
  const members = reader.map(field, QUEUE_FIELDS);
  const most = members.get('max_samples_per_send');
  const deadline = members.get('batch_send_deadline');
  return {
    ...(most ? { maxSamples: clamp(reader.integer(most), 1, 50_000) } : {}),
    ...(deadline ? { flushMs: clamp(reader.duration(deadline), 100, 60_000) } : {}),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
