import type { Migration } from '../migrations.ts';

/** Plans with several schedules, since when they have them, what was changed in them, and why runs began. */
export const backupPlansMigration: Migration = {
  version: 12,
  up: (db) => {
    db.exec(`
      -- One schedule with its type became a list of them.
      UPDATE backup_plan SET spec = json_remove(
        json_set(spec, '$.schedules', json(CASE
          WHEN json_extract(spec, '$.schedule') IS NULL THEN '[]'
          ELSE json_array(json_object(
            'cron', json_extract(spec, '$.schedule'),
            'type', coalesce(json_extract(spec, '$.scheduleType'), 'full')))
        END)),
        '$.schedule', '$.scheduleType')
      WHERE json_type(spec, '$.schedules') IS NULL;

      -- Null: since the plan was made.
      ALTER TABLE backup_plan ADD COLUMN schedules_since INTEGER;
      ALTER TABLE backup_run ADD COLUMN trigger TEXT NOT NULL DEFAULT 'hand'
        CHECK (trigger IN ('schedule', 'hand', 'again'));

      -- By name: a plan that was removed and made again goes on with its history.
      CREATE TABLE backup_plan_change (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        plan TEXT NOT NULL,
        at INTEGER NOT NULL,
        who TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('added', 'changed', 'removed')),
        fields TEXT NOT NULL CHECK (json_valid(fields))
      );
      CREATE INDEX backup_plan_change_plan ON backup_plan_change (plan, seq);
    `);
  },
};
