import * as z from 'zod';
import { type RebuildReport, rebuildReportSchema } from '#shared/contract/backup-media.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import { type Seen, seenSchema } from './inspect-task.ts';

/** What rebuilds have read, and the report of the last one, in console.db. */
export class RebuildStore {
  readonly #db: WritableDb;

  constructor(db: WritableDb) {
    this.#db = db;
  }

  /** Archives that were read before and whose points the catalogue still has. */
  seen(): Seen[] {
    return z.array(seenSchema).parse(
      this.#db
        .prepare(
          `SELECT name, size, mtime_ms AS mtimeMs, tail_sha256 AS tailSha256, point_id AS pointId FROM backup_seen
             WHERE point_id IN (SELECT id FROM backup_point)`,
        )
        .all(),
    );
  }

  saw(seen: Seen): void {
    this.#db
      .prepare(
        `INSERT INTO backup_seen (name, size, mtime_ms, tail_sha256, point_id)
         VALUES (@name, @size, @mtimeMs, @tailSha256, @pointId)
         ON CONFLICT (name, size, mtime_ms, tail_sha256) DO UPDATE SET point_id = excluded.point_id`,
      )
      .run(seen);
  }

  report(): RebuildReport | null {
    const row = this.#db.prepare('SELECT report FROM backup_rebuild WHERE id = 1').get();
    const parsed = z.object({ report: z.string() }).safeParse(row);
    return parsed.success ? rebuildReportSchema.parse(JSON.parse(parsed.data.report)) : null;
  }

  setReport(report: RebuildReport): void {
    this.#db
      .prepare(
        `INSERT INTO backup_rebuild (id, report) VALUES (1, ?)
         ON CONFLICT (id) DO UPDATE SET report = excluded.report`,
      )
      .run(JSON.stringify(report));
  }
}
