import type { Migration } from '../storage/migrations.ts';

/** The schema of a plan's file, step by step. */
export const planMigrations: readonly Migration[] = [
  {
    version: 1,
    up: (db) => {
      db.exec(`
        CREATE TABLE basis (json TEXT NOT NULL);
        -- Paths are JSON strings: bytes that are not UTF-8 are lone surrogates, which SQLite's text cannot hold.
        CREATE TABLE item (
          seq INTEGER PRIMARY KEY,
          path TEXT NOT NULL UNIQUE,
          target TEXT NOT NULL,
          type TEXT NOT NULL,
          action TEXT NOT NULL,
          reason TEXT NOT NULL,
          size INTEGER NOT NULL,
          entry TEXT NOT NULL,
          before TEXT,
          sha256 TEXT,
          state INTEGER NOT NULL DEFAULT 0,
          error TEXT
        );
        CREATE INDEX item_action ON item (action, seq);
        CREATE INDEX item_state ON item (state, seq) WHERE action IN ('restore', 'update');
      `);
    },
  },
  {
    version: 2,
    up: (db) => {
      // A point may need several archives.
      db.exec(`UPDATE basis SET json = json_remove(
        json_set(json, '$.archives', json_array(json_extract(json, '$.archive'))), '$.archive')`);
    },
  },
  {
    version: 3,
    up: (db) => {
      // What stood at each path before this restore touched it, so that it can be undone.
      db.exec(`
        CREATE TABLE saved (
          id INTEGER PRIMARY KEY,
          target TEXT NOT NULL UNIQUE,
          was TEXT,
          kept TEXT,
          sha256 TEXT
        );
        CREATE INDEX item_target ON item (target);
        DROP INDEX item_state;
        CREATE INDEX item_state ON item (state, seq) WHERE action IN ('restore', 'update', 'remove');
      `);
    },
  },
];
