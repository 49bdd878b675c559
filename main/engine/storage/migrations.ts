import { copyFileSync, existsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';

/** One step of a file's schema. `version` counts from 1 without gaps; a published step never changes. */
export type Migration = { readonly version: number; readonly up: (db: Database.Database) => void };

/**
 * Brings a file to the newest schema, one transaction a step, after keeping a copy beside it
 * (`NAME.before-vN`) when it already held data and `keepCopy` is not false. A new file gets all steps in one transaction.
 *
 * The version stands in `PRAGMA user_version`. A file from the future is refused untouched.
 */
export function migrate(
  db: Database.Database,
  path: string,
  migrations: readonly Migration[],
  keepCopy = true,
): Result<number> {
  migrations.forEach((migration, index) => {
    if (migration.version !== index + 1)
      throw new Error(`migration ${index + 1} of ${path} has version ${migration.version}`);
  });
  const found = db.pragma('user_version', { simple: true }) as number;
  const known = migrations.length;
  if (found > known) return err(appError('SCHEMA_FROM_FUTURE', { file: path, found, known }));
  if (found === known) return ok(known);
  if (found > 0 && keepCopy) {
    // The write-ahead log is folded in first, so that the copied main file is whole by itself.
    db.pragma('wal_checkpoint(TRUNCATE)');
    const copy = `${path}.before-v${known}`;
    if (!existsSync(copy)) copyFileSync(path, copy);
  }
  const take = db.transaction((steps: readonly Migration[]) => {
    for (const { up, version } of steps) {
      up(db);
      db.pragma(`user_version = ${version}`);
    }
  });
  // Each transaction waits for the disk, and of a new file no part is worth that wait.
  if (found === 0) take(migrations);
  else for (const migration of migrations.slice(found)) take([migration]);
  return ok(known);
}
