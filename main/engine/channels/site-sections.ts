import type { ChannelSettings } from '#shared/contract/channel-settings.ts';
import { type Channel, channelSchema } from '#shared/contract/channels.ts';
import { contactSchema, rotaSchema } from '#shared/contract/contacts.ts';
import { appError, type Result } from '#shared/errors/index.ts';
import { loginFiles, type Reach } from '../platform/site-reach.ts';
import { absentPaths, nameTaken, type SiteSection, siteSection, written } from '../platform/site-section.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { sealChannel, settleChannel } from './channel-secrets.ts';
import { peopleOf } from './people-handlers.ts';
import { type ChannelStore, type Documents, openChannelStore } from './store.ts';

/** Channels, contacts and rotas as parts of the site document. @param took hears that they were changed */
export function channelSections(
  db: WritableDb,
  { channels, contacts, rotas }: ChannelStore,
  took: () => void,
): readonly SiteSection[] {
  // A store of its own for writing: what the area remembers must not follow a transaction that may be undone.
  const own = openChannelStore(db);
  const exists = db.prepare<[string, string], number>(
    'SELECT 1 FROM channel_document WHERE kind = ? AND id = ?',
  );
  const isThere = (kind: 'channel' | 'contact', id: string): boolean => exists.get(kind, id) !== undefined;
  const keep = <T extends { readonly name: string }>(documents: Documents<T>, one: T): Result<unknown> =>
    documents.put(one) ? written : nameTaken(one.name);
  return [
    siteSection({
      name: 'channels',
      most: 2_000,
      schema: channelSchema,
      key: ({ id }) => id,
      label: ({ name }) => name,
      read: channels.list,
      put: (channel: Channel, { secrets }) => {
        const sealed = sealChannel(secrets, channel);
        if (!sealed.ok) return sealed;
        const kept = keep(own.channels, sealed.value);
        if (kept.ok) settleChannel(secrets, channel.id, sealed.value);
        return kept;
      },
      warn: ({ settings }) => (settings.type === 'command' ? absentPaths([settings.argv[0]]) : []),
      runs: ({ settings }) => (settings.type === 'command' ? [settings.argv.join(' ')] : []),
      reaches: ({ settings }) => reachOf(settings),
      took,
    }),
    siteSection({
      name: 'contacts',
      most: 10_000,
      schema: contactSchema,
      key: ({ id }) => id,
      label: ({ name }) => name,
      read: contacts.list,
      put: (contact) => keep(own.contacts, contact),
      reaches: ({ email, via }) => ({
        sendsTo: via.map(({ to }) => to ?? email),
        loginFiles: [],
      }),
      verify: ({ via }) => {
        const unknown = via.findIndex(({ channel }) => !isThere('channel', channel));
        const way = via[unknown];
        return way === undefined
          ? null
          : appError('CHANNEL_UNKNOWN', { id: way.channel }, { field: `via.${unknown}.channel` });
      },
      took,
    }),
    siteSection({
      name: 'rotas',
      most: 2_000,
      schema: rotaSchema,
      key: ({ id }) => id,
      label: ({ name }) => name,
      read: rotas.list,
      put: (rota) => keep(own.rotas, rota),
      verify: (rota) =>
        peopleOf(rota).every((id) => isThere('contact', id))
          ? null
          : appError('ROTA_UNKNOWN_CONTACT', { name: rota.name }, { field: 'shifts' }),
      took,
    }),
  ];
}

/** Where a channel sends to; a command's program is said by `runs`. */
function reachOf(settings: ChannelSettings): Reach {
  switch (settings.type) {
    case 'smtp': {
      const server = `${settings.host}:${settings.port}`;
      return { sendsTo: [server, ...settings.to], loginFiles: loginFiles(server, settings) };
    }
    case 'webhook':
    case 'alertmanager':
      return { sendsTo: [settings.url], loginFiles: loginFiles(settings.url, settings) };
    case 'syslog': {
      const server = `${settings.host}:${settings.port}`;
      return { sendsTo: [server], loginFiles: loginFiles(server, settings) };
    }
    case 'desktop':
    case 'command':
      return { sendsTo: [], loginFiles: [] };
  }
}
