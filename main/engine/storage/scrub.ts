import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { nativeBinding, type WritableDb } from './sqlite.ts';

/**
 * Makes what was deleted or replaced in a file unreadable on the disk: free pages, the write-ahead log, and the copies that were kept
 * before migrations (`NAME.before-vN`). For secrets that once lay in clear; the one place where VACUUM runs, on small files.
 *
 * @param statements take the secrets out of a copy as well; one that fails there (a table that old copies lack) is passed over
 */
export function scrub(db: WritableDb, statements: readonly string[]): void {
  db.exec('VACUUM');
  db.pragma('wal_checkpoint(TRUNCATE)');
  const folder = dirname(db.name);
  const prefix = `${basename(db.name)}.before-v`;
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix) || !/^\d+$/.test(name.slice(prefix.length))) continue;
    scrubCopy(join(folder, name), statements);
  }
}

function scrubCopy(path: string, statements: readonly string[]): void {
  const binding = nativeBinding();
  const copy = new Database(path, binding === undefined ? {} : { nativeBinding: binding });
  try {
    // No log stays beside it.
    copy.pragma('journal_mode = DELETE');
    for (const statement of statements) {
      try {
        copy.exec(statement);
      } catch {
        // The copy is older than the table.
      }
    }
    copy.exec('VACUUM');
  } finally {
    copy.close();
  }
}
