import type { Migration } from '../migrations.ts';

/** Dashboards with their versions, marks on the time axis, and reports. */
export const dashboardsMigration: Migration = {
  version: 18,
  up: (db) => {
    db.exec(`
      CREATE TABLE dashboard (
        uid TEXT PRIMARY KEY,
        newest INTEGER NOT NULL,
        -- Texts as JSON: one, or one for each language.
        title TEXT NOT NULL CHECK (json_valid(title)),
        description TEXT NOT NULL CHECK (json_valid(description)),
        tags TEXT NOT NULL CHECK (json_valid(tags)),
        panels INTEGER NOT NULL,
        saved_ms INTEGER NOT NULL,
        saved_by TEXT NOT NULL,
        removed_ms INTEGER
      ) WITHOUT ROWID;

      CREATE TABLE dashboard_version (
        uid TEXT NOT NULL REFERENCES dashboard (uid) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        saved_ms INTEGER NOT NULL,
        saved_by TEXT NOT NULL,
        message TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('saved', 'imported', 'copied', 'restored', 'removed')),
        restored_from INTEGER,
        panels INTEGER NOT NULL,
        -- JSON, gzip; null where the dashboard was removed.
        body BLOB,
        PRIMARY KEY (uid, version)
      );

      -- Deployments and remarks that an operator marked.
      CREATE TABLE dashboard_mark (
        id TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('deployment', 'note')),
        at_ms INTEGER NOT NULL,
        until_ms INTEGER,
        text TEXT NOT NULL,
        tags TEXT NOT NULL CHECK (json_valid(tags)),
        made_by TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX dashboard_mark_at ON dashboard_mark (at_ms);

      CREATE TABLE dashboard_report (
        id TEXT PRIMARY KEY,
        body TEXT NOT NULL CHECK (json_valid(body)),
        -- Since when its schedule is as it is: what was due before is not made up for.
        since_ms INTEGER NOT NULL
      ) WITHOUT ROWID;

      CREATE TABLE dashboard_report_run (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        report TEXT NOT NULL REFERENCES dashboard_report (id) ON DELETE CASCADE,
        body TEXT NOT NULL CHECK (json_valid(body))
      );
      CREATE INDEX dashboard_report_run_report ON dashboard_report_run (report, seq);
    `);
  },
};
