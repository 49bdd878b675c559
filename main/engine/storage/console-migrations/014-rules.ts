import type { Migration } from '../migrations.ts';

/** Rule files, and the alert that a problem of theirs tells of. */
export const rulesMigration: Migration = {
  version: 14,
  up: (db) => {
    db.exec(`
      CREATE TABLE rule_file (
        name TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        groups TEXT NOT NULL CHECK (json_valid(groups)),
        enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
        added_ms INTEGER NOT NULL,
        -- The prometheus.yml that names it; null when it was added by itself.
        origin TEXT
      ) WITHOUT ROWID;

      ALTER TABLE problem ADD COLUMN alert TEXT CHECK (alert IS NULL OR json_valid(alert));
    `);
  },
};
