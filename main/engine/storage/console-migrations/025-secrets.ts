import type { Migration } from '../migrations.ts';

/** Secrets, each sealed by the data key of the store, and the data key, sealed by each of its guards. */
export const secretsMigration: Migration = {
  version: 25,
  up: (db) => {
    db.exec(`
      CREATE TABLE secret (
        id TEXT PRIMARY KEY,
        -- Whose settings refer to it.
        area TEXT NOT NULL,
        owner TEXT NOT NULL,
        field TEXT NOT NULL,
        -- The only place it is sent to; it is part of what is sealed.
        place TEXT NOT NULL,
        sealed BLOB NOT NULL,
        sealed_ms INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX secret_owner ON secret (area, owner);

      CREATE TABLE secret_guard (
        kind TEXT PRIMARY KEY CHECK (kind IN ('key_store', 'passphrase', 'file')),
        params TEXT NOT NULL CHECK (json_valid(params)),
        wrapped BLOB NOT NULL,
        since_ms INTEGER NOT NULL
      ) WITHOUT ROWID;
    `);
  },
};
