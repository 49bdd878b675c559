import type { WritableDb } from '../../storage/sqlite.ts';
import { Drain } from './patterns/drain.ts';

/** Templates that are remembered; when there are more, those seen longest ago are forgotten. */
const MAX_REMEMBERED = 5000;

/** A template that the console has seen. */
export type RememberedPattern = {
  readonly id: string;
  readonly tokens: readonly string[];
  readonly source: string;
  readonly firstMs: number;
};

type Row = { id: string; tokens: string; source: string; first_ms: number };

/** The templates that arrived since the console began to watch (table `log_pattern`): what is new is not among them. */
export class PatternMemory {
  readonly #db: WritableDb;
  #drain: Drain | null = null;
  #firstMs = new Map<string, number>();

  constructor(db: WritableDb) {
    this.#db = db;
  }

  /** All of them, the oldest first. */
  list(): readonly RememberedPattern[] {
    const rows = this.#db
      .prepare('SELECT id, tokens, source, first_ms FROM log_pattern ORDER BY first_ms')
      .all();
    return (rows as Row[]).map((row) => ({
      id: row.id,
      tokens: JSON.parse(row.tokens) as string[],
      source: row.source,
      firstMs: row.first_ms,
    }));
  }

  /** Since when templates are remembered; null while there is none. */
  since(): number | null {
    const row = this.#db.prepare('SELECT min(first_ms) AS since FROM log_pattern').get() as {
      since: number | null;
    };
    return row.since;
  }

  /** Remembers templates that were seen for the first time. */
  add(patterns: readonly RememberedPattern[]): void {
    if (patterns.length === 0) return;
    const put = this.#db.prepare(
      'INSERT INTO log_pattern (id, tokens, source, first_ms) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    );
    this.#db.transaction(() => {
      for (const { id, tokens, source, firstMs } of patterns)
        put.run(id, JSON.stringify(tokens), source, firstMs);
      this.#db
        .prepare(
          'DELETE FROM log_pattern WHERE id IN (SELECT id FROM log_pattern ORDER BY first_ms DESC LIMIT -1 OFFSET ?)',
        )
        .run(MAX_REMEMBERED);
    })();
    this.#drain = null;
  }

  /** The remembered template that lines of this one belong to. */
  find(tokens: readonly string[]): { readonly id: string; readonly firstMs: number } | null {
    const drain = this.#drain ?? this.#load();
    const found = drain.find(tokens);
    const firstMs = found === null ? undefined : this.#firstMs.get(found.id);
    return found === null || firstMs === undefined ? null : { id: found.id, firstMs };
  }

  #load(): Drain {
    const drain = new Drain(MAX_REMEMBERED * 2);
    this.#firstMs = new Map();
    for (const { id, tokens, firstMs } of this.list()) {
      const { cluster } = drain.addTokens(tokens, 1, id);
      this.#firstMs.set(cluster.id, Math.min(firstMs, this.#firstMs.get(cluster.id) ?? firstMs));
    }
    this.#drain = drain;
    return drain;
  }
}
