import { randomUUID } from 'node:crypto';
import { dataSourceSchema, remoteEndpointSchema, remoteLimitsSchema } from '#shared/contract/remote.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { loginFiles } from '../platform/site-reach.ts';
import { type SiteSection, siteSection, written } from '../platform/site-section.ts';
import { sealServer, sealSourceBy } from './remote-secrets.ts';
import { type StagingStore, stage } from './staged.ts';
import type { RemoteStore } from './store.ts';

/**
 * Remote write, its bounds, and the server that pages read from, as parts of the site document. They are kept in `remote.db`: an
 * import stages them in its own transaction of console.db, and `took` takes them over, or the next start of the console.
 */
export function remoteSections(
  store: RemoteStore,
  staging: StagingStore,
  took: () => Promise<void>,
): readonly SiteSection[] {
  return [
    siteSection({
      name: 'remoteWrites',
      most: 100,
      schema: remoteEndpointSchema,
      key: ({ name }) => name,
      read: () =>
        store
          .endpoints()
          .map(({ endpoint }) => endpoint)
          .toSorted((a, b) => compareText(a.name, b.name)),
      put: (endpoint, { secrets }) => {
        const known = store.endpoints().find((one) => one.endpoint.name === endpoint.name);
        const id = known?.id ?? randomUUID();
        const sealed = sealServer(secrets, id, endpoint);
        if (sealed.ok) stage(staging, { endpoints: [{ id, endpoint: sealed.value }] });
        return sealed;
      },
      reaches: (endpoint) => ({ sendsTo: [endpoint.url], loginFiles: loginFiles(endpoint.url, endpoint) }),
      took,
    }),
    siteSection({
      name: 'remoteLimits',
      most: 1,
      schema: remoteLimitsSchema,
      key: () => 'limits',
      read: () => [store.limits()],
      put: (limits) => {
        stage(staging, { limits });
        return written;
      },
      took,
    }),
    siteSection({
      name: 'metricsSource',
      most: 1,
      schema: dataSourceSchema,
      key: () => 'source',
      read: () => [store.source()],
      put: (source, { secrets }) => {
        const sealed = sealSourceBy(secrets, source);
        if (sealed.ok) stage(staging, { source: sealed.value });
        return sealed;
      },
      reaches: (source) =>
        source.kind === 'local'
          ? { sendsTo: [], loginFiles: [] }
          : { sendsTo: [source.server.url], loginFiles: loginFiles(source.server.url, source.server) },
      took,
    }),
  ];
}
