import type { GuardKind } from '#shared/contract/secrets.ts';
import type { WritableDb } from '../../storage/sqlite.ts';

/** A sealed secret as it is kept. */
export type SecretRow = {
  readonly id: string;
  readonly area: string;
  readonly owner: string;
  readonly field: string;
  readonly place: string;
  readonly sealed: Buffer;
  readonly sealed_ms: number;
};

/** One way to the key of the store: the key, sealed by the guard's own. */
export type GuardRow = {
  readonly kind: GuardKind;
  /** JSON; of a passphrase, its cost. */
  readonly params: string;
  readonly wrapped: Buffer;
  readonly since_ms: number;
};

/** The tables of the sealed store in console.db. */
export type SecretTables = {
  readonly secrets: () => readonly SecretRow[];
  readonly secret: (id: string) => SecretRow | null;
  readonly named: (name: string) => SecretRow | null;
  readonly owned: (area: string, owner: string) => readonly Pick<SecretRow, 'id'>[];
  readonly put: (row: SecretRow) => void;
  readonly remove: (id: string) => void;
  readonly guards: () => readonly GuardRow[];
  /** Puts these in the place of all that were there. */
  readonly setGuards: (guards: readonly GuardRow[]) => void;
  readonly transaction: (work: () => void) => void;
  /** Folds the write-ahead log in, so that nothing old stays in it. */
  readonly settleFile: () => void;
};

/** Area of secrets that were put under a name. */
export const NAMED = 'named';

/** Opens the tables. What is deleted or replaced in this file from now on is overwritten with zeros. */
export function openSecretTables(db: WritableDb): SecretTables {
  db.pragma('secure_delete = ON');
  const all = db.prepare<[], SecretRow>('SELECT * FROM secret ORDER BY area, place, field, id');
  const byId = db.prepare<[string], SecretRow>('SELECT * FROM secret WHERE id = ?');
  const byName = db.prepare<[string], SecretRow>(
    `SELECT * FROM secret WHERE area = '${NAMED}' AND owner = ?`,
  );
  const byOwner = db.prepare<[string, string], Pick<SecretRow, 'id'>>(
    'SELECT id FROM secret WHERE area = ? AND owner = ?',
  );
  const insert = db.prepare(
    `INSERT INTO secret (id, area, owner, field, place, sealed, sealed_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, sealed_ms = excluded.sealed_ms`,
  );
  const remove = db.prepare('DELETE FROM secret WHERE id = ?');
  const guards = db.prepare<[], GuardRow>('SELECT * FROM secret_guard ORDER BY kind');
  const clearGuards = db.prepare('DELETE FROM secret_guard');
  const addGuard = db.prepare(
    'INSERT INTO secret_guard (kind, params, wrapped, since_ms) VALUES (?, ?, ?, ?)',
  );
  return {
    secrets: () => all.all(),
    secret: (id) => byId.get(id) ?? null,
    named: (name) => byName.get(name) ?? null,
    owned: (area, owner) => byOwner.all(area, owner),
    put: (row) => {
      insert.run(row.id, row.area, row.owner, row.field, row.place, row.sealed, row.sealed_ms);
    },
    remove: (id) => {
      remove.run(id);
    },
    guards: () => guards.all(),
    setGuards: (rows) => {
      clearGuards.run();
      for (const row of rows) addGuard.run(row.kind, row.params, row.wrapped, row.since_ms);
    },
    transaction: (work) => {
      db.transaction(work)();
    },
    settleFile: () => {
      if (!db.inTransaction) db.pragma('wal_checkpoint(TRUNCATE)');
    },
  };
}
