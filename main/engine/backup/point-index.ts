import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { BackupEntry } from '#shared/contract/backup.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { decodePath, encodePath, type RawPath } from '../platform/raw-path.ts';
import { publishFile } from '../storage/durable.ts';
import type { FactsList } from './facts-list.ts';
import {
  finishIndex,
  IndexWriter,
  indexRow,
  openIndexForWriting,
  ROW_COLUMNS,
  removeIndexFiles,
  rowOf,
  withIndex,
} from './index-file.ts';
import { mtimeMs } from './manifest.ts';
import type { ArchiveReader } from './reader-types.ts';
import { folderOf } from './walk-order.ts';

/** One row: an entry with its name alone. */
export type IndexedEntry = BackupEntry & { readonly name: string };

/**
 * Makes the index of an open archive, which tells what is in that archive alone; the file appears whole or not at all.
 *
 * @param facts what the run saw of each entry besides what the archive keeps; left out when made from the archive alone
 * @throws ArchiveFault when the manifest is damaged
 */
export async function buildPointIndex(
  path: string,
  archive: ArchiveReader,
  facts?: FactsList,
): Promise<Result<object>> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.part`;
  removeIndexFiles(part);
  const opened = openIndexForWriting(part);
  if (!opened.ok) return opened;
  const db = opened.value;
  try {
    db.exec('BEGIN');
    const writer = new IndexWriter(db);
    let number = 0;
    for await (const entry of archive.entries()) {
      const content = facts?.contentAt(number) ?? null;
      writer.put(folderOf(entry.path), rowOf(entry, facts?.at(number) ?? null), content);
      number += 1;
    }
    const addGone = db.prepare('INSERT OR IGNORE INTO gone (path) VALUES (?)');
    for await (const { path: gone } of archive.gone()) addGone.run(encodePath(gone));
    db.exec('COMMIT');
    finishIndex(db);
    publishFile(part, path);
    return ok({});
  } catch (thrown) {
    db.close();
    removeIndexFiles(part);
    throw thrown;
  }
}

/** Where the index of a point is. */
export function pointIndexPath(dir: string, pointId: string): string {
  return `${dir}/${pointId}.db`;
}

/** Where the whole state at a point of a chain is, while it is kept; for a full it is the index itself. */
export function stateIndexPath(dir: string, pointId: string): string {
  return `${dir}/${pointId}.state.db`;
}

/** True when the index is there. */
export function hasPointIndex(dir: string, pointId: string): boolean {
  return existsSync(pointIndexPath(dir, pointId));
}

function toEntry(folder: RawPath, row: unknown): IndexedEntry {
  const { name: bytes, type, size, mode, mtime, sha256 } = indexRow(row);
  const name = decodePath(bytes);
  return {
    name,
    path: folder === '' ? name : `${folder}/${name}`,
    type,
    size,
    mode,
    mtimeMs: mtime === null ? 0 : mtimeMs({ mtime }),
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
        `SELECT ${ROW_COLUMNS} FROM entry WHERE folder = ?
         ORDER BY type <> 'directory', name LIMIT ? OFFSET ?`,
      )
      .all(id, limit, offset);
    return { entries: rows.map((row) => toEntry(folder, row)), total };
  });
}

/** How a text with wildcards is searched for: one with a slash means the whole path, one without means the name. */
function globOf(text: string): { readonly what: string; readonly pattern: string } | null {
  if (!/[*?]/.test(text)) return null;
  return text.includes('/')
    ? {
        what: "(CAST(folder.path AS TEXT) || '/' || CAST(name AS TEXT))",
        pattern: text.startsWith('*') ? text : `*${text.replace(/^\/+/, '')}`,
      }
    : { what: 'CAST(name AS TEXT)', pattern: text };
}

/** Files (not folders) whose path contains the text, or whose name (with a slash: path) fits it as a glob, upper and lower case of ASCII alike; at most `limit`. */
export function findInIndex(path: string, text: string, limit: number): Result<readonly IndexedEntry[]> {
  return withIndex(path, (db) => {
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    const glob = globOf(text);
    const rows = db
      .prepare(
        `SELECT folder.path AS folder, ${ROW_COLUMNS} FROM entry
         JOIN folder ON folder.id = entry.folder
         WHERE type <> 'directory'
           AND (CASE WHEN folder.id = 0 THEN CAST(name AS TEXT)
               ELSE CAST(folder.path AS TEXT) || '/' || CAST(name AS TEXT) END LIKE @pattern ESCAPE '\\'
             ${glob === null ? '' : `OR ${glob.what} GLOB @glob`})
         LIMIT @limit`,
      )
      .all({ pattern, limit, ...(glob === null ? {} : { glob: glob.pattern }) });
    return rows.map((row) =>
      toEntry(decodePath(z.object({ folder: z.instanceof(Buffer) }).parse(row).folder), row),
    );
  });
}

/** The paths that were gone when the point was made. */
export function goneInIndex(path: string): Result<readonly RawPath[]> {
  return withIndex(path, (db) =>
    z
      .array(z.object({ path: z.instanceof(Buffer) }))
      .parse(db.prepare('SELECT path FROM gone').all())
      .map((row) => decodePath(row.path)),
  );
}
