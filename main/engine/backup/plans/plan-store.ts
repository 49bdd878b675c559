import * as z from 'zod';
import {
  type BackupRun,
  type BackupType,
  backupTypeSchema,
  type PlanChange,
  planChangeSchema,
  runTriggerSchema,
} from '#shared/contract/backup-schedule.ts';
import { appErrorSchema } from '#shared/errors/index.ts';
import type { WritableDb } from '../../storage/sqlite.ts';

const jsonOf = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);

const changeRow = z.object({
  at: z.number(),
  who: z.string(),
  kind: planChangeSchema.shape.kind,
  fields: jsonOf(planChangeSchema.shape.fields),
});

const runRow = z.object({
  point_id: z.string(),
  plan: z.string(),
  type: backupTypeSchema,
  trigger: runTriggerSchema,
  state: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
  started_at: z.number(),
  finished_at: z.number().nullable(),
  error: jsonOf(appErrorSchema).nullable(),
});

const count = z.object({ count: z.number() });

function toRun(row: unknown): BackupRun {
  const run = runRow.parse(row);
  return {
    pointId: run.point_id,
    plan: run.plan,
    type: run.type,
    trigger: run.trigger,
    state: run.state,
    startedAt: run.started_at,
    finishedAt: run.finished_at,
    error: run.error,
  };
}

/** What was changed in plans, since when their schedules are as they are, and which runs there were. */
export class PlanStore {
  readonly #db: WritableDb;

  constructor(db: WritableDb) {
    this.#db = db;
  }

  /** Replaces a plan's settings and writes down the change, both or neither. */
  update(name: string, spec: object, change: PlanChange, hasNewSchedules: boolean): void {
    this.#db.transaction(() => {
      this.#db.prepare('UPDATE backup_plan SET spec = ? WHERE name = ?').run(JSON.stringify(spec), name);
      if (hasNewSchedules)
        this.#db.prepare('UPDATE backup_plan SET schedules_since = ? WHERE name = ?').run(change.at, name);
      this.record(name, change);
    })();
  }

  /** Writes down a change; rows are never changed or removed. */
  record(name: string, { at, who, kind, fields }: PlanChange): void {
    this.#db
      .prepare('INSERT INTO backup_plan_change (plan, at, who, kind, fields) VALUES (?, ?, ?, ?, ?)')
      .run(name, at, who, kind, JSON.stringify(fields));
  }

  /** Changes of a plan, the latest first. */
  history(name: string, limit: number): readonly PlanChange[] {
    return this.#db
      .prepare(
        'SELECT at, who, kind, fields FROM backup_plan_change WHERE plan = ? ORDER BY seq DESC LIMIT ?',
      )
      .all(name, limit)
      .map((row) => changeRow.parse(row));
  }

  /** Since when a plan's schedules are as they are, UTC milliseconds. */
  schedulesSince(name: string): number {
    const row = this.#db
      .prepare('SELECT coalesce(schedules_since, created_at) AS count FROM backup_plan WHERE name = ?')
      .get(name);
    return row === undefined ? 0 : count.parse(row).count;
  }

  /** When a run of one of the types was last started, however it ended, at or before `until`; null when never. */
  lastStart(name: string, types: readonly BackupType[], until: number): number | null {
    const row = this.#db
      .prepare(
        `SELECT max(started_at) AS count FROM backup_run
         WHERE plan = ? AND started_at <= ? AND type IN (SELECT value FROM json_each(?))`,
      )
      .get(name, until, JSON.stringify(types));
    return z.object({ count: z.number().nullable() }).parse(row).count;
  }

  /** Runs of a plan, the latest first, and how many there are. */
  runs(name: string, limit: number): { readonly runs: readonly BackupRun[]; readonly total: number } {
    return {
      runs: this.#db
        .prepare('SELECT * FROM backup_run WHERE plan = ? ORDER BY started_at DESC LIMIT ?')
        .all(name, limit)
        .map(toRun),
      total: count.parse(
        this.#db.prepare('SELECT count(*) AS count FROM backup_run WHERE plan = ?').get(name),
      ).count,
    };
  }
}
