import type { Migration } from '../migrations.ts';

/** Disaster recovery: what people wrote, drills and runs, and how old the last verified point was, hour by hour. */
export const recoveryMigration: Migration = {
  version: 9,
  up: (db) => {
    db.exec(`
      -- Risks, environment, objectives, runbooks, runs, drills, records: JSON as shared/contract/recovery*.ts declares it.
      CREATE TABLE recovery_document (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        sort INTEGER NOT NULL,
        body TEXT NOT NULL CHECK (json_valid(body)),
        PRIMARY KEY (kind, id)
      );
      CREATE INDEX recovery_document_order ON recovery_document (kind, sort DESC, id);

      -- Restores that drills make, so that they are no operator's unfinished business after a power cut.
      CREATE TABLE recovery_restore (
        restore_id TEXT PRIMARY KEY,
        drill_id TEXT NOT NULL
      );

      -- Worst age of the last verified restorable point in each hour; null: there was none.
      CREATE TABLE recovery_rpo (
        plan TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        worst_ms INTEGER,
        PRIMARY KEY (plan, at_ms)
      ) WITHOUT ROWID;
    `);
  },
};
