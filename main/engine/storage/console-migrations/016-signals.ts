import type { Migration } from '../migrations.ts';

/** How often log sources speak, day by day, and what operators want to hear of their silence. */
export const signalsMigration: Migration = {
  version: 16,
  up: (db) => {
    db.exec(`
      CREATE TABLE log_rhythm (
        source_id TEXT NOT NULL,
        -- Days since 1970 in UTC.
        day INTEGER NOT NULL,
        longest_ms INTEGER NOT NULL,
        pauses INTEGER NOT NULL,
        PRIMARY KEY (source_id, day)
      ) WITHOUT ROWID;

      CREATE TABLE log_silence (
        source_id TEXT PRIMARY KEY,
        -- Null: not a word of this source's silence.
        after_ms INTEGER
      ) WITHOUT ROWID;
    `);
  },
};
