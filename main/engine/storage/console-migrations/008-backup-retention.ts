import type { Migration } from '../migrations.ts';

/** Retention: what is being removed, holds, mass changes, what the clock showed, and rolling verification. */
export const backupRetentionMigration: Migration = {
  version: 8,
  up: (db) => {
    db.exec(`
      CREATE TABLE backup_prune (
        id TEXT PRIMARY KEY,
        plan TEXT NOT NULL,
        at INTEGER NOT NULL,
        ended_at INTEGER,
        state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'interrupted')),
        points INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        error TEXT CHECK (error IS NULL OR json_valid(error))
      ) WITHOUT ROWID;
      CREATE INDEX backup_prune_plan ON backup_prune (plan, at);

      -- Written before the first file of a point is removed. While done_at is null the point is listed nowhere, and what is
      -- left of its files is removed at the next start. Rows stay: the record of what was removed, and why.
      CREATE TABLE backup_removal (
        point_id TEXT PRIMARY KEY,
        prune_id TEXT NOT NULL,
        plan TEXT NOT NULL,
        type TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        -- Archives to remove, each with what lies beside it.
        archives TEXT NOT NULL CHECK (json_valid(archives)),
        intent_at INTEGER NOT NULL,
        done_at INTEGER
      ) WITHOUT ROWID;
      CREATE INDEX backup_removal_open ON backup_removal (done_at) WHERE done_at IS NULL;

      CREATE TABLE backup_hold (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        point_id TEXT NOT NULL,
        who TEXT NOT NULL,
        why TEXT NOT NULL,
        set_at INTEGER NOT NULL,
        until_ms INTEGER,
        cleared_at INTEGER,
        cleared_by TEXT,
        cleared_why TEXT
      );
      CREATE INDEX backup_hold_point ON backup_hold (point_id);

      CREATE TABLE backup_mass_change (
        point_id TEXT PRIMARY KEY,
        plan TEXT NOT NULL,
        at INTEGER NOT NULL,
        stats TEXT NOT NULL CHECK (json_valid(stats)),
        signs TEXT NOT NULL CHECK (json_valid(signs)),
        acknowledged_at INTEGER,
        acknowledged_by TEXT,
        note TEXT
      ) WITHOUT ROWID;

      -- How much each run changed; outlives the points, because what is usual is learnt from it.
      CREATE TABLE backup_change (
        point_id TEXT PRIMARY KEY,
        plan TEXT NOT NULL,
        type TEXT NOT NULL,
        at INTEGER NOT NULL,
        stats TEXT NOT NULL CHECK (json_valid(stats))
      ) WITHOUT ROWID;
      CREATE INDEX backup_change_plan ON backup_change (plan, type, at);

      -- One row: the latest time that the clock ever showed.
      CREATE TABLE backup_clock (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        latest_ms INTEGER NOT NULL
      );

      -- What operators said about a plan's times.
      CREATE TABLE backup_clock_accepted (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        plan TEXT NOT NULL,
        at INTEGER NOT NULL,
        who TEXT NOT NULL,
        why TEXT NOT NULL,
        accepted_seq INTEGER NOT NULL,
        distrusted TEXT NOT NULL CHECK (json_valid(distrusted))
      );

      -- Bytes that rolling verification has read, by UTC day.
      CREATE TABLE backup_rolling (
        plan TEXT NOT NULL,
        day INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        PRIMARY KEY (plan, day)
      ) WITHOUT ROWID;
    `);
  },
};
