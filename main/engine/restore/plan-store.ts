import * as z from 'zod';
import type {
  Overwrite,
  Owners,
  RestoreAction,
  RestoreItem,
  RestoreTotals,
} from '#shared/contract/restore.ts';
import { type AppError, ok, type Result } from '#shared/errors/index.ts';
import { type RawPath, showPath } from '../platform/raw-path.ts';
import { openWritable, type WritableDb } from '../storage/sqlite.ts';
import type { TargetPlace } from './paths.ts';
import { planMigrations } from './plan-migrations.ts';
import { cutRanges, type SeqRange } from './ranges.ts';
import { type SavedTable, savedTable } from './saved-table.ts';
import type { TargetMount } from './target-watch.ts';
import type { ArchiveRef, PointEntry } from './types.ts';

/** How far an item is. An item is `done` when its content is on the disk under its name; `verified` when read back. */
export type ItemState = 'pending' | 'done' | 'verified' | 'failed';

const STATES: readonly ItemState[] = ['pending', 'done', 'verified', 'failed'];

/** What stood at the target when the plan was made; execution refuses to overwrite anything else. */
export type Before = { readonly type: string; readonly size: number; readonly mtimeNs: string };

/** One item as it is planned. */
export type PlannedItem = {
  readonly entry: PointEntry;
  readonly target: RawPath;
  readonly action: RestoreAction;
  readonly reason: RestoreItem['reason'];
  readonly before: Before | null;
  /** Hash of the content; for hard links, of the file that they name. */
  readonly contentSha256: string | undefined;
  /** Why an unsafe item is left out; null otherwise. */
  readonly error: AppError | null;
};

/** One item as it is executed. */
export type StoredItem = PlannedItem & { readonly seq: number; readonly state: ItemState };

/** What the items were computed from. */
export type PlanBasis = {
  readonly pointId: string;
  /** The archives of the point's chain, the full first. */
  readonly archives: readonly ArchiveRef[];
  readonly place: TargetPlace;
  readonly overwrite: Overwrite;
  readonly selection: readonly string[];
  readonly sources: readonly string[];
  readonly owners?: Owners;
  /** Folder where what is overwritten is kept; absent when nothing is. */
  readonly safetyDir?: string;
  /** Where the targets lay when it was planned. */
  readonly mounts?: readonly TargetMount[];
  /** The host that is written to; absent for this machine. */
  readonly host?: {
    readonly login: string;
    readonly givesOwners: boolean;
    /** Folders of the archive that, where they exist on the host, stay as they are. */
    readonly leading: readonly RawPath[];
  };
  /** Of an undo: the folders below which nothing is written through a link. */
  readonly undo?: { readonly of: string; readonly roots: readonly RawPath[] };
};

/** Which items: those that are written (folders, hard links, and what has content of its own), those that are removed, or all. */
export type WorkKind = 'write' | 'folders' | 'contents' | 'hardlinks' | 'remove' | 'all';

/** How an item ended. */
export type Mark = { readonly seq: number; readonly state: ItemState; readonly error?: AppError };

/** The items of one plan, in a SQLite file of their own, so that a plan of a million files is no burden. */
export type PlanStore = SavedTable & {
  readonly setBasis: (basis: PlanBasis) => void;
  readonly basis: () => PlanBasis;
  /** Adds items in order; duplicates of a path are refused by returning false. */
  readonly add: (item: PlannedItem) => boolean;
  readonly hashOf: (path: RawPath) => string | undefined;
  readonly has: (path: RawPath) => boolean;
  /** Files (everything but folders) and bytes by action. */
  readonly totals: () => RestoreTotals;
  /** Files and bytes that replacing or removing would lose. */
  readonly overwritten: () => { files: number; bytes: number };
  readonly page: (
    action: RestoreAction | undefined,
    offset: number,
    limit: number,
  ) => { items: RestoreItem[]; total: number };
  /** Items with work in them in these states, in order, from `after` on. */
  readonly next: (
    states: readonly ItemState[],
    after: number,
    limit: number,
    kind?: WorkKind,
  ) => readonly StoredItem[];
  /** Such items in ranges of at most so many items, and of so many bytes unless a single one has more. */
  readonly ranges: (
    states: readonly ItemState[],
    kind: WorkKind,
    most: { readonly items: number; readonly bytes: number },
  ) => readonly SeqRange[];
  /** The items of a range. */
  readonly within: (states: readonly ItemState[], range: SeqRange, kind: WorkKind) => readonly StoredItem[];
  /** Items that are removed, the last first: a folder after what was in it. */
  readonly removals: (before: number, limit: number) => readonly StoredItem[];
  /** Folders that were found the same: restoring into one changes its time, so that it must be given back. */
  readonly sameFolders: (after: number, limit: number) => readonly StoredItem[];
  readonly mark: (marks: readonly Mark[]) => void;
  /** Files (everything but folders) and bytes of the work, by state. */
  readonly counts: () => Record<ItemState, { files: number; bytes: number }>;
  readonly failures: (limit: number) => { path: string; error: AppError }[];
  /** How many items were left out for being unsafe, or of a kind that cannot be made. */
  readonly skipReasons: () => { unsafe: number; unsupported: number };
  /** The item that was written to a path. */
  readonly itemAt: (target: RawPath) => StoredItem | null;
  readonly transaction: (work: () => void) => void;
  readonly close: () => void;
};

type Row = {
  seq: number;
  target: string;
  action: RestoreAction;
  reason: RestoreItem['reason'];
  type: string;
  size: number;
  path: string;
  entry: string;
  before: string | null;
  sha256: string | null;
  state: number;
  error: string | null;
};

/** A path as the store writes it. */
const rawPath = z.string();

const WORK = "action IN ('restore', 'update', 'remove')";
const codesOf = (states: readonly ItemState[]): string =>
  states.map((state) => STATES.indexOf(state)).join(',');
const KINDS: Readonly<Record<WorkKind, string>> = {
  all: WORK,
  write: `${WORK} AND action <> 'remove'`,
  folders: `${WORK} AND action <> 'remove' AND type = 'directory'`,
  contents: `${WORK} AND action <> 'remove' AND type NOT IN ('directory', 'hardlink')`,
  hardlinks: `${WORK} AND action <> 'remove' AND type = 'hardlink'`,
  remove: `${WORK} AND action = 'remove'`,
};

const TURN_MS = 120_000;
/** Pages that the log may grow by before it is written into the file, which waits for the disk twice. */
const WAL_PAGES = 8_000;

/**
 * Opens (or makes) a plan's file.
 *
 * @param durable true while the plan is executed: what is recorded is on the disk before anything is overwritten
 */
export function openPlanStore(file: string, durable = false): Result<PlanStore> {
  const opened = openWritable(file, { migrations: planMigrations, synchronous: durable ? 'FULL' : 'NORMAL' });
  if (!opened.ok) return opened;
  // Two lanes write to it in turn, and on a slow disk a turn may take long: each waits for the disk.
  if (durable) opened.value.pragma(`busy_timeout = ${TURN_MS}`);
  if (durable) opened.value.pragma(`wal_autocheckpoint = ${WAL_PAGES}`);
  return ok(planStore(opened.value));
}

function planStore(db: WritableDb): PlanStore {
  const insert = db.prepare(
    `INSERT INTO item (path, target, type, action, reason, size, entry, before, sha256, error)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO NOTHING`,
  );
  const byPath = db.prepare<[string], { sha256: string | null }>('SELECT sha256 FROM item WHERE path = ?');
  const setState = db.prepare('UPDATE item SET state = ?, error = ? WHERE seq = ?');
  const setStates = db.prepare(
    'UPDATE item SET state = ?, error = NULL WHERE seq IN (SELECT value FROM json_each(?))',
  );
  // Folders are planned and made like everything else, but nobody counts them as files.
  const fileCount = "sum(type <> 'directory')";
  const sizeOf = "CASE WHEN type = 'file' THEN size ELSE 0 END";

  const toItem = (row: Row): RestoreItem => ({
    path: showPath(rawPath.parse(JSON.parse(row.path))),
    target: showPath(rawPath.parse(JSON.parse(row.target))),
    type: row.type,
    action: row.action,
    reason: row.reason,
    size: row.size,
  });
  const toStored = (row: Row): StoredItem => ({
    seq: row.seq,
    // The engine wrote these columns itself, from values of these very types.
    entry: JSON.parse(row.entry) as PointEntry,
    target: rawPath.parse(JSON.parse(row.target)),
    action: row.action,
    reason: row.reason,
    before: row.before === null ? null : (JSON.parse(row.before) as Before),
    contentSha256: row.sha256 ?? undefined,
    error: row.error === null ? null : (JSON.parse(row.error) as AppError),
    state: STATES[row.state] ?? 'pending',
  });

  return {
    ...savedTable(db),
    setBasis: (basis) => {
      db.prepare('DELETE FROM basis').run();
      db.prepare('INSERT INTO basis (json) VALUES (?)').run(JSON.stringify(basis));
    },
    basis: () => {
      const row = db.prepare<[], { json: string }>('SELECT json FROM basis').get();
      if (!row) throw new Error(`plan file ${db.name} has no basis`);
      return JSON.parse(row.json) as PlanBasis;
    },
    add: (item) =>
      insert.run(
        JSON.stringify(item.entry.path),
        JSON.stringify(item.target),
        item.entry.type,
        item.action,
        item.reason,
        item.entry.size,
        JSON.stringify(item.entry),
        item.before === null ? null : JSON.stringify(item.before),
        item.contentSha256 ?? null,
        item.error === null ? null : JSON.stringify(item.error),
      ).changes === 1,
    hashOf: (path) => byPath.get(JSON.stringify(path))?.sha256 ?? undefined,
    has: (path) => byPath.get(JSON.stringify(path)) !== undefined,
    totals: () => {
      const totals = {
        restore: { files: 0, bytes: 0 },
        update: { files: 0, bytes: 0 },
        same: { files: 0, bytes: 0 },
        skip: { files: 0, bytes: 0 },
        remove: { files: 0, bytes: 0 },
      };
      const rows = db
        .prepare<[], { action: RestoreAction; files: number; bytes: number }>(
          `SELECT action, ${fileCount} AS files, sum(${sizeOf}) AS bytes FROM item GROUP BY action`,
        )
        .all();
      for (const row of rows) totals[row.action] = { files: row.files, bytes: row.bytes };
      return totals;
    },
    overwritten: () => {
      const row = db
        .prepare<[], { files: number; bytes: number | null }>(
          `SELECT count(*) AS files, sum(json_extract(before, '$.size')) AS bytes FROM item
           WHERE action IN ('update', 'remove') AND json_extract(before, '$.type') = 'file'`,
        )
        .get();
      return { files: row?.files ?? 0, bytes: row?.bytes ?? 0 };
    },
    page: (action, offset, limit) => {
      const where = action === undefined ? '' : 'WHERE action = ?';
      const filter = action === undefined ? [] : [action];
      const rows = db
        .prepare<unknown[], Row>(`SELECT * FROM item ${where} ORDER BY seq LIMIT ? OFFSET ?`)
        .all(...filter, limit, offset);
      const total =
        db.prepare<unknown[], { n: number }>(`SELECT count(*) AS n FROM item ${where}`).get(...filter)?.n ??
        0;
      return { items: rows.map(toItem), total };
    },
    next: (states, after, limit, kind = 'write') =>
      db
        .prepare<[number, number], Row>(
          `SELECT * FROM item WHERE ${KINDS[kind]} AND state IN (${codesOf(states)}) AND seq > ? ORDER BY seq LIMIT ?`,
        )
        .all(after, limit)
        .map(toStored),
    ranges: (states, kind, most) =>
      cutRanges(
        db
          .prepare<[], { seq: number; size: number }>(
            `SELECT seq, ${sizeOf} AS size FROM item WHERE ${KINDS[kind]} AND state IN (${codesOf(states)}) ORDER BY seq`,
          )
          .iterate(),
        most,
      ),
    within: (states, { from, to }, kind) =>
      db
        .prepare<[number, number], Row>(
          // The plus keeps SQLite from looking every item of the state up to find those of the range.
          `SELECT * FROM item WHERE ${KINDS[kind]} AND +state IN (${codesOf(states)}) AND seq BETWEEN ? AND ? ORDER BY seq`,
        )
        .all(from, to)
        .map(toStored),
    removals: (before, limit) =>
      db
        .prepare<[number, number], Row>(
          `SELECT * FROM item WHERE ${KINDS.remove} AND state IN (0, 3) AND seq < ? ORDER BY seq DESC LIMIT ?`,
        )
        .all(before, limit)
        .map(toStored),
    sameFolders: (after, limit) =>
      db
        .prepare<[number, number], Row>(
          "SELECT * FROM item WHERE action = 'same' AND type = 'directory' AND seq > ? ORDER BY seq LIMIT ?",
        )
        .all(after, limit)
        .map(toStored),
    mark: (marks) => {
      db.transaction(() => {
        for (const [code, state] of STATES.entries()) {
          const sound = marks.filter((mark) => mark.state === state && mark.error === undefined);
          if (sound.length > 0) setStates.run(code, JSON.stringify(sound.map(({ seq }) => seq)));
        }
        for (const { seq, state, error } of marks)
          if (error !== undefined) setState.run(STATES.indexOf(state), JSON.stringify(error), seq);
      })();
    },
    counts: () => {
      const counts: Record<ItemState, { files: number; bytes: number }> = {
        pending: { files: 0, bytes: 0 },
        done: { files: 0, bytes: 0 },
        verified: { files: 0, bytes: 0 },
        failed: { files: 0, bytes: 0 },
      };
      const rows = db
        .prepare<[], { state: number; files: number; bytes: number }>(
          `SELECT state, ${fileCount} AS files, sum(${sizeOf}) AS bytes FROM item WHERE ${WORK} GROUP BY state`,
        )
        .all();
      for (const row of rows) counts[STATES[row.state] ?? 'pending'] = { files: row.files, bytes: row.bytes };
      return counts;
    },
    failures: (limit) =>
      db
        .prepare<[number], Row>('SELECT * FROM item WHERE error IS NOT NULL ORDER BY seq LIMIT ?')
        .all(limit)
        .map((row) => ({ path: toItem(row).path, error: JSON.parse(row.error ?? 'null') as AppError })),
    skipReasons: () => {
      const count = db.prepare<[string], { n: number }>('SELECT count(*) AS n FROM item WHERE reason = ?');
      return { unsafe: count.get('unsafe')?.n ?? 0, unsupported: count.get('unsupported')?.n ?? 0 };
    },
    itemAt: (target) => {
      const row = db
        .prepare<[string], Row>(`SELECT * FROM item WHERE target = ? AND ${WORK} LIMIT 1`)
        .get(JSON.stringify(target));
      return row === undefined ? null : toStored(row);
    },
    transaction: (work) => db.transaction(work)(),
    close: () => db.close(),
  };
}
