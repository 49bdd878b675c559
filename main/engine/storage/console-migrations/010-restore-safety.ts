import type { Migration } from '../migrations.ts';

/** What a restore keeps of the files that it overwrote, and whether it can be undone. */
export const restoreSafetyMigration: Migration = {
  version: 10,
  up: (db) => {
    db.exec(`
      ALTER TABLE restore ADD COLUMN safety TEXT;
      ALTER TABLE restore ADD COLUMN keeps_record INTEGER NOT NULL DEFAULT 0;
    `);
  },
};
