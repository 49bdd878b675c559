import * as z from 'zod';
import {
  type ChangeStats,
  changeStatsSchema,
  type LegalHold,
  type MassChange,
  massChangeSchema,
  type PruneRecord,
} from '#shared/contract/backup-retention.ts';
import { type AppError, appErrorSchema } from '#shared/errors/index.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import type { PastRun } from './compliance.ts';

const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text) => schema.parse(JSON.parse(text)) as z.output<T>);

const pruneRow = z
  .object({
    id: z.string(),
    plan: z.string(),
    at: z.number(),
    ended_at: z.number().nullable(),
    state: z.enum(['running', 'done', 'failed', 'interrupted']),
    points: z.number(),
    bytes: z.number(),
    error: json(appErrorSchema).nullable(),
  })
  .transform(({ ended_at, ...row }): PruneRecord => ({ ...row, endedAt: ended_at }));

const removalRow = z
  .object({
    point_id: z.string(),
    prune_id: z.string(),
    plan: z.string(),
    bytes: z.number(),
    archives: json(z.array(z.string())),
  })
  .transform(({ point_id, prune_id, ...row }) => ({ ...row, pointId: point_id, pruneId: prune_id }));

/** The removal of one point that was begun. */
export type Removal = z.output<typeof removalRow>;

const holdRow = z
  .object({
    id: z.number(),
    point_id: z.string(),
    who: z.string(),
    why: z.string(),
    set_at: z.number(),
    until_ms: z.number().nullable(),
    cleared_at: z.number().nullable(),
    cleared_by: z.string().nullable(),
  })
  .transform(
    (row): LegalHold => ({
      id: row.id,
      pointId: row.point_id,
      who: row.who,
      why: row.why,
      setAt: row.set_at,
      until: row.until_ms,
      clearedAt: row.cleared_at,
      clearedBy: row.cleared_by,
    }),
  );

const massRow = z
  .object({
    point_id: z.string(),
    plan: z.string(),
    at: z.number(),
    stats: json(changeStatsSchema),
    signs: json(massChangeSchema.shape.signs),
    acknowledged_at: z.number().nullable(),
    acknowledged_by: z.string().nullable(),
    note: z.string().nullable(),
  })
  .transform(
    (row): MassChange => ({
      pointId: row.point_id,
      plan: row.plan,
      at: row.at,
      stats: row.stats,
      signs: row.signs,
      acknowledgedAt: row.acknowledged_at,
      acknowledgedBy: row.acknowledged_by,
      note: row.note,
    }),
  );

const acceptedRow = z.object({ accepted_seq: z.number(), distrusted: json(z.array(z.string())) });
const statsRow = z.object({ stats: json(changeStatsSchema) });
const latestRow = z.object({ latest_ms: z.number() });
const runRow = z.object({ started_at: z.number(), state: z.string() });
const bytesRow = z.object({ bytes: z.number() });

/** Runs of a type that say what is usual. */
const HISTORY = 30;

/** What retention keeps in console.db. Every method is one transaction. */
export class RetentionStore {
  readonly #db: WritableDb;

  constructor(db: WritableDb) {
    this.#db = db;
  }

  beginPrune(prune: { id: string; plan: string; at: number; points: number; bytes: number }): void {
    this.#db
      .prepare(
        `INSERT INTO backup_prune (id, plan, at, state, points, bytes)
         VALUES (@id, @plan, @at, 'running', @points, @bytes)`,
      )
      .run(prune);
  }

  /** @param done what was removed in the end */
  endPrune(
    id: string,
    at: number,
    state: Exclude<PruneRecord['state'], 'running'>,
    done: { readonly points: number; readonly bytes: number },
    error: AppError | null,
  ): void {
    this.#db
      .prepare(
        'UPDATE backup_prune SET ended_at = ?, state = ?, points = ?, bytes = ?, error = ? WHERE id = ?',
      )
      .run(at, state, done.points, done.bytes, error === null ? null : JSON.stringify(error), id);
  }

  /** Prunes that a power cut ended; what they removed is in the removals. */
  interruptPrunes(at: number): void {
    this.#db
      .prepare(
        `UPDATE backup_prune SET state = 'interrupted', ended_at = ?,
           points = (SELECT count(*) FROM backup_removal WHERE prune_id = backup_prune.id),
           bytes = (SELECT coalesce(sum(bytes), 0) FROM backup_removal WHERE prune_id = backup_prune.id)
         WHERE state = 'running'`,
      )
      .run(at);
  }

  /** Prunes of a plan, the last first. */
  prunes(plan: string): PruneRecord[] {
    return this.#db
      .prepare('SELECT * FROM backup_prune WHERE plan = ? ORDER BY at DESC, id LIMIT 500')
      .all(plan)
      .map((row) => pruneRow.parse(row));
  }

  /** Writes down that a point is going. From now on it is listed nowhere. */
  beginRemoval(removal: Removal & { readonly at: number }): void {
    this.#db
      .prepare(
        `INSERT OR REPLACE INTO backup_removal
           (point_id, prune_id, plan, type, started_at, bytes, archives, intent_at, done_at)
         SELECT id, @pruneId, plan, type, started_at, @bytes, @archives, @at, NULL
         FROM backup_point WHERE id = @pointId`,
      )
      .run({
        pointId: removal.pointId,
        pruneId: removal.pruneId,
        bytes: removal.bytes,
        archives: JSON.stringify(removal.archives),
        at: removal.at,
      });
  }

  /** The point's archive could not be removed: it is listed again. */
  undoRemoval(pointId: string): void {
    this.#db.prepare('DELETE FROM backup_removal WHERE point_id = ? AND done_at IS NULL').run(pointId);
  }

  /** Nothing of the point is left. */
  endRemoval(pointId: string, at: number): void {
    this.#db.transaction(() => {
      this.#db.prepare('DELETE FROM backup_point WHERE id = ?').run(pointId);
      this.#db.prepare('UPDATE backup_removal SET done_at = ? WHERE point_id = ?').run(at, pointId);
    })();
  }

  openRemovals(): Removal[] {
    return this.#db
      .prepare('SELECT * FROM backup_removal WHERE done_at IS NULL ORDER BY intent_at, point_id')
      .all()
      .map((row) => removalRow.parse(row));
  }

  /** Points of which an intact copy lies in a second place. */
  copied(): ReadonlySet<string> {
    return new Set(
      this.#db
        .prepare(`SELECT DISTINCT point_id FROM backup_copy WHERE state = 'intact'`)
        .all()
        .map((row) => z.object({ point_id: z.string() }).parse(row).point_id),
    );
  }

  /** Runs of a plan since a time, those that are still going left out. They outlive their points. */
  pastRuns(plan: string, since: number): PastRun[] {
    return this.#db
      .prepare(
        `SELECT started_at, state FROM backup_run WHERE plan = ? AND started_at >= ? AND state <> 'running'`,
      )
      .all(plan, since)
      .map((row) => {
        const { started_at, state } = runRow.parse(row);
        return {
          startedAt: started_at,
          made: state === 'done',
          failed: state === 'failed' || state === 'interrupted',
        };
      });
  }

  setHold(hold: Pick<LegalHold, 'pointId' | 'who' | 'why' | 'until'>, at: number): number {
    const { lastInsertRowid } = this.#db
      .prepare(
        'INSERT INTO backup_hold (point_id, who, why, set_at, until_ms) VALUES (@pointId, @who, @why, @at, @until)',
      )
      .run({ ...hold, at });
    return Number(lastInsertRowid);
  }

  /** @returns false when there was none to lift */
  clearHold(pointId: string, by: string, why: string, at: number): boolean {
    const { changes } = this.#db
      .prepare(
        `UPDATE backup_hold SET cleared_at = ?, cleared_by = ?, cleared_why = ?
         WHERE point_id = ? AND cleared_at IS NULL AND (until_ms IS NULL OR until_ms > ?)`,
      )
      .run(at, by, why, pointId, at);
    return changes > 0;
  }

  /** All holds there ever were, the last set first. */
  holds(): LegalHold[] {
    return this.#db
      .prepare('SELECT * FROM backup_hold ORDER BY id DESC')
      .all()
      .map((row) => holdRow.parse(row));
  }

  /** Holds in force at a time. */
  activeHolds(now: number): LegalHold[] {
    return this.holds().filter(
      ({ clearedAt, until }) => clearedAt === null && (until === null || until > now),
    );
  }

  /** Remembers what a run changed, with the alarm if there are signs of one. */
  addJudged(
    run: { pointId: string; plan: string; type: string; at: number; stats: ChangeStats },
    signs: readonly MassChange['signs'][number][],
  ): void {
    const row = { ...run, stats: JSON.stringify(run.stats), signs: JSON.stringify(signs) };
    this.#db.transaction(() => {
      this.#db
        .prepare(
          `INSERT INTO backup_change (point_id, plan, type, at, stats)
           VALUES (@pointId, @plan, @type, @at, @stats)`,
        )
        .run(row);
      if (signs.length > 0)
        this.#db
          .prepare(
            `INSERT INTO backup_mass_change (point_id, plan, at, stats, signs)
             VALUES (@pointId, @plan, @at, @stats, @signs)`,
          )
          .run(row);
    })();
  }

  /** Points of a plan whose run was judged. */
  judged(plan: string): ReadonlySet<string> {
    return new Set(
      this.#db
        .prepare('SELECT point_id FROM backup_change WHERE plan = ?')
        .all(plan)
        .map((row) => z.object({ point_id: z.string() }).parse(row).point_id),
    );
  }

  /** @returns false when there is none that waits */
  acknowledgeMassChange(pointId: string, who: string, note: string, at: number): boolean {
    const { changes } = this.#db
      .prepare(
        `UPDATE backup_mass_change SET acknowledged_at = ?, acknowledged_by = ?, note = ?
         WHERE point_id = ? AND acknowledged_at IS NULL`,
      )
      .run(at, who, note, pointId);
    return changes > 0;
  }

  /** The last first. */
  massChanges(plan?: string): MassChange[] {
    const where = plan === undefined ? '' : 'WHERE plan = ?';
    return this.#db
      .prepare(`SELECT * FROM backup_mass_change ${where} ORDER BY at DESC LIMIT 500`)
      .all(...(plan === undefined ? [] : [plan]))
      .map((row) => massRow.parse(row));
  }

  /** What earlier runs of a type changed, the last first; runs with an alarm say nothing. */
  changeHistory(plan: string, type: string): ChangeStats[] {
    return this.#db
      .prepare(
        `SELECT stats FROM backup_change AS c WHERE plan = ? AND type = ? AND NOT EXISTS
           (SELECT 1 FROM backup_mass_change AS m WHERE m.point_id = c.point_id)
         ORDER BY at DESC LIMIT ${HISTORY}`,
      )
      .all(plan, type)
      .map((row) => statsRow.parse(row).stats);
  }

  /** The latest time that the clock ever showed; null when nobody looked yet. */
  latestNow(): number | null {
    const row = latestRow.safeParse(this.#db.prepare('SELECT latest_ms FROM backup_clock').get());
    return row.success ? row.data.latest_ms : null;
  }

  /** Remembers what the clock shows, if it is later than ever. */
  sawClock(now: number): void {
    this.#db
      .prepare(
        `INSERT INTO backup_clock (id, latest_ms) VALUES (1, ?)
         ON CONFLICT (id) DO UPDATE SET latest_ms = excluded.latest_ms WHERE excluded.latest_ms > latest_ms`,
      )
      .run(now);
  }

  /** An operator says that the clock is right now. */
  acceptClock(
    plan: string,
    at: number,
    said: { readonly who: string; readonly why: string },
    acceptedSeq: number,
    distrusted: readonly string[],
  ): void {
    this.#db.transaction(() => {
      this.#db
        .prepare(
          'INSERT INTO backup_clock (id, latest_ms) VALUES (1, @at) ON CONFLICT (id) DO UPDATE SET latest_ms = @at',
        )
        .run({ at });
      this.#db
        .prepare(
          `INSERT INTO backup_clock_accepted (plan, at, who, why, accepted_seq, distrusted)
           VALUES (?, ?, ?, ?, ?, ?)`,
        )
        .run(plan, at, said.who, said.why, acceptedSeq, JSON.stringify(distrusted));
    })();
  }

  /** What operators said about a plan's times so far. */
  accepted(plan: string): { readonly acceptedSeq: number; readonly distrusted: ReadonlySet<string> } {
    const rows = this.#db
      .prepare('SELECT accepted_seq, distrusted FROM backup_clock_accepted WHERE plan = ?')
      .all(plan)
      .map((row) => acceptedRow.parse(row));
    return {
      acceptedSeq: Math.max(0, ...rows.map((row) => row.accepted_seq)),
      distrusted: new Set(rows.flatMap((row) => row.distrusted)),
    };
  }

  /** Bytes that rolling verification read of a plan on a day (days since 1970, UTC). */
  rolledBytes(plan: string, day: number): number {
    const row = bytesRow.safeParse(
      this.#db.prepare('SELECT bytes FROM backup_rolling WHERE plan = ? AND day = ?').get(plan, day),
    );
    return row.success ? row.data.bytes : 0;
  }

  addRolled(plan: string, day: number, bytes: number): void {
    this.#db
      .prepare(
        `INSERT INTO backup_rolling (plan, day, bytes) VALUES (?, ?, ?)
         ON CONFLICT (plan, day) DO UPDATE SET bytes = bytes + excluded.bytes`,
      )
      .run(plan, day, bytes);
  }
}
