import * as z from 'zod';
import {
  type DatabaseRestoreReport,
  databaseRestoreReportSchema,
  type RunStep,
  type RunSteps,
  runStepSchema,
} from '#shared/contract/backup-sources.ts';
import { appErrorSchema } from '#shared/errors/index.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import { type OwedTask, owedTaskSchema } from './owed-task.ts';

/** A step as it is kept. */
export type StoredStep = RunStep & {
  readonly id: number;
  readonly pointId: string;
  readonly plan: string;
  readonly task: OwedTask | null;
  readonly pid: number | null;
  readonly pidBorn: string | null;
};

/** A step that is to begin, or that is owed. */
export type NewStep = Pick<StoredStep, 'pointId' | 'plan' | 'kind' | 'what'> & {
  /** Given for what must be done even when the engine is killed. */
  readonly task?: OwedTask;
};

/** How a step ended. */
export type StepEnd = Pick<RunStep, 'state' | 'exitCode' | 'output' | 'error'> & {
  readonly at: number;
  readonly database?: RunStep['database'];
  readonly remote?: RunStep['remote'];
  /** It still has to be done. */
  readonly stillOwed?: boolean;
};

const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text, context): z.output<T> => {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: parsed.error.message });
    return z.NEVER;
  });

const databaseFacts = runStepSchema.shape.database.unwrap();
const remoteFacts = runStepSchema.shape.remote.unwrap();

const stepRow = z.object({
  id: z.number(),
  point_id: z.string(),
  plan: z.string(),
  kind: runStepSchema.shape.kind,
  what: z.string(),
  state: runStepSchema.shape.state,
  task: json(owedTaskSchema).nullable(),
  pid: z.number().nullable(),
  pid_born: z.string().nullable(),
  started_at: z.number().nullable(),
  finished_at: z.number().nullable(),
  exit_code: z.number().nullable(),
  output: z.string(),
  error: json(appErrorSchema).nullable(),
  caught_up: z.number(),
  info: json(z.union([databaseFacts, remoteFacts])).nullable(),
});

function toStep(raw: unknown): StoredStep {
  const row = stepRow.parse(raw);
  return {
    id: row.id,
    pointId: row.point_id,
    plan: row.plan,
    kind: row.kind,
    what: row.what,
    state: row.state,
    task: row.task,
    pid: row.pid,
    pidBorn: row.pid_born,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    exitCode: row.exit_code,
    output: row.output,
    error: row.error,
    caughtUp: row.caught_up === 1,
    database: row.info !== null && 'server' in row.info ? row.info : null,
    remote: row.info !== null && 'fetchedFiles' in row.info ? row.info : null,
  };
}

/** Steps that are kept of a plan; the oldest go first, those that are owed never. */
const KEPT_PER_PLAN = 2_000;
const RESTORES_KEPT = 500;

/** Steps of runs in console.db. Every method is one transaction. */
export class StepStore {
  readonly #db: WritableDb;

  constructor(db: WritableDb) {
    this.#db = db;
  }

  /**
   * Writes down steps before the first of them begins.
   *
   * @returns their ids
   */
  add(steps: readonly NewStep[]): readonly number[] {
    const insert = this.#db.prepare(
      `INSERT INTO backup_step (point_id, plan, kind, what, state, owed, task) VALUES (?, ?, ?, ?, 'due', ?, ?)`,
    );
    return this.#db.transaction(() => {
      const ids = steps.map(({ pointId, plan, kind, what, task }) =>
        Number(
          insert.run(
            pointId,
            plan,
            kind,
            what,
            task === undefined ? 0 : 1,
            task === undefined ? null : JSON.stringify(task),
          ).lastInsertRowid,
        ),
      );
      const plan = steps[0]?.plan;
      if (plan !== undefined)
        this.#db
          .prepare(
            `DELETE FROM backup_step WHERE plan = ? AND owed = 0 AND id <=
               (SELECT id FROM backup_step WHERE plan = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
          )
          .run(plan, plan, KEPT_PER_PLAN);
      return ids;
    })();
  }

  begin(id: number, at: number, caughtUp: boolean): void {
    this.#db
      .prepare(
        `UPDATE backup_step SET state = 'running', started_at = ?, finished_at = NULL, exit_code = NULL, output = '',
           error = NULL, caught_up = ?, pid = NULL, pid_born = NULL WHERE id = ?`,
      )
      .run(at, caughtUp ? 1 : 0, id);
  }

  /** Writes down the process that does a step, with the time of its birth, because numbers are used again. */
  process(id: number, pid: number, born: string | null): void {
    this.#db.prepare('UPDATE backup_step SET pid = ?, pid_born = ? WHERE id = ?').run(pid, born, id);
  }

  end(id: number, end: StepEnd): void {
    this.#db
      .prepare(
        `UPDATE backup_step SET state = ?, finished_at = ?, exit_code = ?, output = ?, error = ?, info = ?, owed = ?, pid = NULL
         WHERE id = ?`,
      )
      .run(
        end.state,
        end.at,
        end.exitCode,
        end.output,
        end.error === null ? null : JSON.stringify(end.error),
        end.database || end.remote ? JSON.stringify(end.database ?? end.remote) : null,
        end.stillOwed === true ? 1 : 0,
        id,
      );
  }

  /** A service runs again: nobody owes its start any more. */
  forgive(command: string, state: RunStep['state'] = 'done'): void {
    this.#db
      .prepare(`UPDATE backup_step SET owed = 0, state = ? WHERE owed = 1 AND kind = 'start' AND what = ?`)
      .run(state, command);
  }

  /** Takes back what was written down but never became necessary. */
  remove(id: number): void {
    this.#db.prepare('DELETE FROM backup_step WHERE id = ?').run(id);
  }

  /** What must still be done, the oldest first. */
  owed(): readonly StoredStep[] {
    return this.#db.prepare('SELECT * FROM backup_step WHERE owed = 1 ORDER BY id').all().map(toStep);
  }

  /** Steps that were under way when the engine ended. */
  cutOff(): readonly StoredStep[] {
    return this.#db
      .prepare(`SELECT * FROM backup_step WHERE state IN ('running', 'due') AND owed = 0 ORDER BY id`)
      .all()
      .map(toStep);
  }

  of(pointId: string): readonly StoredStep[] {
    return this.#db
      .prepare('SELECT * FROM backup_step WHERE point_id = ? ORDER BY id')
      .all(pointId)
      .map(toStep);
  }

  /** What the report of a run says; null when the run had no steps. */
  report(pointId: string): RunSteps | null {
    const steps = this.of(pointId);
    return steps.length === 0
      ? null
      : { steps: inOrder(steps).map(publicStep), downtimeMs: downtimeOf(steps) };
  }

  /** The latest runs of a plan that had steps, the newest first. */
  runs(plan: string, limit: number): readonly { pointId: string; startedAt: number; state: string }[] {
    return this.#db
      .prepare(
        `SELECT step.point_id AS pointId, run.started_at AS startedAt, run.state AS state
         FROM (SELECT point_id, max(id) AS last FROM backup_step WHERE plan = ? GROUP BY point_id) AS step
         JOIN backup_run AS run ON run.point_id = step.point_id ORDER BY step.last DESC LIMIT ?`,
      )
      .all(plan, limit)
      .map((row) => z.object({ pointId: z.string(), startedAt: z.number(), state: z.string() }).parse(row));
  }

  addRestore(id: string, at: number, report: DatabaseRestoreReport): void {
    this.#db.transaction(() => {
      this.#db
        .prepare('INSERT INTO backup_database_restore (id, finished_at, report) VALUES (?, ?, ?)')
        .run(id, at, JSON.stringify(report));
      this.#db
        .prepare(
          `DELETE FROM backup_database_restore WHERE id NOT IN
             (SELECT id FROM backup_database_restore ORDER BY finished_at DESC LIMIT ?)`,
        )
        .run(RESTORES_KEPT);
    })();
  }

  restore(id: string): DatabaseRestoreReport | null {
    const row = this.#db.prepare('SELECT report FROM backup_database_restore WHERE id = ?').get(id);
    const parsed = z.object({ report: json(databaseRestoreReportSchema) }).safeParse(row);
    return parsed.success ? parsed.data.report : null;
  }
}

/** What everybody may know of a step. */
export function publicStep(step: StoredStep): RunStep {
  return runStepSchema.parse(step);
}

const ORDER: readonly RunStep['kind'][] = ['before', 'stop', 'database', 'remote', 'start', 'after'];

/** Owed steps are written down early; a report has them in the order in which they happen. */
function inOrder(steps: readonly StoredStep[]): readonly StoredStep[] {
  return steps.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.id - b.id);
}

/** From the stop command to the moment the service ran again. */
function downtimeOf(steps: readonly StoredStep[]): number | null {
  const stopped = steps.find((step) => step.kind === 'stop')?.startedAt ?? null;
  const started = steps.find((step) => step.kind === 'start' && step.state === 'done')?.finishedAt ?? null;
  return stopped === null || started === null ? null : Math.max(0, started - stopped);
}
