import * as z from 'zod';
import { type LedgerEntry, ledgerEntrySchema } from '#shared/contract/backup-media.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import type { MediumIdentity } from './medium-file.ts';

/** A medium as the catalogue keeps it. */
export type StoredMedium = {
  readonly id: string;
  readonly label: string;
  readonly pool: string;
  readonly createdAt: number;
  /** Where it lies, as the last move says. */
  readonly location: string;
  /** Set when it is out of use. */
  readonly mark: 'damaged' | 'retired' | null;
  /** Where it was mounted when it was last seen. */
  readonly lastRoot: string | null;
  readonly lastSeenAt: number | null;
  readonly lastCopiedAt: number | null;
  readonly freeBytes: number | null;
  readonly totalBytes: number | null;
};

const mediumRow = z.object({
  id: z.string(),
  label: z.string(),
  pool: z.string(),
  created_at: z.number(),
  location: z.string(),
  mark: z.enum(['damaged', 'retired']).nullable(),
  last_root: z.string().nullable(),
  last_seen_at: z.number().nullable(),
  last_copied_at: z.number().nullable(),
  free_bytes: z.number().nullable(),
  total_bytes: z.number().nullable(),
});

function toMedium(row: unknown): StoredMedium {
  const medium = mediumRow.parse(row);
  return {
    id: medium.id,
    label: medium.label,
    pool: medium.pool,
    createdAt: medium.created_at,
    location: medium.location,
    mark: medium.mark,
    lastRoot: medium.last_root,
    lastSeenAt: medium.last_seen_at,
    lastCopiedAt: medium.last_copied_at,
    freeBytes: medium.free_bytes,
    totalBytes: medium.total_bytes,
  };
}

/** How long a medium serves when nobody said otherwise. */
const DEFAULT_CYCLE_DAYS = 7;

/** One line for the ledger. */
export type LedgerLine = Omit<LedgerEntry, 'place' | 'note'> & {
  readonly place?: string;
  readonly note?: string;
};

/** Media, their ledger and the pools in console.db. Every method is one transaction. */
export class MediumStore {
  readonly #db: WritableDb;

  constructor(db: WritableDb) {
    this.#db = db;
  }

  /** All media, by label. */
  all(): readonly StoredMedium[] {
    return this.#db.prepare('SELECT * FROM backup_medium ORDER BY label, id').all().map(toMedium);
  }

  /** By id, or by label when only one bears it. */
  find(idOrLabel: string): StoredMedium | null {
    const media = this.all();
    const byId = media.find(({ id }) => id === idOrLabel);
    if (byId !== undefined) return byId;
    const labelled = media.filter(({ label }) => label === idOrLabel);
    const inUse = labelled.filter(({ mark }) => mark === null);
    return (inUse.length === 1 ? inUse[0] : labelled.length === 1 ? labelled[0] : null) ?? null;
  }

  /** Takes a medium into the catalogue, with the first line of its ledger. */
  add(identity: MediumIdentity, location: string, line: LedgerLine): void {
    this.#db.transaction(() => {
      this.#db
        .prepare(
          `INSERT INTO backup_medium (id, label, pool, created_at, location) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET label = excluded.label, pool = excluded.pool`,
        )
        .run(identity.id, identity.label, identity.pool, identity.createdAt, location);
      this.#log(identity.id, line);
    })();
  }

  /** It is at hand: where, and how full. */
  seen(
    id: string,
    at: number,
    root: string,
    space: { readonly freeBytes: number; readonly totalBytes: number } | null,
  ): void {
    this.#db
      .prepare(
        `UPDATE backup_medium SET last_seen_at = ?, last_root = ?, free_bytes = coalesce(?, free_bytes),
           total_bytes = coalesce(?, total_bytes) WHERE id = ?`,
      )
      .run(at, root, space?.freeBytes ?? null, space?.totalBytes ?? null, id);
  }

  /** Points were copied onto it. */
  copied(id: string, at: number, line: LedgerLine): void {
    this.#db.transaction(() => {
      this.#db.prepare('UPDATE backup_medium SET last_copied_at = ? WHERE id = ?').run(at, id);
      this.#log(id, line);
    })();
  }

  moved(id: string, location: string, line: LedgerLine): void {
    this.#db.transaction(() => {
      this.#db.prepare('UPDATE backup_medium SET location = ? WHERE id = ?').run(location, id);
      this.#log(id, line);
    })();
  }

  setMark(id: string, mark: StoredMedium['mark'], line: LedgerLine): void {
    this.#db.transaction(() => {
      this.#db.prepare('UPDATE backup_medium SET mark = ? WHERE id = ?').run(mark, id);
      this.#log(id, line);
    })();
  }

  log(id: string, line: LedgerLine): void {
    this.#log(id, line);
  }

  #log(id: string, line: LedgerLine): void {
    this.#db
      .prepare(
        'INSERT INTO backup_medium_event (medium_id, at, what, who, place, note) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(id, line.at, line.what, line.who, line.place ?? '', line.note ?? '');
  }

  /** True when the last that the ledger says of its coming and going is that it is there. */
  wasSeenAt(id: string, place: string): boolean {
    const row = this.#db
      .prepare(
        `SELECT what, place FROM backup_medium_event WHERE medium_id = ? AND what IN ('seen', 'gone', 'found')
         ORDER BY seq DESC LIMIT 1`,
      )
      .get(id);
    const parsed = z.object({ what: z.string(), place: z.string() }).safeParse(row);
    return parsed.success && parsed.data.what !== 'gone' && parsed.data.place === place;
  }

  /** The ledger of a medium, newest first; at most 1,000 lines. */
  ledger(id: string): LedgerEntry[] {
    return z.array(ledgerEntrySchema).parse(
      this.#db
        .prepare(
          `SELECT at, what, who, place, note FROM backup_medium_event WHERE medium_id = ?
             ORDER BY seq DESC LIMIT 1000`,
        )
        .all(id),
    );
  }

  cycleDays(pool: string): number {
    const row = this.#db.prepare('SELECT cycle_days AS days FROM backup_pool WHERE name = ?').get(pool);
    return row === undefined ? DEFAULT_CYCLE_DAYS : z.object({ days: z.number() }).parse(row).days;
  }

  setCycleDays(pool: string, days: number): void {
    this.#db
      .prepare(
        `INSERT INTO backup_pool (name, cycle_days) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET cycle_days = excluded.cycle_days`,
      )
      .run(pool, days);
  }

  /** Cycles that somebody has set, by pool. */
  cycles(): readonly { readonly name: string; readonly cycleDays: number }[] {
    const rows = this.#db
      .prepare('SELECT name, cycle_days AS cycleDays FROM backup_pool ORDER BY name')
      .all();
    return z.array(z.object({ name: z.string(), cycleDays: z.number() })).parse(rows);
  }

  /** Names of the pools that have a cycle of their own or a medium. */
  pools(): readonly string[] {
    return z
      .array(z.object({ name: z.string() }))
      .parse(
        this.#db
          .prepare('SELECT name FROM backup_pool UNION SELECT pool FROM backup_medium ORDER BY 1')
          .all(),
      )
      .map(({ name }) => name);
  }
}
