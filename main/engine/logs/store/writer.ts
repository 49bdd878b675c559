import { existsSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { openReadable, sqliteError } from '../../storage/sqlite.ts';
import type { FilePosition, StoredSource } from '../model.ts';
import { dayName } from '../model.ts';
import type { IndexOutcome } from '../terms/job.ts';
import { type IndexJob, type IndexMoment, planIndex } from '../terms/plan.ts';
import { DayWriter, type Segment } from './day.ts';
import type { FreshTexts } from './fresh-texts.ts';
import { IndexWork } from './index-work.ts';
import { dayPath, listDays } from './paths.ts';
import { StoreReader } from './reader.ts';
import { type DayFacts, streamsOf } from './retention.ts';

const OPEN_DAYS = 8;
const FULL_BELOW_BYTES = 512 * 1024;

/** What the day files know about sources and log files. */
export type KnownFiles = {
  readonly positions: Map<string, FilePosition>;
  /** Sources whose files have been listed before. */
  readonly scanned: Set<string>;
  /** The newest time of a line of each source, as far as the newest day tells. */
  readonly lastEvent: Map<string, number>;
};

/** Writes the day files of a folder. One instance a folder. */
export class StoreWriter {
  readonly #folder: string;
  readonly #onDamage: (error: AppError) => void;
  /** Open files, the one used longest ago first. */
  readonly #open = new Map<string, DayWriter>();
  readonly #indexing = new IndexWork();
  /** The day that lines were stored in last. */
  #writing = '';
  readonly #texts: FreshTexts | null;
  /** How often what a day's file held was given up: what was made of an earlier one is not of the present one. */
  readonly #givenUp = new Map<string, number>();

  /**
   * @param onDamage hears of day files that had to be set aside
   * @param texts takes the texts of blocks on their way into a day file
   */
  constructor(folder: string, onDamage: (error: AppError) => void, texts: FreshTexts | null = null) {
    this.#folder = folder;
    this.#texts = texts;
    this.#onDamage = onDamage;
  }

  /** Reads the positions of all log files: for each key the row that is farthest, the latest of equals. */
  known(nowMs: number): Result<KnownFiles> {
    const positions = new Map<string, FilePosition>();
    const scanned = new Set<string>();
    const lastEvent = new Map<string, number>();
    const days = listDays(this.#folder);
    for (const day of days) {
      const writer = this.#day(day, nowMs);
      if (!writer.ok) return err(this.#explain(day, writer.error));
      let rows: { readonly files: readonly FileRow[]; readonly sources: readonly string[] };
      try {
        rows = writer.value.registers();
        if (day < dayName(nowMs)) writer.value.seal(nowMs);
        const { segments, lastBlock } = writer.value.indexed();
        if (planIndex(segments, lastBlock, momentOf(day, dayName(nowMs))) !== null)
          this.#indexing.changed(day);
        if (day === days[days.length - 1])
          for (const { source, time } of writer.value.lastTimes()) lastEvent.set(source, time);
      } catch (thrown) {
        const error = sqliteError(dayPath(this.#folder, day), thrown);
        if (error.code !== 'DATABASE_DAMAGED') return err(this.#explain(day, error));
        this.#setAside(day, nowMs);
        continue;
      }
      for (const row of rows.files) {
        const position = positionOf(row);
        const other = positions.get(position.key);
        if (
          other === undefined ||
          position.offset > other.offset ||
          (position.offset === other.offset && position.mtimeMs >= other.mtimeMs)
        )
          positions.set(position.key, position);
      }
      for (const source of rows.sources) scanned.add(source);
    }
    return ok({ positions, scanned, lastEvent });
  }

  /** A stored line of a log file by where it starts; null when there is none that can be read. */
  lineAt(key: string, offset: number): Buffer | null {
    const store = new StoreReader(this.#folder);
    try {
      const days = store.days();
      for (const day of days.ok ? days.value : []) {
        const heads = day.headsOfFile(key, offset, offset);
        for (const head of heads.ok ? heads.value : []) {
          const lines = head.open();
          const line = lines.ok ? lines.value.find((one) => one.offset === offset) : undefined;
          if (line) return line.raw;
        }
      }
      return null;
    } finally {
      store.close();
    }
  }

  /** Stores segments of one day in one transaction. Nothing of them is stored when it fails. */
  commit(day: string, segments: readonly Segment[], nowMs: number): Result<object> {
    const writer = this.#day(day, nowMs);
    if (!writer.ok) return err(this.#explain(day, writer.error));
    if (this.#writing !== day) this.#open.get(this.#writing)?.rest();
    this.#writing = day;
    const texts = this.#texts;
    const file = this.#givenUp.get(day) ?? 0;
    try {
      writer.value.commit(segments, nowMs, texts && ((block, text) => texts.put(day, file, block, text)));
      texts?.end(true);
      this.#indexing.changed(day);
      return ok({});
    } catch (thrown) {
      texts?.end(false);
      // First of all, and whatever was thrown: the open file's caches are ahead of it, and blocks that were handed out are not stored.
      this.#drop(day);
      this.#disown(day);
      const error = sqliteError(dayPath(this.#folder, day), thrown);
      if (error.code === 'DATABASE_DAMAGED') this.#setAside(day, nowMs);
      return err(this.#explain(day, error));
    }
  }

  /** Notes that a source's files have been listed, so that a restart does not take it for new. */
  noteScan(source: StoredSource, nowMs: number): Result<object> {
    const day = dayName(nowMs);
    const writer = this.#day(day, nowMs);
    if (!writer.ok) return err(this.#explain(day, writer.error));
    try {
      writer.value.putSource(source, nowMs);
      return ok({});
    } catch (thrown) {
      this.#drop(day);
      return err(this.#explain(day, sqliteError(dayPath(this.#folder, day), thrown)));
    }
  }

  /**
   * What is to be done next for the index; null when nothing is, or the file of a day could not be looked at.
   *
   * @param today the day that is being written; all before it are over
   * @param reading whether more lines are about to be stored
   */
  nextIndexJob(today: string, reading: boolean): IndexOrder | null {
    const next = this.#indexing.next(reading, (day) =>
      this.#indexJob(day, reading ? 'reading' : momentOf(day, today)),
    );
    return next && { ...next, file: this.#givenUp.get(next.day) ?? 0 };
  }

  #indexJob(day: string, moment: IndexMoment): Result<IndexJob | null> {
    const writer = this.#day(day, 0);
    if (!writer.ok) return writer;
    try {
      const { segments, lastBlock } = writer.value.indexed();
      return ok(planIndex(segments, lastBlock, moment));
    } catch (thrown) {
      this.#drop(day);
      // Anything but a failure of SQLite is a bug and goes on up; the commit that follows says what is wrong.
      return err(sqliteError(dayPath(this.#folder, day), thrown));
    }
  }

  /**
   * Stores what an index job made, or takes out damaged segments; what was covered by those is indexed anew.
   *
   * @param file the order's; nothing is stored when the state it was given for is no more
   */
  putIndex(outcome: IndexOutcome, file: number | null): Result<object> {
    const { day, built, obsolete } = outcome;
    if (file !== null && file !== (this.#givenUp.get(day) ?? 0)) return ok({});
    if (!existsSync(dayPath(this.#folder, day))) return ok({});
    const writer = this.#day(day, 0);
    if (!writer.ok) return err(this.#explain(day, writer.error));
    try {
      writer.value.putIndex(built, obsolete);
      this.#indexing.changed(day);
      return ok({});
    } catch (thrown) {
      const error = sqliteError(dayPath(this.#folder, day), thrown);
      this.#drop(day);
      return err(this.#explain(day, error));
    }
  }

  /** Work on a day's index failed elsewhere: that of other days comes first now. */
  indexFailed(day: string): void {
    this.#indexing.failed(day);
  }

  /** Closes files before `day` that were not written since `idleSince`, after turning their pending rows into blocks. */
  sealIdle(day: string, idleSince: number, nowMs: number): Result<object> {
    for (const open of [...this.#open.values()]) {
      if (open.day >= day || open.writtenAt > idleSince) continue;
      try {
        open.seal(nowMs);
        this.#indexing.changed(open.day);
      } catch (thrown) {
        const error = sqliteError(open.path, thrown);
        this.#drop(open.day);
        return err(this.#explain(open.day, error));
      }
      this.#drop(open.day);
    }
    return ok({});
  }

  /** What retention decides upon. Days that cannot be read are left out: nothing is deleted unread. */
  facts(): readonly DayFacts[] {
    const facts: DayFacts[] = [];
    for (const day of listDays(this.#folder)) {
      const opened = openReadable(dayPath(this.#folder, day));
      if (!opened.ok) continue;
      try {
        const row = opened.value.prepare('SELECT max_time, last_arrival FROM summary').get() as
          | { max_time: number; last_arrival: number }
          | undefined;
        facts.push({
          day,
          maxTime: row?.max_time ?? null,
          lastArrival: row?.last_arrival ?? null,
          streams: streamsOf(opened.value),
        });
      } catch (thrown) {
        // Anything but a failure of SQLite is a bug and goes on up.
        sqliteError(opened.value.name, thrown);
      } finally {
        opened.value.close();
      }
    }
    return facts;
  }

  /**
   * Deletes a day's file, after its positions and sources have been carried into `into`: a log file that still exists
   * must not be read again from its beginning.
   */
  expire(
    day: string,
    into: string,
    positions: ReadonlyMap<string, FilePosition>,
    nowMs: number,
  ): Result<object> {
    const opened = openReadable(dayPath(this.#folder, day));
    if (!opened.ok) return opened;
    let rows: FileRow[];
    let sources: StoredSource[];
    try {
      rows = opened.value.prepare('SELECT * FROM file').all() as FileRow[];
      sources = opened.value.prepare('SELECT id, name, host FROM source').all() as StoredSource[];
    } catch (thrown) {
      return err(sqliteError(opened.value.name, thrown));
    } finally {
      opened.value.close();
    }
    const target = this.#day(into, nowMs);
    if (!target.ok) return err(this.#explain(into, target.error));
    try {
      const carried = rows.map(positionOf).filter((row) => positions.get(row.key)?.offset === row.offset);
      target.value.carry(sources, carried, nowMs);
      this.#giveUp(day);
      for (const suffix of ['-wal', '-shm', ''])
        rmSync(`${dayPath(this.#folder, day)}${suffix}`, { force: true });
      return ok({});
    } catch (thrown) {
      if ((thrown as { readonly code?: unknown }).code === 'EBUSY')
        return err(
          appError('FILE_UNREADABLE', { file: dayPath(this.#folder, day), why: describeThrown(thrown) }),
        );
      this.#drop(into);
      return err(this.#explain(into, sqliteError(dayPath(this.#folder, into), thrown)));
    }
  }

  /**
   * Takes a damaged file out of the way, as it is, under another name. What it held is read again from log files that
   * still hold it, because its positions are gone with it.
   */
  #setAside(day: string, nowMs: number): void {
    this.#giveUp(day);
    const aside = `${dayPath(this.#folder, day)}.damaged-${new Date(nowMs).toISOString().replace(/[:.]/g, '')}`;
    for (const suffix of ['-wal', '-shm']) rmSync(`${dayPath(this.#folder, day)}${suffix}`, { force: true });
    renameSync(dayPath(this.#folder, day), aside);
    this.#onDamage(appError('DATABASE_DAMAGED', { file: aside, why: 'log day set aside' }));
  }

  close(): void {
    for (const day of [...this.#open.keys()]) this.#drop(day);
  }

  #day(day: string, nowMs: number): Result<DayWriter> {
    const open = this.#open.get(day);
    if (open) {
      this.#open.delete(day);
      this.#open.set(day, open);
      return ok(open);
    }
    let opened = DayWriter.open(this.#folder, day);
    if (!opened.ok && opened.error.code === 'DATABASE_DAMAGED') {
      this.#setAside(day, nowMs);
      opened = DayWriter.open(this.#folder, day);
    }
    if (!opened.ok) return opened;
    this.#open.set(day, opened.value);
    const oldest = this.#open.keys().next().value;
    if (this.#open.size > OPEN_DAYS && oldest !== undefined) this.#drop(oldest);
    return opened;
  }

  #giveUp(day: string): void {
    this.#drop(day);
    this.#indexing.gone(day);
    this.#disown(day);
  }

  /** What was handed out of a day's blocks is not of its present blocks: they may be given the same numbers. */
  #disown(day: string): void {
    this.#givenUp.set(day, (this.#givenUp.get(day) ?? 0) + 1);
  }

  #drop(day: string): void {
    const open = this.#open.get(day);
    this.#open.delete(day);
    open?.close();
  }

  /** A full disk shows in several ways (no room for the shared-memory file, for instance); ask the disk itself. */
  #explain(day: string, error: AppError): AppError {
    if (error.code === 'DISK_FULL') return error;
    try {
      const stats = statfsSync(this.#folder);
      if (stats.bavail * stats.bsize < FULL_BELOW_BYTES)
        return appError('DISK_FULL', { file: join(this.#folder, `${day}.db`) }, { detail: error.message.en });
    } catch {
      // The folder itself is gone or unreadable: the first error says so already.
    }
    return error;
  }
}

/** What is to be done for the index of a day, and for which state of its file: another after it was replaced, or a transaction failed. */
export type IndexOrder = {
  readonly day: string;
  readonly job: IndexJob;
  readonly file: number;
};

function momentOf(day: string, today: string): IndexMoment {
  return day < today ? 'over' : 'written';
}

/** A row of the table `file`. */
export type FileRow = {
  key: string;
  source: string;
  path: string;
  head_len: number;
  head_hash: Buffer;
  offset: number;
  tail_hash: Buffer;
  lines: number;
  mtime: number;
  finished: number;
  prev: string | null;
  place: string;
};

function positionOf(row: FileRow): FilePosition {
  return {
    key: row.key,
    sourceId: row.source,
    path: row.path,
    headLength: row.head_len,
    headHash: row.head_hash,
    offset: row.offset,
    tailHash: row.tail_hash,
    lines: row.lines,
    mtimeMs: row.mtime,
    finished: row.finished !== 0,
    prev: row.prev,
    place: row.place,
  };
}
