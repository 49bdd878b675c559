import type { DataSource, RemoteEndpoint, RemoteServer } from '#shared/contract/remote.ts';
import { isSealed } from '#shared/contract/secrets.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { Logger } from '../platform/logger.ts';
import { HTTP_SECRETS, httpPlace, type SecretStore } from '../platform/secrets.ts';
import type { RemoteStore } from './store.ts';

/** Area of these secrets in the sealed store. */
const AREA = 'remote';
/** The server that pages read from is one; it needs no id of its own. */
const SOURCE = 'source';

/** Secrets of endpoints and of the server that pages read from, on their way into the sealed store. */
export type RemoteSecrets = {
  /** @returns what sealing is refused with; nothing is to be written then */
  readonly sealEndpoint: (id: string, endpoint: RemoteEndpoint) => Result<RemoteEndpoint>;
  readonly sealSource: (source: DataSource) => Result<DataSource>;
  readonly settleSource: (source: DataSource) => void;
  readonly forget: (id: string) => void;
  /** Forgets what an endpoint has sealed and no longer uses. */
  readonly settleEndpoint: (id: string, endpoint: RemoteEndpoint) => void;
  /** Seals what older versions kept in clear, and wipes it off the disk. */
  readonly sealKept: () => void;
};

/** Makes their way. */
export function remoteSecrets(parts: {
  readonly secrets: SecretStore;
  readonly store: RemoteStore;
  readonly logger: Logger;
}): RemoteSecrets {
  const { secrets, store, logger } = parts;
  const seal = <T extends RemoteServer>(id: string, server: T): Result<T> => sealServer(secrets, id, server);
  const sealSource = (source: DataSource): Result<DataSource> => sealSourceBy(secrets, source);
  return {
    sealEndpoint: seal,
    sealSource,
    settleSource: (source) => secrets.settle({ area: AREA, id: SOURCE }, source),
    forget: (id) => secrets.settle({ area: AREA, id }, null),
    settleEndpoint: (id, endpoint) => secrets.settle({ area: AREA, id }, endpoint),
    sealKept: () => {
      const endpoints = store.endpoints().filter(({ endpoint }) => hasPlain(endpoint));
      const source = store.source();
      const hasSource = source.kind === 'server' && hasPlain(source.server);
      if (endpoints.length === 0 && !hasSource) return;
      const sealed = endpoints.map(({ id, endpoint }) => ({ id, endpoint: seal(id, endpoint) }));
      const sealedSource = sealSource(source);
      const refused = [...sealed.map(({ endpoint }) => endpoint), sealedSource].find((result) => !result.ok);
      if (refused?.ok === false) {
        logger.log('warn', 'secrets of remote servers are not sealed yet', { code: refused.error.code });
        return;
      }
      for (const { id, endpoint } of sealed) if (endpoint.ok) store.change(id, endpoint.value);
      if (sealedSource.ok) store.setSource(sealedSource.value);
      store.scrub();
      logger.log('info', 'sealed secrets of remote servers', { endpoints: endpoints.length });
    },
  };
}

/** A server with references in place of its secrets. @returns what sealing is refused with */
export function sealServer<T extends RemoteServer>(secrets: SecretStore, id: string, server: T): Result<T> {
  return secrets.seal(server, HTTP_SECRETS, { area: AREA, id, place: httpPlace(server.url) });
}

/** The same for the server that pages read from, when there is one. */
export function sealSourceBy(secrets: SecretStore, source: DataSource): Result<DataSource> {
  if (source.kind === 'local') return ok(source);
  const sealed = sealServer(secrets, SOURCE, source.server);
  return sealed.ok ? ok({ ...source, server: sealed.value }) : sealed;
}

function hasPlain({ basicAuth, bearerToken, tls }: RemoteServer): boolean {
  return [basicAuth?.password, bearerToken, tls?.key].some(
    (text) => text !== undefined && text !== '' && !isSealed(text),
  );
}
