import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import * as z from 'zod';
import type { BackupType } from '#shared/contract/backup.ts';
import type { ChangeStats } from '#shared/contract/backup-retention.ts';
import { nativeBinding, sqliteError } from '../../storage/sqlite.ts';
import { isIndexUsable } from '../index-file.ts';
import { pointIndexPath, stateIndexPath } from '../point-index.ts';

/** Renamed files are told from their names; more names than this are not remembered. */
const NAMES_KEPT = 300_000;

const countRow = z.object({ n: z.number() });
const changedRow = z.object({ n: z.number(), bytes: z.number().nullable() });
const nameRow = z.object({ path: z.instanceof(Buffer), name: z.instanceof(Buffer) });

/** The file that tells the whole state at a point, if it is at hand without composing it. */
function stateAtHand(indexDir: string, pointId: string): string | null {
  const state = stateIndexPath(indexDir, pointId);
  if (existsSync(state) && isIndexUsable(state)) return state;
  const own = pointIndexPath(indexDir, pointId);
  return existsSync(own) && isIndexUsable(own) ? own : null;
}

/** The last ending of a name with its dot (`.docx`), or an empty text. */
function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot) : '';
}

/** Every file of the new archive beside what stood under its path before. */
const BESIDE = `FROM main.entry AS e JOIN main.folder AS f ON f.id = e.folder
  LEFT JOIN old.folder AS of ON of.path = f.path
  LEFT JOIN old.entry AS oe ON oe.folder = of.id AND oe.name = e.name AND oe.mtime IS NOT NULL
  WHERE e.type = 'file' AND e.mtime IS NOT NULL`;

/** Files of before that a full does not hold. */
const GONE_FROM_FULL = `FROM old.entry AS e JOIN old.folder AS f ON f.id = e.folder
  LEFT JOIN main.folder AS nf ON nf.path = f.path
  LEFT JOIN main.entry AS ne ON ne.folder = nf.id AND ne.name = e.name
  WHERE e.type = 'file' AND e.mtime IS NOT NULL AND ne.name IS NULL`;

/**
 * Counts what a run changed against the state before it, from their indexes.
 *
 * @param before index of the whole state before the run
 * @param made index of what the run's archive holds
 * @param isFull whether that archive holds everything
 * @param stored bytes of the archive, and bytes that were read for it
 */
function measureChanges(
  before: string,
  made: string,
  isFull: boolean,
  stored: { readonly archiveBytes: number; readonly bytes: number },
): ChangeStats {
  const binding = nativeBinding();
  const db = new Database(made, {
    readonly: true,
    ...(binding === undefined ? {} : { nativeBinding: binding }),
  });
  try {
    db.prepare('ATTACH ? AS old').run(before);
    const weigh = (condition: string) =>
      changedRow.parse(
        db.prepare(`SELECT count(*) AS n, sum(e.size) AS bytes ${BESIDE} AND ${condition}`).get(),
      );
    const changed = weigh('oe.name IS NOT NULL AND e.sha256 IS NOT oe.sha256');
    const added = weigh('oe.name IS NULL');
    const gone = goneNames(db, isFull);
    const changedBytes = (changed.bytes ?? 0) + (added.bytes ?? 0);
    return {
      before: countFiles(db),
      added: added.n,
      changed: changed.n,
      gone: gone.count,
      changedBytes,
      ...(gone.count === 0 || added.n === 0 ? { renamed: 0, ending: null } : renames(db, gone)),
      storedRatio: stored.bytes === 0 ? null : stored.archiveBytes / stored.bytes,
    };
  } finally {
    db.close();
  }
}

function countFiles(db: Database.Database): number {
  const sql = `SELECT count(*) AS n FROM old.entry WHERE type = 'file' AND mtime IS NOT NULL`;
  return countRow.parse(db.prepare(sql).get()).n;
}

/** Files that are gone: how many, and the first of their names with and without their endings. */
type Gone = { count: number; readonly names: Set<string>; readonly stems: Set<string> };

function goneNames(db: Database.Database, isFull: boolean): Gone {
  const gone: Gone = { count: 0, names: new Set(), stems: new Set() };
  const rows = isFull
    ? db.prepare(`SELECT f.path AS path, e.name AS name ${GONE_FROM_FULL}`).iterate()
    : goneFromDelta(db);
  for (const row of rows) {
    gone.count += 1;
    if (gone.names.size >= NAMES_KEPT) continue;
    const { folder, name } = keyOf(row);
    gone.names.add(folder + name);
    gone.stems.add(folder + name.slice(0, name.length - endingOf(name).length));
  }
  return gone;
}

/** A name and its folder as texts of bytes: not every name is UTF-8. */
function keyOf(row: unknown): { readonly folder: string; readonly name: string } {
  const { path, name } = nameRow.parse(row);
  return { folder: `${path.toString('latin1')}/`, name: name.toString('latin1') };
}

/** Files of before that an incremental or differential says are gone, themselves or with a folder above them. */
function* goneFromDelta(db: Database.Database): Generator<unknown, void, void> {
  const select = `SELECT f.path AS path, e.name AS name FROM old.folder AS f JOIN old.entry AS e ON e.folder = f.id
    WHERE e.type = 'file' AND e.mtime IS NOT NULL`;
  const itself = db.prepare(`${select} AND f.path = ? AND e.name = ?`);
  const within = db.prepare(`${select} AND f.path = ?`);
  const below = db.prepare(`${select} AND f.path > ? AND f.path < ?`);
  for (const row of db.prepare('SELECT path FROM main.gone').iterate()) {
    const { path } = z.object({ path: z.instanceof(Buffer) }).parse(row);
    const slash = path.lastIndexOf('/');
    yield* itself.iterate(path.subarray(0, Math.max(0, slash)), path.subarray(slash + 1));
    yield* within.iterate(path);
    // '0' comes after '/': everything between is below the folder.
    yield* below.iterate(Buffer.concat([path, Buffer.from('/')]), Buffer.concat([path, Buffer.from('0')]));
  }
}

/** Files that are gone while one with another or one more ending came in the same folder. */
function renames(db: Database.Database, { names, stems }: Gone): Pick<ChangeStats, 'renamed' | 'ending'> {
  const endings = new Map<string, number>();
  let renamed = 0;
  const added = db.prepare(`SELECT f.path AS path, e.name AS name ${BESIDE} AND oe.name IS NULL`);
  for (const row of added.iterate()) {
    const { folder, name } = keyOf(row);
    const ending = endingOf(name);
    const stem = folder + name.slice(0, name.length - ending.length);
    if (ending === '' || !(names.has(stem) || stems.has(stem))) continue;
    renamed += 1;
    endings.set(ending, (endings.get(ending) ?? 0) + 1);
  }
  const [most] = [...endings].sort((a, b) => b[1] - a[1]);
  const isOne = most !== undefined && most[1] * 2 >= renamed;
  return { renamed, ending: isOne ? Buffer.from(most[0], 'latin1').toString('utf8') : null };
}

/**
 * What a run changed, if the state before it is at hand; a run is not spoilt because this cannot be told.
 *
 * @param previousId the point before it
 */
export function changesOf(
  indexDir: string,
  run: { readonly id: string; readonly type: BackupType; readonly previousId: string | null },
  stored: { readonly archiveBytes: number; readonly bytes: number },
): ChangeStats | null {
  const before = run.previousId === null ? null : stateAtHand(indexDir, run.previousId);
  if (before === null) return null;
  const made = pointIndexPath(indexDir, run.id);
  try {
    return measureChanges(before, made, run.type === 'full', stored);
  } catch (thrown) {
    // Said again, should it be a bug and not the file.
    sqliteError(made, thrown);
    return null;
  }
}
