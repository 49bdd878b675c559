import type { Migration } from '../migrations.ts';

/** Keys of encrypted plans: recipients, and identities sealed by a passphrase. Nothing here opens an archive by itself. */
export const backupKeysMigration: Migration = {
  version: 13,
  up: (db) => {
    db.exec(`
      CREATE TABLE backup_key (
        recipient TEXT PRIMARY KEY,
        name TEXT UNIQUE,
        key_file TEXT,
        created_ms INTEGER,
        tested_ms INTEGER,
        tested_point TEXT
      ) WITHOUT ROWID;
    `);
  },
};
