import type { Migration } from '../migrations.ts';

/** Restores from plan to evidence. The plan's items are in a file of their own, `restores/PLAN.db`. */
export const restoreMigration: Migration = {
  version: 5,
  up: (db) => {
    db.exec(`
      CREATE TABLE restore (
        id TEXT PRIMARY KEY,
        plan TEXT NOT NULL,
        rto_ms INTEGER,
        state TEXT NOT NULL CHECK (state IN
          ('planned', 'running', 'interrupted', 'verifying', 'done', 'failed', 'cancelled')),
        job_id TEXT,
        created_ms INTEGER NOT NULL,
        started_ms INTEGER,
        finished_ms INTEGER,
        interruptions INTEGER NOT NULL DEFAULT 0,
        error TEXT,
        evidence TEXT
      ) WITHOUT ROWID;
      CREATE INDEX restore_created ON restore (created_ms);
    `);
  },
};
