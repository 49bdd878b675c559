import type { Migration } from '../migrations.ts';

/** Tables of the area `logs` in console.db. The lines themselves are in the day files (docs/logs-format.md). */
export const logsMigration: Migration = {
  version: 3,
  up: (db) => {
    db.exec(`
      CREATE TABLE log_source (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        path TEXT NOT NULL,
        format TEXT NOT NULL,
        host TEXT NOT NULL,
        zone TEXT NOT NULL,
        start TEXT NOT NULL CHECK (start IN ('beginning', 'end')),
        added INTEGER NOT NULL
      ) WITHOUT ROWID;
    `);
  },
};
