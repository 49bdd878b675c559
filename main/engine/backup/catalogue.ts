import * as z from 'zod';
import {
  type BackupPlanInput,
  type BackupType,
  backupPlanInputSchema,
  backupTypeSchema,
  type RestorePoint,
  type RunReport,
  runReportSchema,
  type VerifyReport,
  verifyReportSchema,
} from '#shared/contract/backup.ts';
import type { RunTrigger } from '#shared/contract/backup-schedule.ts';
import type { RunSteps } from '#shared/contract/backup-sources.ts';
import { type AppError, appErrorSchema } from '#shared/errors/index.ts';
import type { WritableDb } from '../storage/sqlite.ts';

/** A plan's settings with every default filled in. */
export type PlanSpec = z.output<typeof backupPlanInputSchema>;

/** A plan as it is kept. */
export type StoredPlan = {
  readonly id: string;
  readonly spec: PlanSpec;
  readonly createdAt: number;
  readonly lastError: AppError | null;
};

/** How a run stands or ended. */
export type RunState = 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

/** A run as it is kept; its id is the id of the point it makes. */
export type StoredRun = {
  readonly pointId: string;
  readonly plan: string;
  readonly type: BackupType;
  readonly startedAt: number;
  readonly state: RunState;
  readonly archivePath: string;
};

/** A restore point with what only the engine needs. */
export type StoredPoint = RestorePoint & {
  /** Order in which this console first saw it. */
  readonly seq: number;
  readonly baseId: string | null;
  readonly archiveBytes: number;
  readonly manifestSha256: string;
};

const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text, context): z.output<T> => {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: parsed.error.message });
    return z.NEVER;
  });

const planRow = z.object({
  id: z.string(),
  spec: json(backupPlanInputSchema),
  created_at: z.number(),
  last_error: json(appErrorSchema).nullable(),
});

const runRow = z.object({
  point_id: z.string(),
  plan: z.string(),
  type: backupTypeSchema,
  started_at: z.number(),
  state: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
  archive_path: z.string(),
});

const pointRow = z.object({
  seq: z.number(),
  id: z.string(),
  plan: z.string(),
  type: backupTypeSchema,
  parent_id: z.string().nullable(),
  base_id: z.string().nullable(),
  started_at: z.number(),
  finished_at: z.number(),
  archive_path: z.string(),
  archive_bytes: z.number(),
  manifest_sha256: z.string(),
  state: z.enum(['complete', 'broken', 'missing']),
  verified_at: z.number().nullable(),
  verify_error: json(appErrorSchema).nullable(),
  report: json(runReportSchema),
});

function toPlan(row: unknown): StoredPlan {
  const { id, spec, created_at, last_error } = planRow.parse(row);
  return { id, spec, createdAt: created_at, lastError: last_error };
}

function toRun(row: unknown): StoredRun {
  const { point_id, plan, type, started_at, state, archive_path } = runRow.parse(row);
  return { pointId: point_id, plan, type, startedAt: started_at, state, archivePath: archive_path };
}

function toPoint(row: unknown): StoredPoint {
  const point = pointRow.parse(row);
  return {
    seq: point.seq,
    id: point.id,
    plan: point.plan,
    type: point.type,
    parentId: point.parent_id,
    baseId: point.base_id,
    startedAt: point.started_at,
    finishedAt: point.finished_at,
    archivePath: point.archive_path,
    archiveBytes: point.archive_bytes,
    manifestSha256: point.manifest_sha256,
    state: point.state,
    verifiedAt: point.verified_at,
    verifyError: point.verify_error,
    report: point.report,
  };
}

const POINT_COLUMNS = `seq, id, plan, type, parent_id, base_id, started_at, finished_at, archive_path, archive_bytes,
  manifest_sha256, state, verified_at, verify_error, report`;

const text = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** A new point, before it has its order. */
export type NewPoint = Omit<StoredPoint, 'seq'>;

/** Plans, runs and points in console.db. Every method is one transaction. */
export class Catalogue {
  readonly #db: WritableDb;
  /** Reports are long and asked for every few seconds; who else writes the table calls {@link Catalogue.reread}. */
  #points: readonly StoredPoint[] | null = null;

  constructor(db: WritableDb) {
    this.#db = db;
  }

  plans(): readonly StoredPlan[] {
    return this.#db.prepare('SELECT * FROM backup_plan ORDER BY name').all().map(toPlan);
  }

  plan(name: string): StoredPlan | null {
    const row = this.#db.prepare('SELECT * FROM backup_plan WHERE name = ?').get(name);
    return row === undefined ? null : toPlan(row);
  }

  addPlan(id: string, spec: BackupPlanInput, createdAt: number): void {
    this.#db
      .prepare('INSERT INTO backup_plan (id, name, spec, created_at) VALUES (?, ?, ?, ?)')
      .run(id, spec.name, JSON.stringify(spec), createdAt);
  }

  /** @returns false when there was none */
  removePlan(name: string): boolean {
    return this.#db.prepare('DELETE FROM backup_plan WHERE name = ?').run(name).changes > 0;
  }

  setPlanError(name: string, error: AppError | null): void {
    this.#db.prepare('UPDATE backup_plan SET last_error = ? WHERE name = ?').run(text(error), name);
  }

  beginRun(run: Omit<StoredRun, 'state'>, trigger: RunTrigger = 'hand'): void {
    this.#db
      .prepare(
        `INSERT INTO backup_run (point_id, plan, type, started_at, state, archive_path, unclean, trigger)
         VALUES (?, ?, ?, ?, 'running', ?, 1, ?)`,
      )
      .run(run.pointId, run.plan, run.type, run.startedAt, run.archivePath, trigger);
  }

  /** Ends a run without a point. `clean`: nothing of it is left in the target folder. */
  endRun(pointId: string, state: RunState, at: number, error: AppError | null, clean: boolean): void {
    this.#db
      .prepare('UPDATE backup_run SET state = ?, finished_at = ?, error = ?, unclean = ? WHERE point_id = ?')
      .run(state, at, text(error), clean ? 0 : 1, pointId);
  }

  /** Runs that may have left files in their target folder. */
  uncleanRuns(): readonly StoredRun[] {
    return this.#db
      .prepare('SELECT * FROM backup_run WHERE unclean = 1 ORDER BY started_at')
      .all()
      .map(toRun);
  }

  /** Points of a plan, or of all, the one seen last first. */
  points(plan?: string): readonly StoredPoint[] {
    this.#points ??= this.#db
      .prepare(
        // A point whose removal was begun is none any more, whatever of its files is still there.
        `SELECT ${POINT_COLUMNS} FROM backup_point
         WHERE id NOT IN (SELECT point_id FROM backup_removal WHERE done_at IS NULL) ORDER BY seq DESC`,
      )
      .all()
      .map(toPoint);
    return plan === undefined ? this.#points : this.#points.filter((point) => point.plan === plan);
  }

  /** Retention changed the table: what was read is read again. */
  reread(): void {
    this.#points = null;
  }

  point(id: string): StoredPoint | null {
    // A rebuild asks between one point that it adds and the next: reading all of them each time would take hours.
    if (this.#points !== null) return this.#points.find((point) => point.id === id) ?? null;
    const row = this.#db.prepare(`SELECT ${POINT_COLUMNS} FROM backup_point WHERE id = ?`).get(id);
    return row === undefined ? null : toPoint(row);
  }

  /** Adds a point and ends its run; one that is known already gets the new place of its archive. */
  addPoint(point: NewPoint): void {
    this.#points = null;
    this.#db.transaction(() => {
      this.#db
        .prepare(
          `INSERT INTO backup_point (id, plan, type, parent_id, base_id, started_at, finished_at, archive_path,
             archive_bytes, manifest_sha256, state, verified_at, verify_error, report)
           VALUES (@id, @plan, @type, @parentId, @baseId, @startedAt, @finishedAt, @archivePath,
             @archiveBytes, @manifestSha256, @state, @verifiedAt, @verifyError, @report)
           ON CONFLICT (id) DO UPDATE SET archive_path = excluded.archive_path, state = excluded.state`,
        )
        .run({
          id: point.id,
          plan: point.plan,
          type: point.type,
          parentId: point.parentId,
          baseId: point.baseId,
          startedAt: point.startedAt,
          finishedAt: point.finishedAt,
          archivePath: point.archivePath,
          archiveBytes: point.archiveBytes,
          manifestSha256: point.manifestSha256,
          state: point.state,
          verifiedAt: point.verifiedAt,
          verifyError: text(point.verifyError),
          report: JSON.stringify(point.report satisfies RunReport),
        });
      this.#db
        .prepare(`UPDATE backup_run SET state = 'done', finished_at = ?, unclean = 0 WHERE point_id = ?`)
        .run(point.finishedAt, point.id);
    })();
  }

  /** Tells a point's report what its run did after the archive was complete. */
  setSteps(id: string, steps: RunSteps): void {
    const point = this.point(id);
    if (point === null) return;
    this.#points = null;
    this.#db
      .prepare('UPDATE backup_point SET report = ? WHERE id = ?')
      .run(JSON.stringify({ ...point.report, steps } satisfies RunReport), id);
  }

  setPointState(id: string, state: RestorePoint['state']): void {
    this.#points = null;
    this.#db.prepare('UPDATE backup_point SET state = ? WHERE id = ?').run(state, id);
  }

  /** Records what a verification found; a damaged point is broken, an intact one complete. */
  setVerified(at: number | null, report: VerifyReport, error: AppError | null): void {
    this.#points = null;
    this.#db
      .prepare(
        `UPDATE backup_point SET state = ?, verify_error = ?, verify_report = ?,
           verified_at = CASE WHEN ? THEN ? ELSE verified_at END WHERE id = ?`,
      )
      .run(
        report.ok ? 'complete' : 'broken',
        text(error),
        JSON.stringify(report),
        report.ok ? 1 : 0,
        at,
        report.pointId,
      );
  }

  verifyReport(id: string): VerifyReport | null {
    const row = this.#db.prepare('SELECT verify_report AS report FROM backup_point WHERE id = ?').get(id);
    const parsed = z.object({ report: json(verifyReportSchema).nullable() }).safeParse(row);
    return parsed.success ? parsed.data.report : null;
  }
}

/** Ids of the newest point of each plan: the next runs are compared with them. */
export function newestPoints(catalogue: Catalogue): ReadonlySet<string> {
  const newest = new Map<string, string>();
  // The one seen last comes first.
  for (const { plan, id } of catalogue.points()) if (!newest.has(plan)) newest.set(plan, id);
  return new Set(newest.values());
}
