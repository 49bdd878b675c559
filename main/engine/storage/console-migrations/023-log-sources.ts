import type { Migration } from '../migrations.ts';

/** How a log source is read beyond its path and format, and the receivers of syslog messages. */
export const logSourcesMigration: Migration = {
  version: 23,
  up: (db) => {
    db.exec(`
      -- more, exclude, encoding, multiline, remote; what is missing has its default.
      ALTER TABLE log_source ADD COLUMN reading TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(reading));

      CREATE TABLE log_receiver (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        data TEXT NOT NULL CHECK (json_valid(data)),
        added INTEGER NOT NULL
      ) WITHOUT ROWID;
    `);
  },
};
