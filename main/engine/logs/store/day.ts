import { crc32 } from 'node:zlib';
import { ok, type Result } from '#shared/errors/index.ts';
import { freeNow } from '../../platform/large-buffers.ts';
import { openWritable, type WritableDb } from '../../storage/sqlite.ts';
import {
  BLOCK_BYTES,
  BLOCK_EVENTS,
  type FilePosition,
  type FormatSpec,
  type StoredSource,
} from '../model.ts';
import type { BuiltSegment } from '../terms/build.ts';
import type { SegmentRange } from '../terms/plan.ts';
import { PAGE_ROWS, type SegmentRow, segmentChecksum } from '../terms/segments.ts';
import { encodeBlock, LAYOUT } from './block.ts';
import { CODEC, pack } from './codec.ts';
import {
  byStream,
  type ColumnsPart,
  gathered,
  type LineColumns,
  type TextColumns,
  textBytes,
  wholeOf,
} from './columns.ts';
import { dayMigrations, prepareDayFile } from './day-schema.ts';
import { type DayStatements, dayStatements } from './day-statements.ts';
import { eventsOf, fillBlocks, levelCounts, timeSpan, unfilled } from './fill.ts';
import { type JoinedSegment, joined } from './joined.ts';
import { dayPath } from './paths.ts';
import { type PendingLine, pendingLine } from './pending.ts';
import { mayHaveExtra } from './text-extra.ts';
import type { FileRow } from './writer.ts';

/** Hears the text of a block that is being stored, as far as the index wants nothing else of it; it is valid during the call. */
export type BlockListener = (block: number, text: Buffer) => void;

/** A run of consecutive lines of one log file that go to one day file, and the position after them. */
export type Segment = {
  readonly day: string;
  readonly source: StoredSource;
  readonly format: FormatSpec;
  /** There may be none, when only the position changes. */
  readonly lines: LineColumns;
  readonly position: FilePosition;
};

/**
 * Pages in the write-ahead log at which they are carried into the day file: 16 MB. Each time three files are flushed, for which
 * the reading waits; SQLite's own 1000 pages are full after every other transaction.
 */
const CHECKPOINT_PAGES = 4096;
/** Pages in memory: those of one transaction, which would be written before its end otherwise, and looked for again. */
const CACHE_PAGES = 2048;

/** The pending lines of a log file in one stream. */
type Pending = {
  readonly file: number;
  readonly stream: number;
  events: number;
  bytes: number;
  format: number;
};

/**
 * A day file open for writing (docs/logs-format.md). Its methods throw what SQLite throws and leave the file as it
 * was; the caches may be ahead of the file then, so the owner closes this handle and opens another.
 */
export class DayWriter {
  readonly day: string;
  readonly path: string;
  /** When something was last stored through this handle. */
  writtenAt = Number.NEGATIVE_INFINITY;
  readonly #db: WritableDb;
  readonly #formats = new Map<string, number>();
  /** Formats whose lines say nothing besides their characters. */
  readonly #bareFormats = new Set<number>();
  readonly #streams = new Map<string, number>();
  readonly #streamNames = new Map<number, string>();
  readonly #sources = new Map<string, string>();
  readonly #pending = new Map<string, Pending>();
  readonly #run: DayStatements;
  #index: ReturnType<DayWriter['indexed']> | null = null;
  /** Hears of the blocks made in the present transaction; null outside of one. */
  #made: BlockListener | null = null;

  private constructor(day: string, path: string, db: WritableDb) {
    this.day = day;
    this.path = path;
    this.#db = db;
    this.#run = dayStatements(db);
    for (const row of this.#run.allFormats.all() as (FormatSpec & { id: number })[])
      this.#knowFormat(row, row.id);
    for (const row of this.#run.allStreams.all() as { id: number; name: string }[]) this.#knowStream(row);
    for (const row of this.#run.allPending.all() as Pending[]) this.#pending.set(pendingKey(row), row);
  }

  /** Opens or makes the file of a day. */
  static open(folder: string, day: string): Result<DayWriter> {
    const path = dayPath(folder, day);
    const opened = openWritable(path, {
      migrations: dayMigrations,
      synchronous: 'FULL',
      prepareNew: prepareDayFile,
      // The logs of half a year would take twice their space.
      keepCopy: false,
    });
    if (!opened.ok) return opened;
    opened.value.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    opened.value.pragma(`cache_size = ${CACHE_PAGES}`);
    return ok(new DayWriter(day, path, opened.value));
  }

  /**
   * Stores segments and their positions in one transaction, in the order given.
   *
   * @param made hears of blocks before they are stored for good
   */
  commit(segments: readonly Segment[], nowMs: number, made: BlockListener | null = null): void {
    this.writtenAt = nowMs;
    this.#made = made;
    this.#db
      .transaction(() => {
        for (const segment of joined(segments)) {
          this.putSource(segment.source, nowMs);
          const file = this.#putFile(segment.position);
          if (segment.pieces.length > 0) this.#putLines(file, segment, nowMs);
        }
      })
      .immediate();
    this.#made = null;
  }

  /** Gives back the memory of pages that are not looked at any more for the time being, some eight megabytes. */
  rest(): void {
    this.#db.pragma('shrink_memory');
  }

  /** Turns pending rows into blocks, for a day that is over, and empties the write-ahead log. */
  seal(nowMs: number): void {
    if (this.#pending.size > 0)
      this.#db
        .transaction(() => {
          for (const pending of [...this.#pending.values()]) this.#sealPending(pending, nowMs);
        })
        .immediate();
    // Closing does that only for the last connection, and searches keep theirs.
    this.#db.pragma('wal_checkpoint(TRUNCATE)');
  }

  /** The rows of `file`, and the ids of `source`. */
  registers(): { readonly files: readonly FileRow[]; readonly sources: readonly string[] } {
    return {
      files: this.#db.prepare('SELECT * FROM file').all() as FileRow[],
      sources: (this.#db.prepare('SELECT id FROM source').all() as { id: string }[]).map((row) => row.id),
    };
  }

  /** The newest time of a line of each source in this file. */
  lastTimes(): readonly { readonly source: string; readonly time: number }[] {
    return this.#db
      .prepare(
        `SELECT file.source, max(lines.time) AS time FROM file
         JOIN (SELECT file, max_time AS time FROM block UNION ALL SELECT file, time FROM pending) AS lines
           ON lines.file = file.id
         GROUP BY file.source`,
      )
      .all() as { source: string; time: number }[];
  }

  /** Takes over what another day file knew of sources and log files. */
  carry(sources: readonly StoredSource[], positions: readonly FilePosition[], nowMs: number): void {
    this.#db
      .transaction(() => {
        for (const source of sources) this.putSource(source, nowMs);
        for (const position of positions) this.#putFile(position);
      })
      .immediate();
  }

  /** What of the day's blocks is indexed: segments in the order of their blocks, and the last block's number. */
  indexed(): { readonly segments: readonly SegmentRange[]; readonly lastBlock: number } {
    this.#index ??= {
      segments: (this.#run.allSegments.all() as SegmentRow[])
        .map((row) => ({
          id: row.id,
          firstBlock: row.first_block,
          lastBlock: row.last_block,
          terms: row.terms,
        }))
        .sort((a, b) => a.firstBlock - b.firstBlock),
      lastBlock: (this.#run.lastBlock.get() as { last: number | null }).last ?? 0,
    };
    return this.#index;
  }

  /**
   * Stores a segment of the index in the place of others, in one transaction; or only takes those out. It is flushed to the disk with
   * the next lines, or the next checkpoint: an index that a power cut took is made again, and lines need not wait for it.
   */
  putIndex(built: BuiltSegment | null, obsolete: readonly number[]): void {
    this.#index = null;
    this.#db.pragma('synchronous = NORMAL');
    try {
      this.#putIndex(built, obsolete);
    } finally {
      this.#db.pragma('synchronous = FULL');
    }
  }

  #putIndex(built: BuiltSegment | null, obsolete: readonly number[]): void {
    this.#db
      .transaction(() => {
        const { last } = this.#run.lastSegment.get() as { last: number | null };
        for (const id of obsolete) {
          this.#run.dropPages.run(id * PAGE_ROWS, (id + 1) * PAGE_ROWS - 1);
          this.#run.dropSegment.run(id);
        }
        if (built === null) return;
        const row = {
          id: (last ?? 0) + 1,
          first_block: built.firstBlock,
          last_block: built.lastBlock,
          hash_bits: built.hashBits,
          terms: built.terms,
          pages: built.pages.length,
        };
        this.#run.addSegment.run({ ...row, crc: segmentChecksum(row) });
        for (const { key, data } of built.pages) this.#run.addPage.run(row.id * PAGE_ROWS + key, data);
      })
      .immediate();
  }

  close(): void {
    this.#db.close();
  }

  #knowStream(row: { id: number; name: string }): void {
    this.#streams.set(row.name, row.id);
    this.#streamNames.set(row.id, row.name);
  }

  #formatId(format: FormatSpec): number {
    const key = `${format.zone}\0${format.spec}`;
    const known = this.#formats.get(key);
    if (known !== undefined) return known;
    const id = Number(this.#run.addFormat.run(format.spec, format.zone).lastInsertRowid);
    this.#knowFormat(format, id);
    return id;
  }

  #knowFormat(format: FormatSpec, id: number): void {
    this.#formats.set(`${format.zone}\0${format.spec}`, id);
    if (!mayHaveExtra(format)) this.#bareFormats.add(id);
  }

  #streamId(name: string): number {
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    const id = Number(this.#run.addStream.run(name).lastInsertRowid);
    this.#knowStream({ id, name });
    return id;
  }

  /** Notes a source in this file. */
  putSource(source: StoredSource, nowMs: number): void {
    const shown = `${source.name}\0${source.host}`;
    if (this.#sources.get(source.id) === shown) return;
    this.#run.putSource.run({ ...source, nowMs });
    this.#sources.set(source.id, shown);
  }

  #putFile(position: FilePosition): number {
    const row = this.#run.putFile.get({ ...position, finished: position.finished ? 1 : 0 }) as { id: number };
    return row.id;
  }

  #putLines(file: number, segment: JoinedSegment, nowMs: number): void {
    const format = this.#formatId(segment.format);
    for (const pending of [...this.#pending.values()])
      if (pending.file === file && pending.format !== format) this.#sealPending(pending, nowMs);
    const streams = new Map<string, TextColumns[]>();
    for (const lines of segment.pieces)
      for (const [stream, columns] of byStream(lines)) {
        const pieces = streams.get(stream);
        if (pieces) pieces.push(columns);
        else streams.set(stream, [columns]);
      }
    for (const [stream, pieces] of streams)
      this.#putRun({ file, stream: this.#streamId(stream), format }, pieces, nowMs);
    const all = segment.pieces.map(wholeOf);
    const events = eventsOf(all);
    const bytes = all.reduce((sum, part) => sum + textBytes(part), 0);
    this.#run.addSummary.run({ day: this.day, ...timeSpan(all), events, bytes, nowMs });
  }

  /** Stores lines of one log file, stream and format: full blocks, and the rest as pending rows. */
  #putRun(run: BlockRun, pieces: readonly TextColumns[], nowMs: number): void {
    const { file, stream, format } = run;
    const waiting = this.#pending.get(pendingKey(run));
    const parts = pieces.map(wholeOf);
    const bytes = parts.reduce((sum, part) => sum + textBytes(part), 0);
    const isFull =
      (waiting?.events ?? 0) + eventsOf(parts) >= BLOCK_EVENTS ||
      (waiting?.bytes ?? 0) + bytes >= BLOCK_BYTES;
    const { blocks, rest } = isFull
      ? fillBlocks(waiting === undefined ? pieces : [this.#takePending(waiting), ...pieces])
      : unfilled(pieces);
    for (const block of blocks) this.#putBlock(run, block, nowMs);
    const left = this.#pending.get(pendingKey(run)) ?? { file, stream, format, events: 0, bytes: 0 };
    for (const part of rest) {
      this.#addPending(run, part);
      left.events += part.to - part.from;
      left.bytes += textBytes(part);
    }
    if (left.events > 0) this.#pending.set(pendingKey(run), left);
  }

  #addPending({ file, stream, format }: BlockRun, { columns, from, to }: ColumnsPart): void {
    const { offsets, ends, times, levels, flags, starts, stops, data } = columns;
    for (let i = from; i < to; i += 1) {
      const changes = columns.changes?.[i] ?? null;
      this.#run.addPending.run(
        file,
        offsets[i],
        format,
        times[i],
        levels[i],
        flags[i],
        data.subarray(starts[i], stops[i]),
        stream,
        ends[i],
        changes === null ? null : JSON.stringify(changes),
      );
    }
  }

  #takePending(pending: Pending): TextColumns {
    const { file, stream } = pending;
    const rows = this.#run.pendingOf.all(file, stream) as PendingLine[];
    this.#run.dropPending.run(file, stream);
    this.#pending.delete(pendingKey(pending));
    const name = this.#streamNames.get(stream) ?? '';
    return gathered(rows.map((row) => pendingLine(row, name)));
  }

  #sealPending(pending: Pending, nowMs: number): void {
    this.#putBlock(pending, [wholeOf(this.#takePending(pending))], nowMs);
  }

  #putBlock({ file, stream, format }: BlockRun, parts: readonly ColumnsPart[], nowMs: number): void {
    const first = parts[0];
    const last = parts[parts.length - 1];
    const events = eventsOf(parts);
    if (first === undefined || last === undefined || events === 0) return;
    const { minTime, maxTime } = timeSpan(parts);
    const firstOffset = first.columns.offsets[first.from] ?? 0;
    this.#index = null;
    const id = Number(
      this.#run.addBlock.run(
        file,
        format,
        firstOffset,
        last.columns.offsets[last.to - 1],
        minTime,
        maxTime,
        events,
        ...levelCounts(parts),
        nowMs,
        stream,
      ).lastInsertRowid,
    );
    const { data, text } = encodeBlock(parts, firstOffset, minTime);
    const packed = pack(data);
    if (text !== null && this.#bareFormats.has(format)) this.#made?.(id, data.subarray(text));
    this.#run.addData.run(id, LAYOUT, packed.codec, data.length, crc32(data), packed.data);
    // Garbage outside the heap is collected late; a fast reader would pile up a hundred megabytes of it.
    if (packed.codec !== CODEC.stored) freeNow(packed.data);
  }
}

/** Where lines of a block belong, by the numbers of the day file. */
type BlockRun = { readonly file: number; readonly stream: number; readonly format: number };

function pendingKey({ file, stream }: { readonly file: number; readonly stream: number }): string {
  return `${file} ${stream}`;
}
