import type { LogOutput } from '#shared/contract/logs-pipelines.ts';
import { isSealed } from '#shared/contract/secrets.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { HTTP_SECRETS, httpPlace, type SecretField, type SecretStore } from '../../platform/secrets.ts';
import { loginFiles, type Reach } from '../../platform/site-reach.ts';

/** What a connection to a server needs to be let in. */
export type Connection = Pick<LogOutput, 'servers' | 'basicAuth' | 'bearerToken' | 'apiKey' | 'tls'>;

/** Secrets of connections on their way into the sealed store, and out of it when they are used. */
export type ConnectionSecrets = {
  /** The connection with references in place of its secrets. @returns what sealing is refused with */
  readonly seal: <C extends Connection>(id: string, connection: C) => Result<C>;
  /** The connection as it is used. @returns what opening is refused with, such as SECRETS_LOCKED */
  readonly open: <C extends Connection>(connection: C) => Result<C>;
  /** Forgets what is no longer used; with null, all of it. */
  readonly settle: (id: string, connection: Connection | null) => void;
};

/** Area of these secrets in the sealed store. */
const AREA = 'log-output';
const FIELDS: readonly SecretField[] = [...HTTP_SECRETS, { path: 'apiKey', isSent: true }];

/** @param store null keeps secrets as they are, for areas without a data folder */
export function connectionSecrets(store: SecretStore | null): ConnectionSecrets {
  /** A secret is sent to all addresses of its server, and to no other. */
  const placeOf = ({ servers }: Connection): string =>
    [...new Set(servers.map(httpPlace))].toSorted().join(' ');
  return {
    seal: (id, connection) =>
      store === null
        ? ok(connection)
        : store.seal(connection, FIELDS, { area: AREA, id, place: placeOf(connection) }),
    open: (connection) => {
      const place = placeOf(connection);
      const text = (setting: string | undefined, at: string): Result<string | undefined> =>
        store === null || setting === undefined || !isSealed(setting) ? ok(setting) : store.open(setting, at);
      const password = text(connection.basicAuth?.password, place);
      if (!password.ok) return password;
      const token = text(connection.bearerToken, place);
      if (!token.ok) return token;
      const apiKey = text(connection.apiKey, place);
      if (!apiKey.ok) return apiKey;
      const key = text(connection.tls?.key, '');
      if (!key.ok) return key;
      const { basicAuth, tls } = connection;
      return ok({
        ...connection,
        ...(basicAuth === undefined || password.value === undefined
          ? {}
          : { basicAuth: { ...basicAuth, password: password.value } }),
        ...(token.value === undefined ? {} : { bearerToken: token.value }),
        ...(apiKey.value === undefined ? {} : { apiKey: apiKey.value }),
        ...(tls === undefined || key.value === undefined ? {} : { tls: { ...tls, key: key.value } }),
      });
    },
    settle: (id, connection) => store?.settle({ area: AREA, id }, connection),
  };
}

/** Where a connection sends to, and the files that it reads its login from. */
export function serversReach(connection: Connection): Reach {
  return { sendsTo: connection.servers, loginFiles: loginFiles(connection.servers.join(' '), connection) };
}
