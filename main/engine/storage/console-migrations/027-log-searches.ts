import type { Migration } from '../migrations.ts';

/** Searches that are kept under a name, and the templates of lines that were seen. */
export const logSearchesMigration: Migration = {
  version: 27,
  up: (db) => {
    db.exec(`
      CREATE TABLE log_saved_search (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        query TEXT NOT NULL,
        note TEXT NOT NULL,
        -- 1: matches are counted as lines arrive.
        counted INTEGER NOT NULL,
        created_ms INTEGER NOT NULL,
        changed_ms INTEGER NOT NULL
      ) WITHOUT ROWID;

      CREATE TABLE log_pattern (
        id TEXT PRIMARY KEY,
        tokens TEXT NOT NULL CHECK (json_valid(tokens)),
        -- Where it was seen first.
        source TEXT NOT NULL,
        first_ms INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX log_pattern_first ON log_pattern (first_ms);
    `);
  },
};
