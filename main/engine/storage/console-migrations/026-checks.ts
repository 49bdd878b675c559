import type { Migration } from '../migrations.ts';

/** Checks of hosts, and the history of their states. */
export const checksMigration: Migration = {
  version: 26,
  up: (db) => {
    db.exec(`
      CREATE TABLE host_check (
        id TEXT PRIMARY KEY,
        host_id TEXT NOT NULL REFERENCES host (id) ON DELETE CASCADE,
        data TEXT NOT NULL CHECK (json_valid(data))
      ) WITHOUT ROWID;
      CREATE INDEX host_check_host ON host_check (host_id);

      -- One row for each stretch of a state; to_ms is null while it lasts.
      CREATE TABLE host_check_state (
        seq INTEGER PRIMARY KEY,
        check_id TEXT NOT NULL REFERENCES host_check (id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK (state IN ('ok', 'warning', 'critical', 'unknown')),
        from_ms INTEGER NOT NULL,
        to_ms INTEGER,
        zh TEXT NOT NULL,
        en TEXT NOT NULL
      );
      CREATE INDEX host_check_state_check ON host_check_state (check_id, seq);
      CREATE UNIQUE INDEX host_check_state_open ON host_check_state (check_id) WHERE to_ms IS NULL;
    `);
  },
};
