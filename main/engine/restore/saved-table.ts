import * as z from 'zod';
import type { RawPath } from '../platform/raw-path.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import type { SavedPath, Standing } from './saved.ts';

/** What stood where a restore writes, in the file of its plan: what an undo brings back. */
export type SavedTable = {
  /** Writes down what stood at paths before they are touched; the first record of a path counts. */
  readonly save: (paths: readonly Omit<SavedPath, 'id'>[]) => void;
  readonly isSaved: (target: RawPath) => boolean;
  /** What stood where this restore wrote, in the order in which it was recorded. */
  readonly saved: (after: number, limit: number) => readonly SavedPath[];
  /** Files and bytes that safety copies hold. */
  readonly keptTotals: () => { files: number; bytes: number };
  /** Forgets the safety copies; their files go separately. */
  readonly forgetKept: () => void;
};

type SavedRow = {
  id: number;
  target: string;
  was: string | null;
  kept: string | null;
  sha256: string | null;
};

/** A path as the table writes it. */
const rawPath = z.string();

/** The table of a plan's file, which must be open. */
export function savedTable(db: WritableDb): SavedTable {
  const addSaved = db.prepare(
    'INSERT INTO saved (target, was, kept, sha256) VALUES (?, ?, ?, ?) ON CONFLICT (target) DO NOTHING',
  );
  const savedAt = db.prepare('SELECT 1 FROM saved WHERE target = ?');

  return {
    save: (paths) => {
      db.transaction(() => {
        for (const { target, was, kept, sha256 } of paths)
          addSaved.run(
            JSON.stringify(target),
            was === null ? null : JSON.stringify(was),
            kept === null ? null : JSON.stringify(kept),
            sha256,
          );
      })();
    },
    isSaved: (target) => savedAt.get(JSON.stringify(target)) !== undefined,
    saved: (after, limit) =>
      db
        .prepare<[number, number], SavedRow>('SELECT * FROM saved WHERE id > ? ORDER BY id LIMIT ?')
        .all(after, limit)
        .map((row) => ({
          id: row.id,
          target: rawPath.parse(JSON.parse(row.target)),
          // The engine wrote these columns itself, from values of these very types.
          was: row.was === null ? null : (JSON.parse(row.was) as Standing),
          kept: row.kept === null ? null : (JSON.parse(row.kept) as NonNullable<SavedPath['kept']>),
          sha256: row.sha256,
        })),
    keptTotals: () => {
      const row = db
        .prepare<[], { files: number; bytes: number | null }>(
          "SELECT count(*) AS files, sum(json_extract(was, '$.size')) AS bytes FROM saved WHERE kept IS NOT NULL",
        )
        .get();
      return { files: row?.files ?? 0, bytes: row?.bytes ?? 0 };
    },
    forgetKept: () => {
      db.prepare('UPDATE saved SET kept = NULL').run();
    },
  };
}
