import * as z from 'zod';
import {
  type Evidence,
  evidenceSchema,
  type RestorePlan,
  type RestoreState,
  restorePlanSchema,
  restoreStateSchema,
} from '#shared/contract/restore.ts';
import { type AppError, appErrorSchema } from '#shared/errors/index.ts';
import type { WritableDb } from '../storage/sqlite.ts';

/** A restore as console.db keeps it. */
export type RestoreRecord = Omit<RestoreState, 'canUndo' | 'undoneBy'> & {
  readonly rtoMs: number | null;
  readonly interruptions: number;
  /** Whether what stood where it wrote is on record; restores of the first version have none. */
  readonly keepsRecord: boolean;
};

/** Restores from plan to evidence, in console.db. */
export type RestoreRecords = {
  readonly add: (plan: RestorePlan, rtoMs: number | null, keepsRecord: boolean) => void;
  readonly get: (id: string) => RestoreRecord | null;
  readonly list: () => readonly RestoreRecord[];
  readonly begin: (id: string, jobId: string, now: number) => void;
  readonly setState: (id: string, state: RestoreState['state']) => void;
  readonly end: (
    id: string,
    state: RestoreState['state'],
    now: number,
    error: AppError | null,
    evidence: Evidence | null,
  ) => void;
  readonly evidence: (id: string) => Evidence | null;
  /** Restores that were going on when the engine ended become `interrupted`; they can be resumed. */
  readonly markInterrupted: () => void;
  readonly setSafety: (id: string, safety: RestoreState['safety']) => void;
  /** The restore that undid each one, of those that ended well. */
  readonly undone: () => ReadonlyMap<string, string>;
  readonly remove: (id: string) => void;
};

type Row = {
  id: string;
  plan: string;
  rto_ms: number | null;
  state: RestoreState['state'];
  job_id: string | null;
  started_ms: number | null;
  finished_ms: number | null;
  interruptions: number;
  error: string | null;
  evidence: string | null;
  safety: string | null;
  keeps_record: number;
};

const LISTED = 500;

function toRecord(row: Row): RestoreRecord {
  return {
    id: row.id,
    plan: restorePlanSchema.parse(JSON.parse(row.plan)),
    rtoMs: row.rto_ms,
    state: row.state,
    jobId: row.job_id,
    startedAt: row.started_ms,
    finishedAt: row.finished_ms,
    interruptions: row.interruptions,
    keepsRecord: row.keeps_record === 1,
    safety: row.safety === null ? null : restoreStateSchema.shape.safety.parse(JSON.parse(row.safety)),
    error: z.nullable(appErrorSchema).parse(row.error === null ? null : JSON.parse(row.error)),
  };
}

/** Opens the table `restore`. */
export function openRestoreRecords(db: WritableDb): RestoreRecords {
  const one = db.prepare<[string], Row>('SELECT * FROM restore WHERE id = ?');
  return {
    add: (plan, rtoMs, keepsRecord) => {
      db.prepare(
        "INSERT INTO restore (id, plan, rto_ms, state, created_ms, keeps_record) VALUES (?, ?, ?, 'planned', ?, ?)",
      ).run(plan.id, JSON.stringify(plan), rtoMs, plan.createdAt, keepsRecord ? 1 : 0);
    },
    get: (id) => {
      const row = one.get(id);
      return row ? toRecord(row) : null;
    },
    list: () =>
      db
        .prepare<[number], Row>('SELECT * FROM restore ORDER BY created_ms DESC LIMIT ?')
        .all(LISTED)
        .map(toRecord),
    begin: (id, jobId, now) => {
      db.prepare(
        "UPDATE restore SET state = 'running', job_id = ?, started_ms = coalesce(started_ms, ?), error = NULL WHERE id = ?",
      ).run(jobId, now, id);
    },
    setState: (id, state) => {
      db.prepare('UPDATE restore SET state = ? WHERE id = ?').run(state, id);
    },
    end: (id, state, now, error, evidence) => {
      db.prepare('UPDATE restore SET state = ?, finished_ms = ?, error = ?, evidence = ? WHERE id = ?').run(
        state,
        now,
        error === null ? null : JSON.stringify(error),
        evidence === null ? null : JSON.stringify(evidence),
        id,
      );
    },
    evidence: (id) => {
      const text = one.get(id)?.evidence;
      return text === null || text === undefined ? null : evidenceSchema.parse(JSON.parse(text));
    },
    markInterrupted: () => {
      db.prepare(
        "UPDATE restore SET state = 'interrupted', job_id = NULL, interruptions = interruptions + 1 WHERE state IN ('running', 'verifying')",
      ).run();
    },
    setSafety: (id, safety) => {
      db.prepare('UPDATE restore SET safety = ? WHERE id = ?').run(
        safety === null ? null : JSON.stringify(safety),
        id,
      );
    },
    undone: () =>
      new Map(
        db
          .prepare<[], { of: string; id: string }>(
            "SELECT json_extract(plan, '$.undoOf') AS of, id FROM restore WHERE state = 'done' AND json_extract(plan, '$.undoOf') IS NOT NULL ORDER BY created_ms",
          )
          .all()
          .map(({ of, id }) => [of, id]),
      ),
    remove: (id) => {
      db.prepare('DELETE FROM restore WHERE id = ?').run(id);
    },
  };
}
