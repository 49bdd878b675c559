import Database from 'better-sqlite3';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { ReadSqlite } from './probes/check-probe.ts';

/** What is asked of a SQLite file. */
export type Ask = Parameters<ReadSqlite>[0];

/** Reads one value of a SQLite file: read-only, one statement. */
export function readValue({ file, query, timeoutMs }: Ask): Result<string | null> {
  let db: Database.Database;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: Math.min(timeoutMs, 60_000) });
  } catch (thrown) {
    return err(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
  try {
    const statement = db.prepare(query).safeIntegers();
    if (!statement.reader) return err(appError('CHECK_QUERY', { why: 'it gives no rows' }));
    const [value = null] = (statement.raw().get() as readonly unknown[] | undefined) ?? [];
    return ok(value === null ? null : Buffer.isBuffer(value) ? value.toString('hex') : String(value));
  } catch (thrown) {
    return err(appError('CHECK_QUERY', { why: describeThrown(thrown) }));
  } finally {
    db.close();
  }
}
