import type { RefusedEvent } from '#shared/contract/logs-pipelines.ts';
import { err, ok, type Result } from '#shared/errors/index.ts';
import type { Migration } from '../../storage/migrations.ts';
import { openWritable, sqliteError, type WritableDb } from '../../storage/sqlite.ts';

/** What was counted since an output was added. */
export type OutputCounts = {
  readonly eventsSent: number;
  readonly bytesSent: number;
  readonly requestsFailed: number;
  readonly eventsRefused: number;
  readonly eventsGivenUp: number;
  readonly lastSentAt: number | null;
  readonly lastRefusedAt: number | null;
  readonly lastRefusedWhy: string | null;
  readonly lastGivenUpAt: number | null;
};

/** How far an output is in one log file's lines of one day file: everything before `offset` is final. */
export type Cursor = { readonly day: string; readonly key: string; readonly offset: number };
/** Lines of a day file that are final, of those it holds. */
export type DayProgress = { readonly events: number; readonly done: number };

/** What becomes durable at once when a batch is final. */
export type Settled = {
  readonly cursors: readonly Cursor[];
  readonly days: ReadonlyMap<string, DayProgress>;
  readonly refused: readonly RefusedEvent[];
  readonly counts: OutputCounts;
};

export const NO_COUNTS: OutputCounts = {
  eventsSent: 0,
  bytesSent: 0,
  requestsFailed: 0,
  eventsRefused: 0,
  eventsGivenUp: 0,
  lastSentAt: null,
  lastRefusedAt: null,
  lastRefusedWhy: null,
  lastGivenUpAt: null,
};

const migrations: readonly Migration[] = [
  {
    version: 1,
    up: (db) => {
      db.exec(`
        CREATE TABLE output (id TEXT PRIMARY KEY, counts TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE cursor (
          output TEXT NOT NULL,
          day TEXT NOT NULL,
          key TEXT NOT NULL,
          offset INTEGER NOT NULL,
          PRIMARY KEY (output, day, key)
        ) WITHOUT ROWID;
        CREATE TABLE day (
          output TEXT NOT NULL,
          day TEXT NOT NULL,
          events INTEGER NOT NULL,
          done INTEGER NOT NULL,
          PRIMARY KEY (output, day)
        ) WITHOUT ROWID;
        CREATE TABLE refused (
          seq INTEGER PRIMARY KEY AUTOINCREMENT,
          output TEXT NOT NULL,
          event TEXT NOT NULL,
          body TEXT NOT NULL,
          UNIQUE (output, event)
        );
      `);
    },
  },
];

/** More refused events than this are counted, but only the newest are listed. */
const MOST_REFUSED = 10_000;

/** The durable memory of outputs, `logs/output.db`: what is acknowledged by a server is never sent again. */
export class OutputLedger {
  readonly #path: string;
  readonly #db: WritableDb;

  private constructor(path: string, db: WritableDb) {
    this.#path = path;
    this.#db = db;
  }

  static open(path: string): Result<OutputLedger> {
    const opened = openWritable(path, { migrations, synchronous: 'FULL' });
    return opened.ok ? ok(new OutputLedger(path, opened.value)) : opened;
  }

  /** What was counted; null for an output that was never begun. */
  counts(id: string): OutputCounts | null {
    const text = this.#db.prepare<[string], string>('SELECT counts FROM output WHERE id = ?').pluck().get(id);
    return text === undefined ? null : { ...NO_COUNTS, ...(JSON.parse(text) as Partial<OutputCounts>) };
  }

  cursors(id: string): Map<string, number> {
    const rows = this.#db.prepare('SELECT day, key, offset FROM cursor WHERE output = ?').all(id) as Cursor[];
    return new Map(rows.map(({ day, key, offset }) => [`${day} ${key}`, offset]));
  }

  days(id: string): Map<string, DayProgress> {
    const rows = this.#db
      .prepare('SELECT day, events, done FROM day WHERE output = ?')
      .all(id) as (DayProgress & {
      day: string;
    })[];
    return new Map(rows.map(({ day, events, done }) => [day, { events, done }]));
  }

  /** Durable when this returns. */
  settle(id: string, settled: Settled): Result<object> {
    return this.#attempt(() => {
      const cursor = this.#db.prepare(
        'INSERT INTO cursor (output, day, key, offset) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET offset = excluded.offset',
      );
      const day = this.#db.prepare(
        'INSERT INTO day (output, day, events, done) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET events = excluded.events, done = excluded.done',
      );
      const refuse = this.#db.prepare(
        'INSERT INTO refused (output, event, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
      );
      this.#db.transaction(() => {
        for (const one of settled.cursors) cursor.run(id, one.day, one.key, one.offset);
        for (const [name, { events, done }] of settled.days) day.run(id, name, events, done);
        for (const one of settled.refused) refuse.run(id, one.eventId, JSON.stringify(one));
        if (settled.refused.length > 0)
          this.#db
            .prepare(
              'DELETE FROM refused WHERE output = ? AND seq <= (SELECT max(seq) FROM refused WHERE output = ?) - ?',
            )
            .run(id, id, MOST_REFUSED);
        this.#db
          .prepare(
            'INSERT INTO output (id, counts) VALUES (?, ?) ON CONFLICT DO UPDATE SET counts = excluded.counts',
          )
          .run(id, JSON.stringify(settled.counts));
      })();
    });
  }

  /** Forgets days that are gone. */
  forgetDay(id: string, day: string): Result<object> {
    return this.#attempt(() => {
      this.#db.prepare('DELETE FROM cursor WHERE output = ? AND day = ?').run(id, day);
      this.#db.prepare('DELETE FROM day WHERE output = ? AND day = ?').run(id, day);
    });
  }

  /** Forgets outputs that were removed. */
  keepOnly(ids: ReadonlySet<string>): Result<object> {
    return this.#attempt(() => {
      const known = this.#db.prepare<[], string>('SELECT id FROM output').pluck().all();
      for (const id of known.filter((one) => !ids.has(one))) {
        for (const table of ['cursor', 'day', 'refused'])
          this.#db.prepare(`DELETE FROM ${table} WHERE output = ?`).run(id);
        this.#db.prepare('DELETE FROM output WHERE id = ?').run(id);
      }
    });
  }

  /** The newest refused events, newest first. */
  refused(id: string, limit: number): { readonly refused: RefusedEvent[]; readonly total: number } {
    const rows = this.#db
      .prepare<[string, number], string>(
        'SELECT body FROM refused WHERE output = ? ORDER BY seq DESC LIMIT ?',
      )
      .pluck()
      .all(id, limit);
    const total = this.#db
      .prepare<[string], number>('SELECT count(*) FROM refused WHERE output = ?')
      .pluck()
      .get(id);
    return { refused: rows.map((body) => JSON.parse(body) as RefusedEvent), total: total ?? 0 };
  }

  close(): void {
    this.#db.close();
  }

  #attempt(work: () => void): Result<object> {
    try {
      work();
      return ok({});
    } catch (thrown) {
      return err(sqliteError(this.#path, thrown));
    }
  }
}
