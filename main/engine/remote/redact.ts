import type { DataSource, RemoteServer } from '#shared/contract/remote.ts';

type Login = Pick<RemoteServer, 'basicAuth' | 'bearerToken'>;

/** Settings as they are shown: without passwords and tokens, with the files that hold some. */
export function withoutSecrets<T extends Login>(settings: T): T {
  const { basicAuth, bearerToken: _token, ...rest } = settings;
  const { password: _password, ...shown } = basicAuth ?? { username: '' };
  // What is left out is optional in every settings type that has a login.
  return (basicAuth === undefined ? rest : { ...rest, basicAuth: shown }) as T;
}

/** The source of the pages' data as it is shown. */
export function shownSource(source: DataSource): DataSource {
  return source.kind === 'local' ? source : { kind: 'server', server: withoutSecrets(source.server) };
}
