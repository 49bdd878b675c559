import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { type Migration, migrate } from './migrations.ts';

/** An open SQLite file that may be written. */
export type WritableDb = Database.Database;

/** An open SQLite file for reading; a different type, so that a query cannot be handed a writer by mistake. */
export type ReadableDb = Pick<Database.Database, 'name' | 'open' | 'close'> & {
  readonly prepare: Database.Database['prepare'];
  readonly __readable?: never;
};

/** A prepared statement, with parameters by their places. */
export type Statement = Database.Statement<unknown[]>;

/** How a file is opened. */
export type OpenOptions = {
  readonly migrations: readonly Migration[];
  /** FULL: an acknowledged write survives a power cut. NORMAL: it survives a crash of the program. */
  readonly synchronous: 'FULL' | 'NORMAL';
  /** Called once on a file without tables, before migrating, for settings that cannot change later (page size). */
  readonly prepareNew?: (db: WritableDb) => void;
  /** False: no copy is kept when the file is migrated, as for many large files, each migrated in one transaction. */
  readonly keepCopy?: boolean;
};

/**
 * The path of the native binding for runtimes older than Node-API 10, or undefined where the package's own works.
 *
 * A development Electron of Node-API 9 carries a binding in its resources folder, because the prebuilt one dies there
 * with a segmentation fault instead of a message.
 */
export function nativeBinding(): string | undefined {
  if (Number(process.versions.napi) >= 10) return undefined;
  const resources = (process as { readonly resourcesPath?: string }).resourcesPath;
  const candidate = resources === undefined ? undefined : join(resources, 'better_sqlite3.node');
  if (candidate !== undefined && existsSync(candidate)) return candidate;
  throw new Error(
    `this runtime (Node-API ${process.versions.napi}) is too old for better-sqlite3, and no binding was built for it`,
  );
}

function rawOpen(path: string, readonly: boolean): Database.Database {
  const binding = nativeBinding();
  return new Database(path, {
    readonly,
    timeout: 5_000,
    ...(binding === undefined ? {} : { nativeBinding: binding }),
  });
}

/** Turns what SQLite throws into what an operator can read. Unknown exceptions stay exceptions. */
export function sqliteError(path: string, thrown: unknown): AppError {
  const code = (thrown as { readonly code?: unknown }).code;
  const why = describeThrown(thrown);
  if (code === 'SQLITE_FULL') return appError('DISK_FULL', { file: path }, { detail: why });
  if (code === 'SQLITE_READONLY' || code === 'SQLITE_READONLY_DIRECTORY')
    return appError('READ_ONLY', { file: path }, { detail: why });
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB')
    return appError('DATABASE_DAMAGED', { file: path, why });
  if (typeof code === 'string' && code.startsWith('SQLITE_'))
    return appError('FILE_UNREADABLE', { file: path, why });
  throw thrown;
}

/**
 * Opens (or makes) a file for writing: WAL, foreign keys on, migrated to the newest schema.
 *
 * @returns the handle, or SCHEMA_FROM_FUTURE, DATABASE_DAMAGED, DISK_FULL, READ_ONLY, FILE_UNREADABLE
 */
export function openWritable(path: string, options: OpenOptions): Result<WritableDb> {
  let db: Database.Database | undefined;
  try {
    db = rawOpen(path, false);
    if (options.prepareNew && (db.pragma('schema_version', { simple: true }) as number) === 0)
      options.prepareNew(db);
    db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${options.synchronous}`);
    db.pragma('foreign_keys = ON');
    const migrated = migrate(db, path, options.migrations, options.keepCopy);
    if (!migrated.ok) {
      db.close();
      return migrated;
    }
    return ok(db);
  } catch (thrown) {
    db?.close();
    return err(sqliteError(path, thrown));
  }
}

/** Opens an existing file for reading only. */
export function openReadable(path: string): Result<ReadableDb> {
  try {
    return ok(rawOpen(path, true));
  } catch (thrown) {
    return err(sqliteError(path, thrown));
  }
}
