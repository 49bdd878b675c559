import type { Migration } from '../migrations.ts';

/** Problems, open and ended; `until_ms` is null while one lasts. */
export const alertsMigration: Migration = {
  version: 6,
  up: (db) => {
    db.exec(`
      CREATE TABLE problem (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        condition TEXT NOT NULL,
        severity TEXT NOT NULL,
        since_ms INTEGER NOT NULL,
        until_ms INTEGER,
        sentence_zh TEXT NOT NULL,
        sentence_en TEXT NOT NULL,
        next_zh TEXT NOT NULL,
        next_en TEXT NOT NULL,
        link TEXT NOT NULL
      );
      CREATE UNIQUE INDEX problem_open ON problem (id) WHERE until_ms IS NULL;
      CREATE INDEX problem_until ON problem (until_ms);
    `);
  },
};
