import type { Migration } from '../migrations.ts';

/** Scrape jobs as they were imported, and which job and file a target comes from. */
export const scrapeJobsMigration: Migration = {
  version: 30,
  up: (db) => {
    db.exec(`
      CREATE TABLE scrape_job (
        name TEXT PRIMARY KEY,
        data TEXT NOT NULL CHECK (json_valid(data)),
        changed_ms INTEGER NOT NULL
      ) WITHOUT ROWID;

      -- The job that a target is made from, and the file that lists it; NULL for one that somebody added by hand.
      ALTER TABLE scrape_target ADD COLUMN job TEXT;
      ALTER TABLE scrape_target ADD COLUMN file TEXT;
      -- Since when nothing lists it any more; it is not scraped then.
      ALTER TABLE scrape_target ADD COLUMN gone_ms INTEGER;
      -- The file that a host was first seen in.
      ALTER TABLE host ADD COLUMN file TEXT;
    `);
  },
};
