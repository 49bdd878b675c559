import type { AuditFilter, AuditRecord } from '#shared/contract/audit.ts';
import { hashOfLine } from '../../platform/hash-chain.ts';
import { writeFromReserve } from '../../storage/reserve.ts';
import type { Statement, WritableDb } from '../../storage/sqlite.ts';
import { type AuditEntry, type ChainLine, readEntry } from './entry.ts';

type Row = { readonly n: number; readonly line: string };

/** Entries read at once. */
const PAGE = 500;

/** The table of the trail in console.db. Statements are made when they are first needed: most starts need none. Throws SQLite's error. */
export class AuditStore {
  readonly #db: WritableDb;
  readonly #prepared = new Map<string, Statement>();

  constructor(db: WritableDb) {
    this.#db = db;
  }

  /** The end of the chain; null before its first entry. */
  last(): ChainLine | null {
    return (
      (this.#sql('SELECT n, line FROM audit_entry ORDER BY n DESC LIMIT 1').get() as Row | undefined) ?? null
    );
  }

  /** Number of the last checkpoint (0: none), and when the first entry behind it was written. */
  unsigned(): { readonly after: number; readonly since: number | null } {
    const { n } = this.#sql("SELECT max(n) AS n FROM audit_entry WHERE kind = 'checkpoint'").get() as {
      readonly n: number | null;
    };
    const after = n ?? 0;
    const first = this.#sql('SELECT at_ms AS at FROM audit_entry WHERE n > ? ORDER BY n LIMIT 1').get(
      after,
    ) as { readonly at: number | null } | undefined;
    return { after, since: first?.at ?? null };
  }

  /** Adds lines, all or none. */
  add(lines: readonly ChainLine[], fromReserve: boolean): void {
    const insert = this.#sql('INSERT INTO audit_entry (n, line) VALUES (?, ?)');
    const write = this.#db.transaction(() => {
      for (const { n, line } of lines) insert.run(n, line);
    });
    if (fromReserve) writeFromReserve(this.#db.name, write);
    else write();
  }

  count(): number {
    return (this.#sql('SELECT count(*) AS count FROM audit_entry').get() as { readonly count: number }).count;
  }

  /** Lines of the chain in their order, up to a number; read a page at a time, so that others may write meanwhile. */
  *lines(upTo = Number.MAX_SAFE_INTEGER): Generator<string> {
    let after = -1;
    for (;;) {
      const rows = this.#sql('SELECT n, line FROM audit_entry WHERE n > ? AND n <= ? ORDER BY n LIMIT ?').all(
        after,
        upTo,
        PAGE,
      ) as readonly Row[];
      for (const { line } of rows) yield line;
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.n;
    }
  }

  /** Lines of all checkpoints. */
  checkpoints(): readonly string[] {
    const rows = this.#sql(
      "SELECT n, line FROM audit_entry WHERE kind = 'checkpoint' ORDER BY n",
    ).all() as readonly Row[];
    return rows.map(({ line }) => line);
  }

  /** Records of a filter, the newest first. */
  list(filter: AuditFilter, before: number | undefined, limit: number): readonly AuditRecord[] {
    const { where, values } = conditions(filter);
    const rows = this.#db
      .prepare(
        `${RECORDS} WHERE ${where} ${before === undefined ? '' : 'AND asked.n < $before'} ORDER BY asked.n DESC LIMIT $limit`,
      )
      .all({ ...values, limit, ...(before === undefined ? {} : { before }) }) as readonly RecordRow[];
    return rows.flatMap((row) => recordOf(row) ?? []);
  }

  /** How many records a filter finds. */
  countOf(filter: AuditFilter): number {
    const { where, values } = conditions(filter);
    const counted = this.#db.prepare(`SELECT count(*) AS count FROM (${RECORDS} WHERE ${where})`).get(values);
    return (counted as { readonly count: number }).count;
  }

  /** Everybody who acted, and every action there is. */
  known(): { readonly people: string[]; readonly actions: string[] } {
    const rows = this.#sql(
      'SELECT DISTINCT action, by_user AS person FROM audit_entry WHERE action IS NOT NULL',
    ).all() as readonly { readonly action: string; readonly person: string }[];
    const distinct = (values: readonly string[]): string[] => [...new Set(values)].toSorted();
    return {
      people: distinct(rows.map(({ person }) => person)),
      actions: distinct(rows.map(({ action }) => action)),
    };
  }

  #sql(text: string): Statement {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const made = this.#db.prepare(text);
    this.#prepared.set(text, made);
    return made;
  }
}

/** What was asked, each with its latest outcome: the end of a job comes after the answer that it has begun. */
const RECORDS = `
  SELECT asked.n AS n, asked.line AS line, ended.line AS outcome
  FROM audit_entry asked
  LEFT JOIN audit_entry ended
    ON ended.n = (SELECT max(e.n) FROM audit_entry e WHERE e.of_n = asked.n AND e.of_n IS NOT NULL)`;

type RecordRow = { readonly n: number; readonly line: string; readonly outcome: string | null };

function conditions(filter: AuditFilter): {
  readonly where: string;
  readonly values: Readonly<Record<string, string | number>>;
} {
  const parts: string[] = ["asked.kind IN ('asked', 'noted')"];
  const values: Record<string, string | number> = {};
  const add = (value: string | number | undefined, key: string, condition: string): void => {
    if (value === undefined || value === '') return;
    parts.push(condition);
    values[key] = value;
  };
  add(filter.from, 'from', 'asked.at_ms >= $from');
  add(filter.to, 'to', 'asked.at_ms < $to');
  add(filter.by, 'by', 'asked.by_user = $by');
  add(filter.via, 'via', "json_extract(asked.line, '$.via') = $via");
  add(
    filter.action,
    'action',
    "(asked.action = $action OR substr(asked.action, 1, length($action) + 1) = $action || '.')",
  );
  add(
    filter.outcome,
    'outcome',
    `coalesce(json_extract(ended.line, '$.outcome'), json_extract(asked.line, '$.outcome'), 'open') = $outcome`,
  );
  add(
    filter.text,
    'text',
    `instr(lower(json_extract(asked.line, '$.object') || ' ' || json_extract(asked.line, '$.asked') || ' '
       || coalesce(json_extract(ended.line, '$.made'), '')), lower($text)) > 0`,
  );
  return { where: parts.join(' AND '), values };
}

/** A record from its entries; null when somebody made one of them unreadable, which verifying names. */
function recordOf(row: RecordRow): AuditRecord | null {
  const entry = readEntry(row.line);
  const ended = row.outcome === null ? null : readEntry(row.outcome);
  if (entry === null || !isRequest(entry)) return null;
  const { n, at, by, via, action, object, asked } = entry;
  const own = entry.kind === 'noted' ? entry : null;
  const end = ended?.kind === 'ended' ? ended : null;
  return {
    ...{ n, at, by, via, action, object, asked },
    outcome: end?.outcome ?? own?.outcome ?? 'open',
    code: end?.code ?? own?.code ?? null,
    endedAt: end?.at ?? own?.at ?? null,
    made: end?.made ?? null,
    hash: hashOfLine(row.line),
  };
}

function isRequest(entry: AuditEntry): entry is AuditEntry & { readonly kind: 'asked' | 'noted' } {
  return entry.kind === 'asked' || entry.kind === 'noted';
}
