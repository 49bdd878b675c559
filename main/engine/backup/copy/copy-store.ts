import * as z from 'zod';
import { type AppError, appErrorSchema } from '#shared/errors/index.ts';
import type { WritableDb } from '../../storage/sqlite.ts';

/** Where copies lie: a medium, wherever it is mounted, or a folder. */
export type CopyPlace =
  | { readonly kind: 'medium'; readonly id: string }
  | { readonly kind: 'folder'; readonly dir: string };

/** A copy of a point's archive, besides the one that its run wrote. */
export type StoredCopy = {
  readonly pointId: string;
  readonly place: CopyPlace;
  /** Path of the archive in its place, with `/`. */
  readonly rel: string;
  readonly bytes: number;
  /** SHA-256 of the archive; empty when it was found by a rebuild that did not read the whole of it. */
  readonly sha256: string;
  readonly copiedAt: number | null;
  readonly verifiedAt: number | null;
  readonly state: 'intact' | 'broken' | 'missing';
  readonly error: AppError | null;
};

/** A place as text, as the table keeps it. */
export function placeKey(place: CopyPlace): string {
  return place.kind === 'medium' ? `medium:${place.id}` : `folder:${place.dir}`;
}

function placeOf(key: string): CopyPlace {
  return key.startsWith('medium:')
    ? { kind: 'medium', id: key.slice('medium:'.length) }
    : { kind: 'folder', dir: key.slice('folder:'.length) };
}

const copyRow = z.object({
  point_id: z.string(),
  place: z.string(),
  rel: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  copied_at: z.number().nullable(),
  verified_at: z.number().nullable(),
  state: z.enum(['intact', 'broken', 'missing']),
  error: z.string().nullable(),
});

function toCopy(row: unknown): StoredCopy {
  const copy = copyRow.parse(row);
  return {
    pointId: copy.point_id,
    place: placeOf(copy.place),
    rel: copy.rel,
    bytes: copy.bytes,
    sha256: copy.sha256,
    copiedAt: copy.copied_at,
    verifiedAt: copy.verified_at,
    state: copy.state,
    error: copy.error === null ? null : appErrorSchema.parse(JSON.parse(copy.error)),
  };
}

/** The copies in console.db. Every method is one transaction. */
export class CopyStore {
  readonly #db: WritableDb;
  #copies: ReadonlyMap<string, readonly StoredCopy[]> | null = null;

  constructor(db: WritableDb) {
    this.#db = db;
  }

  /** All copies by point, the newest first. The same object until something changes. */
  byPoint(): ReadonlyMap<string, readonly StoredCopy[]> {
    if (this.#copies !== null) return this.#copies;
    const copies = new Map<string, StoredCopy[]>();
    for (const row of this.#db.prepare('SELECT * FROM backup_copy ORDER BY copied_at DESC, place').all()) {
      const copy = toCopy(row);
      const same = copies.get(copy.pointId);
      if (same === undefined) copies.set(copy.pointId, [copy]);
      else same.push(copy);
    }
    this.#copies = copies;
    return copies;
  }

  /** The copies in one place. */
  in(place: CopyPlace): readonly StoredCopy[] {
    const key = placeKey(place);
    return [...this.byPoint().values()].flat().filter((copy) => placeKey(copy.place) === key);
  }

  /** The copy of a point in one place; null when there is none. */
  get(pointId: string, place: CopyPlace): StoredCopy | null {
    const row = this.#db
      .prepare('SELECT * FROM backup_copy WHERE point_id = ? AND place = ?')
      .get(pointId, placeKey(place));
    return row === undefined ? null : toCopy(row);
  }

  /** Takes a copy, or what is new about one. */
  put(copy: StoredCopy): void {
    this.#copies = null;
    this.#db
      .prepare(
        `INSERT INTO backup_copy (point_id, place, rel, bytes, sha256, copied_at, verified_at, state, error)
         VALUES (@pointId, @place, @rel, @bytes, @sha256, @copiedAt, @verifiedAt, @state, @error)
         ON CONFLICT (point_id, place) DO UPDATE SET rel = excluded.rel, bytes = excluded.bytes,
           sha256 = CASE excluded.sha256 WHEN '' THEN sha256 ELSE excluded.sha256 END,
           copied_at = coalesce(excluded.copied_at, copied_at),
           verified_at = coalesce(excluded.verified_at, verified_at),
           state = excluded.state, error = excluded.error`,
      )
      .run({
        ...copy,
        place: placeKey(copy.place),
        error: copy.error === null ? null : JSON.stringify(copy.error),
      });
  }

  setState(pointId: string, place: CopyPlace, state: StoredCopy['state'], error: AppError | null): void {
    this.#copies = null;
    this.#db
      .prepare('UPDATE backup_copy SET state = ?, error = ? WHERE point_id = ? AND place = ?')
      .run(state, error === null ? null : JSON.stringify(error), pointId, placeKey(place));
  }

  /** Forgets a copy: its archive was removed on purpose. */
  remove(pointId: string, place: CopyPlace): void {
    this.#copies = null;
    this.#db
      .prepare('DELETE FROM backup_copy WHERE point_id = ? AND place = ?')
      .run(pointId, placeKey(place));
  }

  /** SHA-256 of a point's archive as it was when it was first copied; null when it never was. */
  sha256Of(pointId: string): string | null {
    return (
      this.byPoint()
        .get(pointId)
        ?.find(({ sha256 }) => sha256 !== '')?.sha256 ?? null
    );
  }
}
