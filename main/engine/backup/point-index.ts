import { existsSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { BackupEntry } from '#shared/contract/backup.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { decodePath, encodePath, type RawPath } from '../platform/raw-path.ts';
import { publishFile } from '../storage/durable.ts';
import type { Migration } from '../storage/migrations.ts';
import {
  openReadable,
  openWritable,
  type ReadableDb,
  sqliteError,
  type WritableDb,
} from '../storage/sqlite.ts';
import { type EntryLine, entryTypeSchema, mtimeMs } from './manifest.ts';
import type { ArchiveReader } from './reader-types.ts';

/**
 * What is in one restore point, for browsing and searching: a file of its own for each point, made from the archive's
 * manifest and made again from it when lost (docs/adr/008-one-index-file-per-restore-point.md). Names
 * are BLOBs, because not every name is text.
 */
const migrations: readonly Migration[] = [
  {
    version: 1,
    up: (db) => {
      db.exec(`
        CREATE TABLE folder (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
        CREATE TABLE entry (
          folder INTEGER NOT NULL,
          name BLOB NOT NULL,
          type TEXT NOT NULL,
          size INTEGER NOT NULL,
          mode INTEGER NOT NULL,
          mtime_ms INTEGER NOT NULL,
          sha256 BLOB,
          PRIMARY KEY (folder, name)
        ) WITHOUT ROWID;
      `);
    },
  },
];

/** One row: an entry with its name alone. */
export type IndexedEntry = BackupEntry & { readonly name: string };

const rowSchema = z.object({
  name: z.instanceof(Buffer),
  type: entryTypeSchema,
  size: z.number(),
  mode: z.number(),
  mtime_ms: z.number(),
  sha256: z.instanceof(Buffer).nullable(),
});

class IndexBuilder {
  readonly #folders = new Map<RawPath, number>();
  readonly #addFolder;
  readonly #addEntry;

  constructor(db: WritableDb) {
    this.#addFolder = db.prepare('INSERT INTO folder (id, path) VALUES (?, ?)');
    this.#addEntry = db.prepare(
      'INSERT OR REPLACE INTO entry (folder, name, type, size, mode, mtime_ms, sha256) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#folderId('');
  }

  /** The folder's row; ancestors of a source are not in the archive and get a row made up here. */
  #folderId(path: RawPath): number {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const id = this.#folders.size;
    this.#folders.set(path, id);
    this.#addFolder.run(id, encodePath(path));
    if (path !== '') this.#row(path, 'directory', 0, 0o755, 0, null);
    return id;
  }

  #row(path: RawPath, type: string, size: number, mode: number, mtime: number, sha256: Buffer | null): void {
    const slash = path.lastIndexOf('/');
    const folder = this.#folderId(slash < 0 ? '' : path.slice(0, slash));
    this.#addEntry.run(folder, encodePath(path.slice(slash + 1)), type, size, mode, mtime, sha256);
  }

  add(entry: EntryLine): void {
    if (entry.type === 'directory') this.#folderId(entry.path);
    const sha256 = entry.sha256 === undefined ? null : Buffer.from(entry.sha256, 'hex');
    this.#row(entry.path, entry.type, entry.size, entry.mode, mtimeMs(entry), sha256);
  }
}

/**
 * Makes the index of an open archive; the file appears whole or not at all.
 *
 * @throws ArchiveFault when the manifest is damaged
 */
export async function buildPointIndex(path: string, archive: ArchiveReader): Promise<Result<object>> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.part`;
  const clean = (): void => {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(part + suffix, { force: true });
  };
  clean();
  const opened = openWritable(part, { migrations, synchronous: 'NORMAL' });
  if (!opened.ok) return opened;
  const db = opened.value;
  try {
    db.exec('BEGIN');
    const builder = new IndexBuilder(db);
    for await (const entry of archive.entries()) builder.add(entry);
    db.exec('COMMIT');
    // Back to a single file that readers open without writing anything beside it.
    db.pragma('journal_mode = DELETE');
    db.close();
    publishFile(part, path);
    return ok({});
  } catch (thrown) {
    db.close();
    clean();
    throw thrown;
  }
}

/** Where the index of a point is. */
export function pointIndexPath(dir: string, pointId: string): string {
  return `${dir}/${pointId}.db`;
}

/** True when the index is there. */
export function hasPointIndex(dir: string, pointId: string): boolean {
  return existsSync(pointIndexPath(dir, pointId));
}

const versionSchema = z.object({ user_version: z.number() });

/** Any failure means that the index is of no use; it is made again from the archive. */
function withIndex<T>(path: string, use: (db: ReadableDb) => T): Result<T> {
  const opened = openReadable(path);
  if (!opened.ok) return err(opened.error);
  try {
    const { user_version: found } = versionSchema.parse(opened.value.prepare('PRAGMA user_version').get());
    const known = migrations.length;
    if (found !== known) return err(appError('SCHEMA_FROM_FUTURE', { file: path, found, known }));
    return ok(use(opened.value));
  } catch (thrown) {
    return err(sqliteError(path, thrown));
  } finally {
    opened.value.close();
  }
}

function toEntry(folder: RawPath, row: unknown): IndexedEntry {
  const { name: bytes, type, size, mode, mtime_ms, sha256 } = rowSchema.parse(row);
  const name = decodePath(bytes);
  return {
    name,
    path: folder === '' ? name : `${folder}/${name}`,
    type,
    size,
    mode,
    mtimeMs: mtime_ms,
    sha256: sha256?.toString('hex') ?? null,
  };
}

const totalSchema = z.object({ total: z.number() });

/** The children of a folder, folders first, then by name. An unknown folder has none. */
export function browseIndex(
  path: string,
  folder: RawPath,
  limit: number,
  offset: number,
): Result<{ readonly entries: readonly IndexedEntry[]; readonly total: number }> {
  return withIndex(path, (db) => {
    const found = db.prepare('SELECT id FROM folder WHERE path = ?').get(encodePath(folder));
    if (found === undefined) return { entries: [], total: 0 };
    const { id } = z.object({ id: z.number() }).parse(found);
    const { total } = totalSchema.parse(
      db.prepare('SELECT count(*) AS total FROM entry WHERE folder = ?').get(id),
    );
    const rows = db
      .prepare(
        `SELECT name, type, size, mode, mtime_ms, sha256 FROM entry WHERE folder = ?
         ORDER BY type <> 'directory', name LIMIT ? OFFSET ?`,
      )
      .all(id, limit, offset);
    return { entries: rows.map((row) => toEntry(folder, row)), total };
  });
}

/** Files (not folders) whose path contains the text, upper and lower case of ASCII alike; at most `limit`. */
export function findInIndex(path: string, text: string, limit: number): Result<readonly IndexedEntry[]> {
  return withIndex(path, (db) => {
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    const rows = db
      .prepare(
        `SELECT folder.path AS folder, name, type, size, mode, mtime_ms, sha256 FROM entry
         JOIN folder ON folder.id = entry.folder
         WHERE type <> 'directory'
           AND CASE WHEN folder.id = 0 THEN CAST(name AS TEXT)
               ELSE CAST(folder.path AS TEXT) || '/' || CAST(name AS TEXT) END LIKE ? ESCAPE '\\'
         LIMIT ?`,
      )
      .all(pattern, limit);
    return rows.map((row) =>
      toEntry(decodePath(z.object({ folder: z.instanceof(Buffer) }).parse(row).folder), row),
    );
  });
}
