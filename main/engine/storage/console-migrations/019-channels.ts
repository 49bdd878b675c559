import type { Migration } from '../migrations.ts';

/** Notification channels, contacts, rotas, and the notices that wait to be told. */
export const channelsMigration: Migration = {
  version: 19,
  up: (db) => {
    db.exec(`
      -- Channels, contacts and rotas: the document under its id; the name is unique within its kind.
      CREATE TABLE channel_document (
        kind TEXT NOT NULL CHECK (kind IN ('channel', 'contact', 'rota')),
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        body TEXT NOT NULL CHECK (json_valid(body)),
        PRIMARY KEY (kind, id),
        UNIQUE (kind, name)
      ) WITHOUT ROWID;

      -- A notice as long as a copy of it waits.
      CREATE TABLE outbox_notice (
        id TEXT PRIMARY KEY,
        body TEXT NOT NULL CHECK (json_valid(body))
      ) WITHOUT ROWID;

      -- One row for each copy; it stays when the copy has ended, so that the same notice is never told twice.
      CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY,
        notice TEXT NOT NULL,
        channel TEXT NOT NULL,
        -- '' where the channel itself says it.
        recipient TEXT NOT NULL,
        group_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        title_zh TEXT NOT NULL,
        title_en TEXT NOT NULL,
        -- The first notice of the same trouble on this way.
        thread TEXT NOT NULL,
        enqueued_ms INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_ms INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'delivered', 'failed', 'dropped')),
        -- Of the last attempt or of the end.
        at_ms INTEGER NOT NULL,
        error TEXT CHECK (error IS NULL OR json_valid(error)),
        UNIQUE (notice, channel, recipient)
      );
      CREATE INDEX outbox_open ON outbox (channel, seq) WHERE state IN ('waiting', 'sending');
      CREATE INDEX outbox_state ON outbox (channel, state, at_ms);
      CREATE INDEX outbox_way ON outbox (channel, recipient, group_key, seq);

      -- Alerts that a real Alertmanager was told of as firing, to be told again until they end.
      CREATE TABLE alertmanager_alert (
        channel TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        problem TEXT NOT NULL CHECK (json_valid(problem)),
        PRIMARY KEY (channel, fingerprint)
      ) WITHOUT ROWID;
    `);
  },
};
