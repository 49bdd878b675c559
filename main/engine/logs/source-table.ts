import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { logSourceInputSchema } from '#shared/contract/logs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { sqliteError, type WritableDb } from '../storage/sqlite.ts';
import type { SourceReading, SourceRow } from './messages.ts';
import { createParser } from './parse/parser.ts';
import { checkZone } from './parse/zone.ts';
import { checkMultiline } from './tail/joining.ts';
import { parseSourcePaths } from './tail/paths.ts';

const readingSchema = logSourceInputSchema.pick({
  more: true,
  exclude: true,
  encoding: true,
  multiline: true,
  remote: true,
});

/** How a source is read that says nothing about it. */
export const DEFAULT_READING: SourceReading = readingSchema.parse({});

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
  const paths = parseSourcePaths(input);
  if (!paths.ok) return paths;
  const joining = checkMultiline(input.multiline);
  if (!joining.ok) return joining;
  const zone = checkZone(input.zone);
  if (!zone.ok) return zone;
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
    reading: readingSchema.parse(input),
  });
}

/** The sources in console.db. */
export class SourceTable {
  readonly #db: WritableDb;

  constructor(db: WritableDb) {
    this.#db = db;
  }

  list(): readonly SourceRow[] {
    const rows = this.#db
      .prepare(
        'SELECT id, name, path, format, host, zone, start AS "from", reading FROM log_source ORDER BY added, id',
      )
      .all() as (Omit<SourceRow, 'reading'> & { readonly reading: string })[];
    return rows.map((row) => ({ ...row, reading: readReading(row.reading) }));
  }

  /**
   * Adds a source; LOG_SOURCE_EXISTS when there already is one for the same path and host.
   *
   * @returns its identifier: another than the row's when a source that was changed since still has that
   */
  add(row: SourceRow, nowMs: number): Result<{ readonly id: string }> {
    try {
      const exists = this.#db.prepare('SELECT 1 FROM log_source WHERE path = ? AND host = ?');
      if (exists.get(row.path, row.host) !== undefined)
        return err(appError('LOG_SOURCE_EXISTS', { path: row.path, host: row.host }, { field: 'path' }));
      const taken = this.#db.prepare('SELECT 1 FROM log_source WHERE id = ?');
      let { id } = row;
      for (let n = 2; taken.get(id) !== undefined; n += 1) id = `${row.id}-${n}`;
      this.#db
        .prepare(
          `INSERT INTO log_source (id, name, path, format, host, zone, start, reading, added)
           VALUES (@id, @name, @path, @format, @host, @zone, @from, @reading, @nowMs)`,
        )
        .run({ ...row, id, reading: JSON.stringify(row.reading ?? {}), nowMs });
      return ok({ id });
    } catch (thrown) {
      return err(sqliteError(this.#db.name, thrown));
    }
  }

  /**
   * Puts other settings in the place of a source's own; its identifier stays, and with it what it has read.
   *
   * @returns NOT_FOUND, or LOG_SOURCE_EXISTS when another source has this path and host
   */
  update(id: string, row: SourceRow): Result<object> {
    try {
      const other = this.#db
        .prepare('SELECT id FROM log_source WHERE path = ? AND host = ? AND id <> ?')
        .get(row.path, row.host, id);
      if (other !== undefined)
        return err(appError('LOG_SOURCE_EXISTS', { path: row.path, host: row.host }, { field: 'path' }));
      const { changes } = this.#db
        .prepare(
          `UPDATE log_source SET name = @name, path = @path, format = @format, host = @host, zone = @zone,
           start = @from, reading = @reading WHERE id = @id`,
        )
        .run({ ...row, id, reading: JSON.stringify(row.reading ?? {}) });
      return changes === 0 ? err(appError('NOT_FOUND', { what: 'log source', id })) : ok({});
    } catch (thrown) {
      return err(sqliteError(this.#db.name, thrown));
    }
  }

  /** Keeps a source of an import under its identifier. @returns LOG_SOURCE_EXISTS when another has its path and host */
  take(row: SourceRow, nowMs: number): Result<object> {
    const updated = this.update(row.id, row);
    if (updated.ok || updated.error.code !== 'NOT_FOUND') return updated;
    this.#db
      .prepare(
        `INSERT INTO log_source (id, name, path, format, host, zone, start, reading, added)
         VALUES (@id, @name, @path, @format, @host, @zone, @from, @reading, @nowMs)`,
      )
      .run({ ...row, reading: JSON.stringify(row.reading ?? {}), nowMs });
    return ok({});
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

/** Reads what was stored; a setting that this version does not know falls back to its default, so that reading goes on. */
function readReading(text: string): SourceReading {
  const parsed = readingSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : DEFAULT_READING;
}
