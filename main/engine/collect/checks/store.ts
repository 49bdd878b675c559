import { type Check, type CheckSpan, type CheckState, checkSchema } from '#shared/contract/checks.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import { PENDING, type Standing } from './state.ts';

/** A check as it is kept. */
export type StoredCheck = Check & { readonly id: string };

/** A check that came into another state. */
export type StateChange = {
  readonly id: string;
  readonly state: Exclude<CheckState, 'pending'>;
  readonly at: number;
  readonly sentence: Bilingual;
};

/** Checks and their history in console.db. */
export type CheckStore = {
  /** Checks, and the ids of rows that nobody can read. */
  readonly checks: () => { readonly checks: readonly StoredCheck[]; readonly unreadable: readonly string[] };
  /** How each check stood when it was last written down. */
  readonly standings: () => ReadonlyMap<string, Standing>;
  /** Adds or changes checks, all or none. A changed one begins anew. */
  readonly put: (checks: readonly StoredCheck[]) => void;
  readonly remove: (id: string) => boolean;
  /** Ends the spans that are open and begins others, in their order, all or none. */
  readonly change: (changes: readonly StateChange[]) => void;
  /** Newest first. */
  readonly spans: (id: string, start: number, end: number) => readonly CheckSpan[];
};

/** A check that flaps for ever must not fill the disk. */
const MOST_SPANS = 1_000;

type SpanRow = {
  readonly state: CheckSpan['state'];
  readonly from_ms: number;
  readonly to_ms: number | null;
  readonly zh: string;
  readonly en: string;
};

/** Opens the tables. */
export function openCheckStore(db: WritableDb): CheckStore {
  const all = db.prepare<[], { id: string; host_id: string; data: string }>(
    'SELECT id, host_id, data FROM host_check ORDER BY id',
  );
  const upsert = db.prepare(
    `INSERT INTO host_check (id, host_id, data) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET host_id = excluded.host_id, data = excluded.data`,
  );
  const remove = db.prepare('DELETE FROM host_check WHERE id = ?');
  const open = db.prepare<[], { check_id: string; state: CheckSpan['state']; from_ms: number }>(
    'SELECT check_id, state, from_ms FROM host_check_state WHERE to_ms IS NULL',
  );
  const end = db.prepare('UPDATE host_check_state SET to_ms = ? WHERE check_id = ? AND to_ms IS NULL');
  const begin = db.prepare(
    `INSERT INTO host_check_state (check_id, state, from_ms, zh, en)
     SELECT id, @state, @at, @zh, @en FROM host_check WHERE id = @id`,
  );
  const prune = db.prepare(
    `DELETE FROM host_check_state WHERE check_id = @id AND seq <=
       (SELECT seq FROM host_check_state WHERE check_id = @id ORDER BY seq DESC LIMIT 1 OFFSET ${MOST_SPANS})`,
  );
  const range = db.prepare<[string, number, number], SpanRow>(
    `SELECT state, from_ms, to_ms, zh, en FROM host_check_state
     WHERE check_id = ? AND from_ms <= ? AND (to_ms IS NULL OR to_ms >= ?) ORDER BY seq DESC LIMIT ${MOST_SPANS}`,
  );
  return {
    checks: () => {
      const checks: StoredCheck[] = [];
      const unreadable: string[] = [];
      for (const { id, data } of all.all()) {
        const check = checkSchema.safeParse(JSON.parse(data));
        if (check.success) checks.push({ id, ...check.data });
        else unreadable.push(id);
      }
      return { checks, unreadable };
    },
    standings: () =>
      new Map(
        open
          .all()
          .map(({ check_id, state, from_ms }) => [check_id, { ...PENDING, state, since: from_ms }] as const),
      ),
    put: (checks) => {
      db.transaction(() => {
        for (const { id, ...check } of checks) upsert.run(id, check.hostId, JSON.stringify(check));
      })();
    },
    remove: (id) => remove.run(id).changes > 0,
    change: (changes) => {
      db.transaction(() => {
        for (const { id, state, at, sentence } of changes) {
          end.run(at, id);
          // The check may have been removed meanwhile, and its history with it.
          begin.run({ id, state, at, zh: sentence.zh, en: sentence.en });
          prune.run({ id });
        }
      })();
    },
    spans: (id, start, until) =>
      range.all(id, until, start).map(({ state, from_ms, to_ms, zh, en }) => ({
        state,
        from: from_ms,
        to: to_ms,
        sentence: { zh, en },
      })),
  };
}
