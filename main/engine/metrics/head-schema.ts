import type { Migration } from '../storage/migrations.ts';

/** The head file's schema (docs/metrics-format.md, "Head file"). A published step never changes. */
export const headMigrations: readonly Migration[] = [
  {
    version: 1,
    up: (db) => {
      db.exec(`
        CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE series (ref INTEGER PRIMARY KEY, labels BLOB NOT NULL);
        CREATE TABLE wal (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE chunk (
          id INTEGER PRIMARY KEY,
          series INTEGER NOT NULL,
          start INTEGER NOT NULL,
          end INTEGER NOT NULL,
          samples INTEGER NOT NULL,
          data BLOB NOT NULL
        );
        CREATE INDEX chunk_series ON chunk (series, start, end, samples);
        CREATE TABLE metadata (
          name TEXT PRIMARY KEY,
          type TEXT NOT NULL,
          help TEXT NOT NULL,
          unit TEXT NOT NULL
        ) WITHOUT ROWID;
      `);
    },
  },
  {
    version: 2,
    up: (db) => db.exec('CREATE TABLE sealing (file TEXT PRIMARY KEY) WITHOUT ROWID'),
  },
];
