import type { Migration } from '../migrations.ts';

/** Tables of hooks, stopped services and databases in console.db: what a run does besides reading files. */
export const backupStepsMigration: Migration = {
  version: 11,
  up: (db) => {
    db.exec(`
      -- Written before the step begins; owed = 1 says that it must be done even when the engine is killed.
      CREATE TABLE backup_step (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        point_id TEXT NOT NULL,
        plan TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('before', 'stop', 'database', 'start', 'after')),
        what TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('due', 'running', 'done', 'failed', 'interrupted')),
        owed INTEGER NOT NULL,
        -- Everything that doing it later needs: the plan may be another by then.
        task TEXT CHECK (task IS NULL OR json_valid(task)),
        pid INTEGER,
        pid_born TEXT,
        started_at INTEGER,
        finished_at INTEGER,
        exit_code INTEGER,
        output TEXT NOT NULL DEFAULT '',
        error TEXT CHECK (error IS NULL OR json_valid(error)),
        caught_up INTEGER NOT NULL DEFAULT 0,
        info TEXT CHECK (info IS NULL OR json_valid(info))
      );
      CREATE INDEX backup_step_point ON backup_step (point_id);
      CREATE INDEX backup_step_plan ON backup_step (plan, id);
      CREATE INDEX backup_step_open ON backup_step (owed) WHERE owed = 1;

      CREATE TABLE backup_database_restore (
        id TEXT PRIMARY KEY,
        finished_at INTEGER NOT NULL,
        report TEXT NOT NULL CHECK (json_valid(report))
      ) WITHOUT ROWID;
    `);
  },
};
