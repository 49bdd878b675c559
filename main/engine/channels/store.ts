import { type Channel, channelSchema } from '#shared/contract/channels.ts';
import { type Contact, contactSchema, type Rota, rotaSchema } from '#shared/contract/contacts.ts';
import { DESKTOP_CHANNEL } from '#shared/contract/notice.ts';
import type { WritableDb } from '../storage/sqlite.ts';

/** Documents of one kind, in the order of their names. */
export type Documents<T> = {
  readonly list: () => readonly T[];
  readonly get: (id: string) => T | null;
  /** Adds it, or takes the place of the one with its id. Durable when this returns. @returns false when the name is taken */
  readonly put: (document: T) => boolean;
  /** @returns false when there was none */
  readonly remove: (id: string) => boolean;
  /** Forgets what is remembered of documents that were written past this store. */
  readonly reread: () => void;
};

/** What the area keeps besides the queue. */
export type ChannelStore = {
  readonly channels: Documents<Channel>;
  readonly contacts: Documents<Contact>;
  readonly rotas: Documents<Rota>;
};

type Kind = 'channel' | 'contact' | 'rota';

/** The desktop before anybody has changed it. */
const DESKTOP: Channel = channelSchema.parse({
  id: DESKTOP_CHANNEL,
  name: DESKTOP_CHANNEL,
  settings: { type: 'desktop' },
});

/** Opens the store; the desktop channel is there from the first moment. */
export function openChannelStore(db: WritableDb): ChannelStore {
  const store: ChannelStore = {
    channels: documents(db, 'channel', (body) => channelSchema.parse(body)),
    contacts: documents(db, 'contact', (body) => contactSchema.parse(body)),
    rotas: documents(db, 'rota', (body) => rotaSchema.parse(body)),
  };
  if (store.channels.get(DESKTOP_CHANNEL) === null) store.channels.put(DESKTOP);
  return store;
}

function documents<T extends { readonly id: string; readonly name: string }>(
  db: WritableDb,
  kind: Kind,
  read: (body: unknown) => T,
): Documents<T> {
  const select = db
    .prepare<[Kind], string>('SELECT body FROM channel_document WHERE kind = ? ORDER BY name, id')
    .pluck();
  const byName = db
    .prepare<[Kind, string], string>('SELECT id FROM channel_document WHERE kind = ? AND name = ?')
    .pluck();
  const write = db.prepare(
    `INSERT INTO channel_document (kind, id, name, body) VALUES (?, ?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE SET name = excluded.name, body = excluded.body`,
  );
  const erase = db.prepare('DELETE FROM channel_document WHERE kind = ? AND id = ?');
  // They are few and asked for with every notice.
  let known: readonly T[] | null = null;
  const list = (): readonly T[] => {
    known ??= select.all(kind).map((body) => read(JSON.parse(body)));
    return known;
  };
  return {
    list,
    get: (id) => list().find((document) => document.id === id) ?? null,
    put: (document) => {
      const owner = byName.get(kind, document.name);
      if (owner !== undefined && owner !== document.id) return false;
      write.run(kind, document.id, document.name, JSON.stringify(document));
      known = null;
      return true;
    },
    reread: () => {
      known = null;
    },
    remove: (id) => {
      known = null;
      return erase.run(kind, id).changes > 0;
    },
  };
}
