import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DatabaseProbe, DatabaseSource } from '#shared/contract/backup-sources.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { openReadable, sqliteError } from '../../storage/sqlite.ts';
import type { SourcesContext } from './context.ts';
import { DUMP_FILE, type DumpJob, roomFor, type TakeResult } from './dump-folder.ts';
import { type SqliteCopied, type SqliteTask, sqliteProgressSchema } from './sqlite-task.ts';

type Source = Extract<DatabaseSource, { kind: 'sqlite' }>;

/** Bytes of a database with what its log holds; refuses what is no file. */
function sizeOf(source: Source): Result<number> {
  try {
    const stats = statSync(source.file);
    if (!stats.isFile()) throw new Error('not a file');
    return ok(stats.size + (statSync(`${source.file}-wal`, { throwIfNoEntry: false })?.size ?? 0));
  } catch (thrown) {
    return err(
      appError(
        'BACKUP_DATABASE_UNREACHABLE',
        { name: source.name, why: describeThrown(thrown) },
        { field: 'file' },
      ),
    );
  }
}

/** What a run would find in an SQLite database. */
export function probeSqlite(source: Source): Result<DatabaseProbe> {
  const bytes = sizeOf(source);
  if (!bytes.ok) return bytes;
  const opened = openReadable(source.file);
  if (!opened.ok) return opened;
  try {
    const server = String(opened.value.prepare('SELECT sqlite_version()').pluck().get());
    const mode = String(opened.value.prepare('PRAGMA journal_mode').pluck().get());
    // Reads the schema, so that a file that is no database is found out here.
    opened.value.prepare('SELECT count(*) FROM sqlite_schema').get();
    return ok({
      kind: 'sqlite',
      server,
      tools: [],
      databases: [{ name: basename(source.file), bytes: bytes.value }],
      notes:
        mode === 'wal'
          ? []
          : [
              {
                zh: `日志模式为 ${mode}：复制期间应用不能写入。WAL 模式没有此限制。`,
                en: `Its journal mode is ${mode}: the application cannot write while it is copied. WAL mode has no such limit.`,
              },
            ],
    });
  } catch (thrown) {
    return err(
      appError('BACKUP_DATABASE_UNREACHABLE', {
        name: source.name,
        why: sqliteError(source.file, thrown).detail ?? describeThrown(thrown),
      }),
    );
  } finally {
    opened.value.close();
  }
}

/** Copies a live SQLite database. */
export async function dumpSqlite(source: Source, job: DumpJob, context: SourcesContext): TakeResult {
  const size = sizeOf(source);
  if (!size.ok) return size;
  const room = roomFor(source.name, job.folder, size.value);
  if (!room.ok) return room;
  const own = basename(source.file);
  const file = own === DUMP_FILE ? 'database.sqlite' : own;
  const data: SqliteTask = { name: source.name, file: source.file, to: join(job.folder, file) };
  const task = context.tasks<Result<SqliteCopied>>('backup.sqlite', data, (message) => {
    const progress = sqliteProgressSchema.safeParse(message);
    if (progress.success) job.progress(progress.data.bytes, progress.data.total);
  });
  job.signal.addEventListener('abort', task.cancel, { once: true });
  if (job.signal.aborted) task.cancel();
  const copied = await task.result.finally(() => job.signal.removeEventListener('abort', task.cancel));
  if (!copied.ok) return copied;
  return ok({
    dump: {
      format: 'hmtt-database-dump',
      version: 1,
      name: source.name,
      kind: 'sqlite',
      method: 'copy',
      server: copied.value.version,
      tool: `SQLite ${copied.value.version}`,
      takenAt: context.clock.now(),
      databases: [{ name: file, file, bytes: copied.value.bytes }],
      globals: null,
    },
    notes: [],
  });
}
