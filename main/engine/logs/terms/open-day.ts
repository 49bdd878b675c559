import { statSync } from 'node:fs';
import { ok, type Result } from '#shared/errors/index.ts';
import { openReadable, type ReadableDb } from '../../storage/sqlite.ts';
import { dayPath } from '../store/paths.ts';

/**
 * The day file that jobs read, kept open from one job to the next: V8 collects all garbage each time a database is opened and
 * closed, a twentieth of a second of the processors' time.
 */
export class OpenDay {
  readonly #folder: string;
  #open: { readonly day: string; readonly inode: string; readonly db: ReadableDb } | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The path of a day's file. */
  path(day: string): string {
    return dayPath(this.#folder, day);
  }

  /** Opens a day's file, unless it is open; another file under the same name is another. */
  db(day: string): Result<ReadableDb> {
    const stats = statSync(this.path(day), { bigint: true, throwIfNoEntry: false });
    const inode = `${stats?.dev}:${stats?.ino}`;
    if (this.#open?.day === day && this.#open.inode === inode) return ok(this.#open.db);
    this.close();
    const opened = openReadable(this.path(day));
    if (opened.ok) this.#open = { day, inode, db: opened.value };
    return opened;
  }

  close(): void {
    this.#open?.db.close();
    this.#open = null;
  }
}
