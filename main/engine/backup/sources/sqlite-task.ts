import Database from 'better-sqlite3';
import * as z from 'zod';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import { nativeBinding, sqliteError } from '../../storage/sqlite.ts';

/** What the thread that copies an SQLite database is started with. */
export const sqliteTaskSchema = z.object({ name: z.string(), file: z.string(), to: z.string() });
export type SqliteTask = z.infer<typeof sqliteTaskSchema>;

/** Posted while it copies. */
export const sqliteProgressSchema = z.object({
  kind: z.literal('copied'),
  bytes: z.number(),
  total: z.number(),
});

/** What was copied. */
export type SqliteCopied = { readonly version: string; readonly bytes: number; readonly tables: number };

/** Pages a step; between two steps the copy can be cancelled. */
const PAGES = 4_096;

class Stopped extends Error {}

/**
 * Copies a live SQLite database with its online backup API, and checks the copy.
 *
 * A read transaction is held from the first page to the last. Without it the copy would begin again whenever another process
 * writes, and would never end on a busy database; with it the copy is the one moment at which it began, and in WAL mode
 * writers go on meanwhile.
 *
 * @returns BACKUP_DATABASE_UNREACHABLE, BACKUP_DATABASE_DUMP_UNSOUND, CANCELLED, DISK_FULL
 */
export async function copySqlite(task: SqliteTask, context: TaskContext): Promise<Result<SqliteCopied>> {
  let source: Database.Database | null = null;
  try {
    source = open(task.file, true);
    const live = source;
    live.exec('BEGIN');
    const version = z.string().parse(live.prepare('SELECT sqlite_version()').pluck().get());
    const pageSize = Number(live.pragma('page_size', { simple: true }));
    const tables = Number(
      live.prepare(`SELECT count(*) FROM sqlite_schema WHERE type = 'table'`).pluck().get(),
    );
    await live.backup(task.to, {
      progress: ({ totalPages, remainingPages }) => {
        if (context.signal.aborted) throw new Stopped();
        const total = totalPages * pageSize;
        context.post({ kind: 'copied', bytes: total - remainingPages * pageSize, total });
        return PAGES;
      },
    });
    live.exec('COMMIT');
    const wrong = check(task.to);
    if (wrong.ok) return ok({ version, bytes: wrong.value, tables });
    return err(appError('BACKUP_DATABASE_DUMP_UNSOUND', { name: task.name, why: wrong.why }));
  } catch (thrown) {
    if (thrown instanceof Stopped) return err(appError('CANCELLED'));
    const error = sqliteError(task.file, thrown);
    if (error.code === 'DISK_FULL') return err(error);
    return err(
      appError('BACKUP_DATABASE_UNREACHABLE', { name: task.name, why: error.detail ?? error.message.en }),
    );
  } finally {
    source?.close();
  }
}

function open(path: string, readonly: boolean): Database.Database {
  const binding = nativeBinding();
  return new Database(path, {
    readonly,
    fileMustExist: true,
    timeout: 15_000,
    ...(binding === undefined ? {} : { nativeBinding: binding }),
  });
}

/** Reads the whole copy as SQLite's own check does, and leaves one file behind. */
function check(
  path: string,
): { readonly ok: true; readonly value: number } | { readonly ok: false; readonly why: string } {
  const copy = open(path, false);
  try {
    const found = copy.pragma('integrity_check(5)') as readonly { readonly integrity_check: string }[];
    const lines = found.map((row) => row.integrity_check);
    if (lines.length !== 1 || lines[0] !== 'ok') return { ok: false, why: lines.join('; ') };
    const size =
      Number(copy.pragma('page_count', { simple: true })) *
      Number(copy.pragma('page_size', { simple: true }));
    return { ok: true, value: size };
  } finally {
    copy.close();
  }
}
