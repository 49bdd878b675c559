import type { Migration } from '../migrations.ts';

/** Settings of the site, and the spans during which nobody watched. */
export const siteMigration: Migration = {
  version: 1,
  up: (db) => {
    db.exec(`
      CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE watch_gap (
        id INTEGER PRIMARY KEY,
        from_ms INTEGER NOT NULL,
        to_ms INTEGER NOT NULL,
        reason TEXT NOT NULL CHECK (reason IN ('stopped', 'crashed', 'asleep', 'clock_jump'))
      );
      CREATE INDEX watch_gap_time ON watch_gap (to_ms);
    `);
  },
};
