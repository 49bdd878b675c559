import { randomUUID } from 'node:crypto';
import type { SavedLogSearch } from '#shared/contract/logs-search.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import { compileQuery } from './compile.ts';

/** Searches that can be kept. */
const MAX_SAVED = 500;
/** Searches whose matches are counted as lines arrive: each costs time for every line. */
const MAX_COUNTED = 50;

type Row = {
  id: string;
  name: string;
  query: string;
  note: string;
  counted: number;
  created_ms: number;
  changed_ms: number;
};

/** What is said of a search to keep it. */
export type SavedInput = {
  readonly id?: string | undefined;
  readonly name: string;
  readonly query: string;
  readonly note: string;
  readonly counted: boolean;
};

/** The table `log_saved_search`. */
export class SavedSearches {
  readonly #db: WritableDb;

  constructor(db: WritableDb) {
    this.#db = db;
  }

  /** By name. */
  list(): SavedLogSearch[] {
    return (this.#db.prepare('SELECT * FROM log_saved_search ORDER BY name').all() as Row[]).map((row) => ({
      id: row.id,
      name: row.name,
      query: row.query,
      note: row.note,
      counted: row.counted === 1,
      createdAt: row.created_ms,
      changedAt: row.changed_ms,
    }));
  }

  /**
   * Keeps a search, or changes one.
   *
   * @returns an error of the family LOG_QUERY_…, NOT_FOUND, LOG_SAVED_NAME or LOG_SAVED_MANY
   */
  save(input: SavedInput, now: number): Result<SavedLogSearch> {
    const query = compileQuery(input.query);
    if (!query.ok) return query;
    const all = this.list();
    const old = all.find(({ id }) => id === input.id);
    if (input.id !== undefined && old === undefined)
      return err(appError('NOT_FOUND', { what: 'saved search', id: input.id }));
    if (all.some(({ id, name }) => name === input.name && id !== input.id))
      return err(appError('LOG_SAVED_NAME', { name: input.name }, { field: 'name' }));
    const counted = all.filter(({ id, counted }) => counted && id !== input.id).length;
    if (old === undefined && all.length >= MAX_SAVED)
      return err(appError('LOG_SAVED_MANY', { max: MAX_SAVED }));
    if (input.counted && counted >= MAX_COUNTED)
      return err(appError('LOG_SAVED_MANY', { max: MAX_COUNTED }, { field: 'counted' }));
    const saved: SavedLogSearch = {
      id: old?.id ?? randomUUID(),
      name: input.name,
      query: input.query,
      note: input.note,
      counted: input.counted,
      createdAt: old?.createdAt ?? now,
      changedAt: now,
    };
    this.#db
      .prepare(
        `INSERT INTO log_saved_search (id, name, query, note, counted, created_ms, changed_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, query = excluded.query, note = excluded.note,
           counted = excluded.counted, changed_ms = excluded.changed_ms`,
      )
      .run(saved.id, saved.name, saved.query, saved.note, saved.counted ? 1 : 0, saved.createdAt, now);
    return ok(saved);
  }

  /** @returns NOT_FOUND when there is none */
  remove(id: string): Result<object> {
    const { changes } = this.#db.prepare('DELETE FROM log_saved_search WHERE id = ?').run(id);
    return changes === 0 ? err(appError('NOT_FOUND', { what: 'saved search', id })) : ok({});
  }
}
