import type { ReadableDb, Statement } from '../../storage/sqlite.ts';

/** The statements of one open file, each prepared when it is first wanted and kept: preparing costs more than most of them do. */
export class Statements {
  readonly #db: ReadableDb;
  readonly #kept = new Map<string, Statement>();

  constructor(db: ReadableDb) {
    this.#db = db;
  }

  /** A statement by its text, which must be one of few. Its rows are objects. */
  of(sql: string): Statement {
    let statement = this.#kept.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare<unknown[]>(sql);
      this.#kept.set(sql, statement);
    }
    return statement;
  }

  /** Runs a statement that gives one number in one row; null when it gives none, or NULL. */
  number(sql: string): number | null {
    const value = this.of(sql).pluck().get();
    return typeof value === 'number' ? value : null;
  }
}
