import type { Migration } from '../migrations.ts';

/**
 * Tables of the area `backup` in console.db: plans, runs, restore points and what verification found. What is *in* a point
 * stands in a file of its own (`catalogue/POINT.db`), which retention can delete; this file would only ever grow.
 */
export const backupMigration: Migration = {
  version: 4,
  up: (db) => {
    db.exec(`
      CREATE TABLE backup_plan (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        spec TEXT NOT NULL CHECK (json_valid(spec)),
        created_at INTEGER NOT NULL,
        last_error TEXT CHECK (last_error IS NULL OR json_valid(last_error))
      ) WITHOUT ROWID;

      -- Written before a run's first file exists, so that whatever a power cut leaves behind has a known owner.
      CREATE TABLE backup_run (
        point_id TEXT PRIMARY KEY,
        plan TEXT NOT NULL,
        type TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        finished_at INTEGER,
        state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'interrupted')),
        archive_path TEXT NOT NULL,
        error TEXT CHECK (error IS NULL OR json_valid(error)),
        -- 1 while files of this run may still lie in the target folder.
        unclean INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX backup_run_plan ON backup_run (plan, started_at);
      CREATE INDEX backup_run_unclean ON backup_run (unclean) WHERE unclean = 1;

      -- seq is the order in which this console first saw the points; clocks may lie, it does not.
      CREATE TABLE backup_point (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        plan TEXT NOT NULL,
        type TEXT NOT NULL,
        parent_id TEXT,
        base_id TEXT,
        started_at INTEGER NOT NULL,
        finished_at INTEGER NOT NULL,
        archive_path TEXT NOT NULL,
        archive_bytes INTEGER NOT NULL,
        manifest_sha256 TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('complete', 'broken', 'missing')),
        verified_at INTEGER,
        verify_error TEXT CHECK (verify_error IS NULL OR json_valid(verify_error)),
        verify_report TEXT CHECK (verify_report IS NULL OR json_valid(verify_report)),
        report TEXT NOT NULL CHECK (json_valid(report))
      );
      CREATE INDEX backup_point_plan ON backup_point (plan, seq);
    `);
  },
};
