import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import { TLS_UNSUPPORTED } from './fields.ts';
import type { Field, NodeReader } from './node-reader.ts';

/** How a job logs in and how it encrypts. */
export type JobLogin = Pick<ScrapeConfig, 'basicAuth' | 'bearerToken' | 'bearerTokenFile' | 'tls'>;

/** Makes a path of the file absolute, or null when it cannot be (the file came without its own path). */
export type ResolvePath = (path: string) => string | null;

type Fields = ReadonlyMap<string, Field>;

/** Reads a path; Prometheus takes relative ones from the folder of the configuration. */
function readPath(reader: NodeReader, field: Field, resolve: ResolvePath): string {
  const resolved = resolve(reader.string(field));
  return resolved ?? reader.refuse(field, '请写出文件的完整路径', 'give the full path of the file');
}

function readBasicAuth(reader: NodeReader, field: Field, resolve: ResolvePath): JobLogin {
  const members = reader.map(field, ['username', 'password', 'password_file']);
  const password = members.get('password');
  const passwordFile = members.get('password_file');
  const username = members.get('username');
  if (!username) return reader.refuse(field, '缺少 username', 'username is missing');
  if (password && passwordFile)
    reader.refuse(passwordFile, '不能同时有 password', 'cannot stand beside password');
  return {
    basicAuth: {
      username: reader.string(username),
      ...(password ? { password: reader.string(password) } : {}),
      ...(passwordFile ? { passwordFile: readPath(reader, passwordFile, resolve) } : {}),
    },
  };
}

function readAuthorization(reader: NodeReader, field: Field, resolve: ResolvePath): JobLogin {
  const members = reader.map(field, ['type', 'credentials', 'credentials_file']);
  const type = members.get('type');
  if (type && reader.string(type).trim().toLowerCase() !== 'bearer')
    reader.unsupported(type, {
      zh: '请使用 Bearer，或者改用 basic_auth',
      en: 'Use Bearer here, or basic_auth instead',
    });
  const value = members.get('credentials');
  const file = members.get('credentials_file');
  if (value && file) reader.refuse(file, '不能同时有 credentials', 'cannot stand beside credentials');
  if (value) return { bearerToken: reader.string(value) };
  if (file) return { bearerTokenFile: readPath(reader, file, resolve) };
  return reader.refuse(
    field,
    '缺少 credentials 或 credentials_file',
    'credentials or credentials_file is missing',
  );
}

function readTls(reader: NodeReader, field: Field, resolve: ResolvePath): JobLogin {
  const members = reader.map(
    field,
    ['ca_file', 'cert_file', 'key_file', 'server_name', 'insecure_skip_verify'],
    TLS_UNSUPPORTED,
  );
  const path = (name: string): string | undefined => {
    const member = members.get(name);
    return member ? readPath(reader, member, resolve) : undefined;
  };
  const caFile = path('ca_file');
  const certFile = path('cert_file');
  const keyFile = path('key_file');
  if ((certFile === undefined) !== (keyFile === undefined))
    reader.refuse(
      field,
      'cert_file 与 key_file 必须同时给出',
      'cert_file and key_file must be given together',
    );
  const serverName = members.get('server_name');
  const skip = members.get('insecure_skip_verify');
  return {
    tls: {
      ...(caFile === undefined ? {} : { caFile }),
      ...(certFile === undefined ? {} : { certFile }),
      ...(keyFile === undefined ? {} : { keyFile }),
      ...(serverName ? { serverName: reader.string(serverName) } : {}),
      insecureSkipVerify: skip ? reader.boolean(skip) : false,
    },
  };
}

/** Reads basic_auth, authorization, bearer_token(_file) and tls_config of a job; at most one way to log in. */
export function readLogin(reader: NodeReader, job: Fields, resolve: ResolvePath): JobLogin {
  const ways = ['basic_auth', 'authorization', 'bearer_token', 'bearer_token_file'].flatMap((name) => {
    const field = job.get(name);
    return field ? [{ name, field }] : [];
  });
  const [first, second] = ways;
  if (first && second)
    reader.refuse(second.field, `不能与 ${first.name} 同时使用`, `cannot stand beside ${first.name}`);
  const tls = job.get('tls_config');
  return {
    ...(tls ? readTls(reader, tls, resolve) : {}),
    ...(first ? readWay(reader, first.name, first.field, resolve) : {}),
  };
}

function readWay(reader: NodeReader, name: string, field: Field, resolve: ResolvePath): JobLogin {
  if (name === 'basic_auth') return readBasicAuth(reader, field, resolve);
  if (name === 'authorization') return readAuthorization(reader, field, resolve);
  if (name === 'bearer_token') return { bearerToken: reader.string(field) };
  return { bearerTokenFile: readPath(reader, field, resolve) };
}
