import type { Migration } from '../migrations.ts';

/**
 * The audit trail (docs/audit.md). A line is all there is of an entry; what is searched by is derived from it, so that the two cannot
 * differ, and is nothing for a line that somebody made unreadable.
 */
export const auditMigration: Migration = {
  version: 31,
  up: (db) => {
    db.exec(`
      CREATE TABLE audit_entry (
        n INTEGER PRIMARY KEY,
        line TEXT NOT NULL,
        kind TEXT AS (CASE WHEN json_valid(line) THEN json_extract(line, '$.kind') END) VIRTUAL,
        at_ms INTEGER AS (CASE WHEN json_valid(line) THEN json_extract(line, '$.at') END) VIRTUAL,
        of_n INTEGER AS (CASE WHEN json_valid(line) THEN json_extract(line, '$.of') END) VIRTUAL,
        by_user TEXT AS (CASE WHEN json_valid(line) THEN json_extract(line, '$.by') END) VIRTUAL,
        action TEXT AS (CASE WHEN json_valid(line) THEN json_extract(line, '$.action') END) VIRTUAL
      );
      CREATE INDEX audit_entry_of ON audit_entry (of_n) WHERE of_n IS NOT NULL;
      CREATE INDEX audit_entry_asked ON audit_entry (at_ms) WHERE kind IN ('asked', 'noted');
      CREATE INDEX audit_entry_action ON audit_entry (action, by_user) WHERE action IS NOT NULL;
      CREATE INDEX audit_entry_checkpoint ON audit_entry (n) WHERE kind = 'checkpoint';

      -- The trail is only ever added to.
      CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
      CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
    `);
  },
};
