import { rmSync } from 'node:fs';
import * as z from 'zod';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { decodePath, encodePath, type RawPath } from '../platform/raw-path.ts';
import type { Migration } from '../storage/migrations.ts';
import {
  openReadable,
  openWritable,
  type ReadableDb,
  sqliteError,
  type WritableDb,
} from '../storage/sqlite.ts';
import { type EntryLine, entryTypeSchema } from './manifest.ts';
import { folderOf } from './walk-order.ts';
import { xattrsDigest } from './xattrs/xattrs.ts';

/**
 * Schema of the files that tell what is in a point: what its archive holds, and (of a point in a chain) the whole state
 * that it stands for (docs/adr/008, docs/adr/013). Names are BLOBs, because not every name is text.
 * An index is derived data: a file of another version is thrown away and made again, so step 2 begins anew.
 */
const migrations: readonly Migration[] = [
  { version: 1, up: () => undefined },
  {
    version: 2,
    up: (db) => {
      db.exec(`
        CREATE TABLE folder (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
        CREATE TABLE entry (
          folder INTEGER NOT NULL,
          name BLOB NOT NULL,
          type TEXT NOT NULL,
          size INTEGER NOT NULL,
          mode INTEGER NOT NULL,
          uid INTEGER NOT NULL,
          gid INTEGER NOT NULL,
          mtime TEXT,                -- as in the manifest; NULL: a folder above a source, made up
          sha256 BLOB,
          link BLOB,
          device TEXT,
          facts TEXT,                -- what only this machine's file system tells: inode and ctime
          PRIMARY KEY (folder, name)
        ) WITHOUT ROWID;
        CREATE TABLE gone (path BLOB PRIMARY KEY) WITHOUT ROWID;
      `);
    },
  },
  {
    version: 3,
    up: (db) => {
      db.exec(`
        -- Of large files: what tells which parts of them changed (extents/known-content.ts).
        CREATE TABLE content (
          folder INTEGER NOT NULL,
          name BLOB NOT NULL,
          known BLOB NOT NULL,
          PRIMARY KEY (folder, name)
        ) WITHOUT ROWID;
        ALTER TABLE entry ADD COLUMN xattrs BLOB; -- SHA-256 of the extended attributes; NULL: none
      `);
    },
  },
];

const rowSchema = z.object({
  name: z.instanceof(Buffer),
  type: entryTypeSchema,
  size: z.number(),
  mode: z.number(),
  uid: z.number(),
  gid: z.number(),
  mtime: z.string().nullable(),
  sha256: z.instanceof(Buffer).nullable(),
  link: z.instanceof(Buffer).nullable(),
  device: z.string().nullable(),
  facts: z.string().nullable(),
  xattrs: z.instanceof(Buffer).nullable(),
});

/** A row of `entry`, without its folder. */
export type IndexRow = z.infer<typeof rowSchema>;

/** The columns of {@link IndexRow}. */
export const ROW_COLUMNS = 'name, type, size, mode, uid, gid, mtime, sha256, link, device, facts, xattrs';

/** Checks what SQLite gave. */
export function indexRow(row: unknown): IndexRow {
  return rowSchema.parse(row);
}

/** The row of an entry of a manifest. */
export function rowOf(entry: EntryLine, facts: string | null): IndexRow {
  return {
    name: encodePath(entry.path.slice(entry.path.lastIndexOf('/') + 1)),
    type: entry.type,
    size: entry.size,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    mtime: entry.mtime,
    sha256: entry.sha256 === undefined ? null : Buffer.from(entry.sha256, 'hex'),
    link: entry.link === undefined ? null : encodePath(entry.link),
    device: entry.device === undefined ? null : deviceText(entry.device),
    facts,
    xattrs: xattrsDigest(entry.xattrs),
  };
}

/** A device's numbers in one text that can be compared. */
export function deviceText(device: NonNullable<EntryLine['device']>): string {
  return `${device.kind} ${device.major}:${device.minor}`;
}

const NOBODY_KNOWS = { mode: 0o755, uid: 0, gid: 0, mtime: null, sha256: null, link: null, device: null };

const idSchema = z.object({ id: z.number() });

/** Writes entries into an open index and takes paths out of it. Begin and end the transaction outside. */
export class IndexWriter {
  /** Ids of folders that were met; a folder that was taken out empties it. */
  readonly #ids = new Map<RawPath, number>();
  readonly #findFolder;
  readonly #addFolder;
  readonly #put;
  readonly #imply;
  readonly #drop;
  readonly #below;
  readonly #dropFolder;
  readonly #dropIn;
  readonly #putContent;
  readonly #dropContent;
  readonly #dropContentIn;
  /** False spares a new index a question for each of its entries. */
  readonly #hadContents: boolean;

  constructor(db: WritableDb) {
    const values =
      '(@folder, @name, @type, @size, @mode, @uid, @gid, @mtime, @sha256, @link, @device, @facts, @xattrs)';
    this.#findFolder = db.prepare('SELECT id FROM folder WHERE path = ?');
    this.#addFolder = db.prepare('INSERT INTO folder (id, path) VALUES (?, ?)');
    this.#put = db.prepare(`INSERT OR REPLACE INTO entry (folder, ${ROW_COLUMNS}) VALUES ${values}`);
    this.#imply = db.prepare(`INSERT OR IGNORE INTO entry (folder, ${ROW_COLUMNS}) VALUES ${values}`);
    this.#drop = db.prepare('DELETE FROM entry WHERE folder = ? AND name = ?');
    this.#below = db.prepare('SELECT id FROM folder WHERE path = @path OR (path > @from AND path < @to)');
    this.#dropFolder = db.prepare('DELETE FROM folder WHERE id = ?');
    this.#dropIn = db.prepare('DELETE FROM entry WHERE folder = ?');
    this.#putContent = db.prepare('INSERT OR REPLACE INTO content (folder, name, known) VALUES (?, ?, ?)');
    this.#dropContent = db.prepare('DELETE FROM content WHERE folder = ? AND name = ?');
    this.#dropContentIn = db.prepare('DELETE FROM content WHERE folder = ?');
    this.#hadContents = db.prepare('SELECT 1 FROM content LIMIT 1').get() !== undefined;
    this.#folderId('');
  }

  /** The folder's row; one that is not in any archive (it lies above a source) gets a row made up here. */
  #folderId(path: RawPath): number {
    const known = this.#ids.get(path);
    if (known !== undefined) return known;
    const found = idSchema.safeParse(this.#findFolder.get(encodePath(path)));
    const id = found.success
      ? found.data.id
      : Number(this.#addFolder.run(path === '' ? 0 : null, encodePath(path)).lastInsertRowid);
    this.#ids.set(path, id);
    if (!found.success && path !== '')
      this.#imply.run({
        ...NOBODY_KNOWS,
        folder: this.#folderId(folderOf(path)),
        name: encodePath(path.slice(path.lastIndexOf('/') + 1)),
        type: 'directory',
        size: 0,
        facts: null,
        xattrs: null,
      });
    return id;
  }

  /** @param content of a large file, as packed; what was known of another content at the path is forgotten */
  put(folder: RawPath, row: IndexRow, content: Buffer | null = null): void {
    const id = this.#folderId(folder);
    this.#put.run({ ...row, folder: id });
    if (content !== null) this.#putContent.run(id, row.name, content);
    else if (this.#hadContents) this.#dropContent.run(id, row.name);
    if (row.type === 'directory') {
      const name = decodePath(row.name);
      this.#folderId(folder === '' ? name : `${folder}/${name}`);
    }
  }

  /** Takes a path out, with all below it. */
  remove(path: RawPath): void {
    const bytes = encodePath(path);
    // '0' is the character after '/': between them is all that begins with the folder and a slash.
    const range = {
      path: bytes,
      from: Buffer.concat([bytes, Buffer.from('/')]),
      to: Buffer.concat([bytes, Buffer.from('0')]),
    };
    const ids = z.array(idSchema).parse(this.#below.all(range));
    for (const { id } of ids) {
      this.#dropIn.run(id);
      this.#dropContentIn.run(id);
      this.#dropFolder.run(id);
    }
    if (ids.length > 0) this.#ids.clear();
    const folder = idSchema.safeParse(this.#findFolder.get(encodePath(folderOf(path))));
    if (!folder.success) return;
    const name = encodePath(path.slice(path.lastIndexOf('/') + 1));
    this.#drop.run(folder.data.id, name);
    this.#dropContent.run(folder.data.id, name);
  }
}

/** Opens an index that is being made, or changed under a temporary name. */
export function openIndexForWriting(path: string): Result<WritableDb> {
  return openWritable(path, { migrations, synchronous: 'NORMAL' });
}

/** Ends writing: back to a single file that readers open without writing anything beside it. */
export function finishIndex(db: WritableDb): void {
  db.pragma('journal_mode = DELETE');
  db.close();
}

/** Removes an index, or what is left of one that was being made. */
export function removeIndexFiles(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}

const versionSchema = z.object({ user_version: z.number() });

/** Opens an index for reading. Any failure means that it is of no use; it is made again from the archives. */
export function withIndex<T>(path: string, use: (db: ReadableDb) => T): Result<T> {
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

/** True when the index is there and of this version. */
export function isIndexUsable(path: string): boolean {
  return withIndex(path, () => true).ok;
}
