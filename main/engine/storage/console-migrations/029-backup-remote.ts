import type { Migration } from '../migrations.ts';

/** Reading the folders of hosts becomes a kind of step; SQLite changes a CHECK only by making the table anew. */
export const backupRemoteMigration: Migration = {
  version: 29,
  up: (db) => {
    db.exec(`
      CREATE TABLE backup_step_new (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        point_id TEXT NOT NULL,
        plan TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('before', 'stop', 'database', 'remote', 'start', 'after')),
        what TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('due', 'running', 'done', 'failed', 'interrupted')),
        owed INTEGER NOT NULL,
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
      INSERT INTO backup_step_new (id, point_id, plan, kind, what, state, owed, task, pid, pid_born, started_at, finished_at,
        exit_code, output, error, caught_up, info)
      SELECT id, point_id, plan, kind, what, state, owed, task, pid, pid_born, started_at, finished_at,
        exit_code, output, error, caught_up, info FROM backup_step;
      DROP TABLE backup_step;
      ALTER TABLE backup_step_new RENAME TO backup_step;
      CREATE INDEX backup_step_point ON backup_step (point_id);
      CREATE INDEX backup_step_plan ON backup_step (plan, id);
      CREATE INDEX backup_step_open ON backup_step (owed) WHERE owed = 1;
    `);
  },
};
