import * as z from 'zod';
import {
  type Drill,
  type DrillPlan,
  drillPlanSchema,
  drillSchema,
} from '#shared/contract/recovery-drills.ts';
import {
  type EnvironmentItem,
  environmentItemSchema,
  type Objective,
  objectiveSchema,
  type RecoveryRecord,
  type Risk,
  type Runbook,
  type RunbookRun,
  recoveryRecordSchema,
  riskSchema,
  runbookRunSchema,
  runbookSchema,
} from '#shared/contract/recovery-register.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import type { RpoHour } from './measure.ts';

/** Documents of one kind, each a JSON text under its id; `order` sorts them. */
export type DocumentStore<T> = {
  readonly list: () => readonly T[];
  readonly get: (id: string) => T | null;
  readonly put: (document: T) => void;
  /** @returns false when there was none */
  readonly remove: (id: string) => boolean;
};

/** What the recovery area keeps in console.db. Every write is acknowledged only when it is on the disk. */
export type RecoveryStore = {
  readonly risks: DocumentStore<Risk>;
  readonly environment: DocumentStore<EnvironmentItem>;
  readonly objectives: DocumentStore<Objective>;
  readonly runbooks: DocumentStore<Runbook>;
  readonly runs: DocumentStore<RunbookRun>;
  readonly drillPlans: DocumentStore<DrillPlan & { readonly since: number }>;
  readonly drills: DocumentStore<Drill>;
  readonly records: DocumentStore<RecoveryRecord>;
  /** Restores that drills use: restore id → drill id. */
  readonly restoreOf: {
    readonly put: (drillId: string, restoreId: string) => void;
    readonly list: () => readonly { readonly drillId: string; readonly restoreId: string }[];
    readonly remove: (restoreId: string) => void;
  };
  readonly rpo: {
    readonly hour: (plan: string, at: number) => RpoHour | null;
    readonly put: (plan: string, hour: RpoHour) => void;
    /** Oldest first. */
    readonly since: (plan: string, at: number) => readonly RpoHour[];
    /** Keeps the newest `count` hours of each plan. */
    readonly trim: (count: number) => void;
  };
  /** Several writes, all or none. */
  readonly together: (work: () => void) => void;
};

type Row = { readonly body: string };

function documents<T>(
  db: WritableDb,
  kind: string,
  schema: z.ZodType<T>,
  key: (document: T) => string,
  /** What sorts the list, descending; unsorted documents come in the order of their ids. */
  order: (document: T) => number = () => 0,
): DocumentStore<T> {
  const read = (row: Row): T => schema.parse(JSON.parse(row.body));
  const all = db.prepare<[string], Row>(
    'SELECT body FROM recovery_document WHERE kind = ? ORDER BY sort DESC, id',
  );
  const one = db.prepare<[string, string], Row>(
    'SELECT body FROM recovery_document WHERE kind = ? AND id = ?',
  );
  const write = db.prepare(
    `INSERT INTO recovery_document (kind, id, sort, body) VALUES (?, ?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE SET sort = excluded.sort, body = excluded.body`,
  );
  const erase = db.prepare('DELETE FROM recovery_document WHERE kind = ? AND id = ?');
  return {
    list: () => all.all(kind).map(read),
    get: (id) => {
      const row = one.get(kind, id);
      return row === undefined ? null : read(row);
    },
    put: (document) => {
      write.run(kind, key(document), order(document), JSON.stringify(document));
    },
    remove: (id) => erase.run(kind, id).changes > 0,
  };
}

const storedRule = drillPlanSchema.extend({ since: z.int() });
const byId = ({ id }: { readonly id: string }): string => id;

/** Opens the tables of `recovery`. */
export function openRecoveryStore(db: WritableDb): RecoveryStore {
  const hourRow = z.object({ at: z.number(), worst_ms: z.number().nullable() });
  const toHour = (row: unknown): RpoHour => {
    const { at, worst_ms } = hourRow.parse(row);
    return { at, worstMs: worst_ms };
  };
  return {
    risks: documents(db, 'risk', riskSchema, byId, (risk) => risk.likelihood * risk.impact),
    environment: documents(db, 'environment', environmentItemSchema, byId),
    objectives: documents(db, 'objective', objectiveSchema, ({ dataClass }) => dataClass),
    runbooks: documents(db, 'runbook', runbookSchema, byId),
    runs: documents(db, 'run', runbookRunSchema, byId, (run) => run.startedAt),
    drillPlans: documents(db, 'drill_plan', storedRule, ({ plan }) => plan),
    drills: documents(db, 'drill', drillSchema, byId, (drill) => drill.startedAt),
    records: documents(db, 'record', recoveryRecordSchema, byId, (record) => record.at),
    restoreOf: {
      put: (drillId, restoreId) => {
        db.prepare('INSERT OR REPLACE INTO recovery_restore (restore_id, drill_id) VALUES (?, ?)').run(
          restoreId,
          drillId,
        );
      },
      list: () =>
        db
          .prepare<[], { restoreId: string; drillId: string }>(
            'SELECT restore_id AS restoreId, drill_id AS drillId FROM recovery_restore',
          )
          .all(),
      remove: (restoreId) => {
        db.prepare('DELETE FROM recovery_restore WHERE restore_id = ?').run(restoreId);
      },
    },
    rpo: {
      hour: (plan, at) => {
        const row = db
          .prepare('SELECT at_ms AS at, worst_ms FROM recovery_rpo WHERE plan = ? AND at_ms = ?')
          .get(plan, at);
        return row === undefined ? null : toHour(row);
      },
      put: (plan, { at, worstMs }) => {
        db.prepare(
          `INSERT INTO recovery_rpo (plan, at_ms, worst_ms) VALUES (?, ?, ?)
           ON CONFLICT (plan, at_ms) DO UPDATE SET worst_ms = excluded.worst_ms`,
        ).run(plan, at, worstMs);
      },
      since: (plan, at) =>
        db
          .prepare(
            'SELECT at_ms AS at, worst_ms FROM recovery_rpo WHERE plan = ? AND at_ms >= ? ORDER BY at_ms',
          )
          .all(plan, at)
          .map(toHour),
      trim: (count) => {
        // By count and not by time: a clock that jumped must not empty the history.
        const plans = db.prepare<[], { plan: string }>('SELECT DISTINCT plan FROM recovery_rpo').all();
        for (const { plan } of plans) {
          const first = db
            .prepare<[string, number], { at: number }>(
              'SELECT at_ms AS at FROM recovery_rpo WHERE plan = ? ORDER BY at_ms DESC LIMIT 1 OFFSET ?',
            )
            .get(plan, count);
          if (first) db.prepare('DELETE FROM recovery_rpo WHERE plan = ? AND at_ms <= ?').run(plan, first.at);
        }
      },
    },
    together: (work) => db.transaction(work)(),
  };
}
