import { createHash } from 'node:crypto';
import type * as z from 'zod';
import type { logSourceInputSchema } from '#shared/contract/logs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { sqliteError, type WritableDb } from '../storage/sqlite.ts';
import type { SourceRow } from './messages.ts';
import { createParser } from './parse/parser.ts';
import { isZone } from './parse/zone.ts';
import { parsePathPattern } from './tail/glob.ts';

/** What an operator gives to add a source, with defaults filled in. */
export type SourceInput = z.output<typeof logSourceInputSchema>;

/**
 * The identifier of a source follows from what it reads and of which host, so that a source that is removed and added
 * again goes on where it stopped instead of storing every line twice.
 */
export function sourceId(path: string, host: string): string {
  return `src-${createHash('sha256').update(`${host}\0${path}`).digest('hex').slice(0, 16)}`;
}

/** Checks everything of a source that can be checked without reading its files. */
export function checkSource(input: SourceInput): Result<SourceRow> {
  const pattern = parsePathPattern(input.path);
  if (!pattern.ok) return pattern;
  if (input.zone !== '' && !isZone(input.zone))
    return err(appError('LOG_ZONE_UNKNOWN', { zone: input.zone }, { field: 'zone' }));
  if (input.format !== 'auto') {
    const parser = createParser({ spec: input.format, zone: input.zone });
    if (!parser.ok) return parser;
  }
  return ok({
    id: sourceId(input.path, input.host),
    name: input.name ?? input.path,
    path: input.path,
    format: input.format,
    host: input.host,
    zone: input.zone,
    from: input.from,
  });
}

/** The sources in console.db. */
export class SourceTable {
  readonly #db: WritableDb;

  constructor(db: WritableDb) {
    this.#db = db;
  }

  list(): readonly SourceRow[] {
    return this.#db
      .prepare(
        'SELECT id, name, path, format, host, zone, start AS "from" FROM log_source ORDER BY added, id',
      )
      .all() as SourceRow[];
  }

  /** Adds a source; LOG_SOURCE_EXISTS when there already is one for the same path and host. */
  add(row: SourceRow, nowMs: number): Result<object> {
    try {
      const { changes } = this.#db
        .prepare(
          `INSERT INTO log_source (id, name, path, format, host, zone, start, added)
           VALUES (@id, @name, @path, @format, @host, @zone, @from, @nowMs) ON CONFLICT (id) DO NOTHING`,
        )
        .run({ ...row, nowMs });
      return changes === 0
        ? err(appError('LOG_SOURCE_EXISTS', { path: row.path, host: row.host }, { field: 'path' }))
        : ok({});
    } catch (thrown) {
      return err(sqliteError(this.#db.name, thrown));
    }
  }

  remove(id: string): Result<object> {
    try {
      const { changes } = this.#db.prepare('DELETE FROM log_source WHERE id = ?').run(id);
      return changes === 0 ? err(appError('NOT_FOUND', { what: 'log source', id })) : ok({});
    } catch (thrown) {
      return err(sqliteError(this.#db.name, thrown));
    }
  }
}
