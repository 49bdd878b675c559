import { constants, copyFileSync } from 'node:fs';
import * as z from 'zod';
import { err, ok, type Result } from '#shared/errors/index.ts';
import { decodePath, encodePath, type RawPath } from '../platform/raw-path.ts';
import { publishFile } from '../storage/durable.ts';
import { openReadable, sqliteError, type WritableDb } from '../storage/sqlite.ts';
import { type KnownContent, unpackContent } from './extents/known-content.ts';
import {
  finishIndex,
  type IndexRow,
  IndexWriter,
  indexRow,
  openIndexForWriting,
  ROW_COLUMNS,
  removeIndexFiles,
} from './index-file.ts';
import { folderOf } from './walk-order.ts';

const nameRow = z.object({ name: z.instanceof(Buffer) });
const folderRow = z.object({ id: z.number() });
const contentRow = z.object({ known: z.instanceof(Buffer) });
const NO_HASH = Buffer.alloc(0);

const appliedRow = z.object({ folder: z.instanceof(Buffer), known: z.instanceof(Buffer).nullable() });

/**
 * The whole state at a point, in a file of its own that becomes the state at the next: a run asks it what there was,
 * composing adds what an archive of the chain changed.
 */
export class Baseline {
  readonly #part: string;
  readonly #db: WritableDb;
  readonly #findFolder;
  readonly #findRow;
  readonly #rowsIn;
  readonly #setFacts;
  readonly #findContent;
  /** A walk asks for one folder after another. */
  #folder: { readonly path: RawPath; readonly id: number | null } | null = null;

  private constructor(part: string, db: WritableDb) {
    this.#part = part;
    this.#db = db;
    this.#findFolder = db.prepare('SELECT id FROM folder WHERE path = ?');
    this.#findRow = db.prepare(`SELECT ${ROW_COLUMNS} FROM entry WHERE folder = ? AND name = ?`);
    this.#rowsIn = db.prepare('SELECT name FROM entry WHERE folder = ?');
    this.#findContent = db.prepare('SELECT known FROM content WHERE folder = ? AND name = ?');
    this.#setFacts = db.prepare('UPDATE entry SET facts = ? WHERE folder = ? AND name = ?');
  }

  /**
   * Copies a state (or the index of a full) and opens the copy.
   *
   * @param part where the copy goes until it is complete
   */
  static open(state: string, part: string): Result<Baseline> {
    removeIndexFiles(part);
    copyFileSync(state, part, constants.COPYFILE_FICLONE);
    const opened = openIndexForWriting(part);
    if (!opened.ok) {
      removeIndexFiles(part);
      return opened;
    }
    opened.value.exec('BEGIN');
    return ok(new Baseline(part, opened.value));
  }

  #folderId(path: RawPath): number | null {
    if (this.#folder?.path !== path) {
      const found = folderRow.safeParse(this.#findFolder.get(encodePath(path)));
      this.#folder = { path, id: found.success ? found.data.id : null };
    }
    return this.#folder.id;
  }

  /** What stood at a path; null when nothing did. */
  get(path: RawPath): IndexRow | null {
    const folder = this.#folderId(folderOf(path));
    if (folder === null) return null;
    const row = this.#findRow.get(folder, encodePath(path.slice(path.lastIndexOf('/') + 1)));
    if (row === undefined) return null;
    const known = indexRow(row);
    return known.mtime === null ? null : known;
  }

  /** What is known of a large file's content, when it is the content that the path has; null otherwise. */
  content(path: RawPath): KnownContent | null {
    const folder = this.#folderId(folderOf(path));
    if (folder === null) return null;
    const name = encodePath(path.slice(path.lastIndexOf('/') + 1));
    const found = contentRow.safeParse(this.#findContent.get(folder, name));
    const content = found.success ? unpackContent(found.data.known) : null;
    return content?.sha256.equals(this.get(path)?.sha256 ?? NO_HASH) ? content : null;
  }

  /** True when there are large files of which a later archive may store pieces. */
  get hasContents(): boolean {
    return this.#db.prepare('SELECT 1 FROM content LIMIT 1').get() !== undefined;
  }

  /** Names that stood in a folder, those of folders above a source included. */
  *namesIn(folder: RawPath): Generator<RawPath, void, void> {
    const id = this.#folderId(folder);
    if (id === null) return;
    for (const row of this.#rowsIn.iterate(id)) yield decodePath(nameRow.parse(row).name);
  }

  /** Notes what the file system says of an unchanged file now. */
  refresh(path: RawPath, facts: string): void {
    const folder = this.#folderId(folderOf(path));
    if (folder !== null) this.#setFacts.run(facts, folder, encodePath(path.slice(path.lastIndexOf('/') + 1)));
  }

  /** Takes over what an archive changed, from its index. */
  apply(index: string): Result<object> {
    const opened = openReadable(index);
    if (!opened.ok) return opened;
    const delta = opened.value;
    this.#folder = null;
    try {
      const writer = new IndexWriter(this.#db);
      for (const row of delta.prepare('SELECT path FROM gone').iterate())
        writer.remove(decodePath(z.object({ path: z.instanceof(Buffer) }).parse(row).path));
      const rows = delta.prepare(
        `SELECT folder.path AS folder, ${ROW_COLUMNS}, (SELECT known FROM content
           WHERE content.folder = entry.folder AND content.name = entry.name) AS known
         FROM entry JOIN folder ON folder.id = entry.folder WHERE mtime IS NOT NULL`,
      );
      for (const row of rows.iterate()) {
        const { folder, known } = appliedRow.parse(row);
        writer.put(decodePath(folder), indexRow(row), known);
      }
      return ok({});
    } catch (thrown) {
      return err(sqliteError(index, thrown));
    } finally {
      delta.close();
    }
  }

  /** Completes the file and gives it its name. */
  publish(path: string): void {
    this.#db.exec('DELETE FROM gone');
    this.#db.exec('COMMIT');
    finishIndex(this.#db);
    publishFile(this.#part, path);
  }

  /** Throws the copy away. */
  abandon(): void {
    if (this.#db.open) this.#db.close();
    removeIndexFiles(this.#part);
  }
}
