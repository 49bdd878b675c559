import { crc32 } from 'node:zlib';
import { ok, type Result } from '#shared/errors/index.ts';
import { openWritable, type WritableDb } from '../../storage/sqlite.ts';
import {
  BLOCK_BYTES,
  BLOCK_EVENTS,
  type FilePosition,
  type FormatSpec,
  type IncomingLine,
  LEVELS,
  type StoredSource,
} from '../model.ts';
import type { LineParser } from '../parse/parser.ts';
import { encodeBlock, LAYOUT } from './block.ts';
import { pack } from './codec.ts';
import { dayMigrations, prepareDayFile } from './day-schema.ts';
import { dayPath } from './paths.ts';
import { decodedText } from './text-extra.ts';
import { indexText } from './text-index.ts';
import type { FileRow } from './writer.ts';

/** A run of consecutive lines of one log file that go to one day file, and the position after them. */
export type Segment = {
  readonly day: string;
  readonly source: StoredSource;
  readonly format: FormatSpec;
  /** May be empty, when only the position changes. */
  readonly lines: readonly IncomingLine[];
  readonly position: FilePosition;
};

type Pending = { events: number; bytes: number; format: number };

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
  readonly #parserOf: (format: FormatSpec) => LineParser;
  readonly #formats = new Map<string, number>();
  readonly #specs = new Map<number, FormatSpec>();
  readonly #sources = new Map<string, string>();
  readonly #pending = new Map<number, Pending>();
  readonly #run: ReturnType<typeof statements>;

  private constructor(
    day: string,
    path: string,
    db: WritableDb,
    parserOf: (format: FormatSpec) => LineParser,
  ) {
    this.day = day;
    this.path = path;
    this.#db = db;
    this.#parserOf = parserOf;
    this.#run = statements(db);
    for (const row of this.#run.allFormats.all() as { id: number; spec: string; zone: string }[])
      this.#know(row);
    for (const row of this.#run.allPending.all() as ({ file: number } & Pending)[])
      this.#pending.set(row.file, { events: row.events, bytes: row.bytes, format: row.format });
  }

  /** Opens or makes the file of a day. */
  static open(folder: string, day: string, parserOf: (format: FormatSpec) => LineParser): Result<DayWriter> {
    const path = dayPath(folder, day);
    const opened = openWritable(path, {
      migrations: dayMigrations,
      synchronous: 'FULL',
      prepareNew: prepareDayFile,
    });
    return opened.ok ? ok(new DayWriter(day, path, opened.value, parserOf)) : opened;
  }

  /** Stores segments and their positions in one transaction, in the order given. */
  commit(segments: readonly Segment[], nowMs: number): void {
    this.writtenAt = nowMs;
    this.#db
      .transaction(() => {
        for (const segment of segments) {
          this.putSource(segment.source, nowMs);
          const file = this.#putFile(segment.position);
          if (segment.lines.length > 0) this.#putLines(file, segment, nowMs);
        }
      })
      .immediate();
  }

  /** Turns pending rows into blocks, for a day that is over, and empties the write-ahead log. */
  seal(nowMs: number): void {
    if (this.#pending.size > 0)
      this.#db
        .transaction(() => {
          for (const [file, pending] of [...this.#pending]) this.#sealFile(file, pending.format, nowMs);
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

  close(): void {
    this.#db.close();
  }

  #know(row: { id: number; spec: string; zone: string }): void {
    this.#formats.set(`${row.zone}\0${row.spec}`, row.id);
    this.#specs.set(row.id, { spec: row.spec, zone: row.zone });
  }

  #formatId(format: FormatSpec): number {
    const known = this.#formats.get(`${format.zone}\0${format.spec}`);
    if (known !== undefined) return known;
    const id = Number(this.#run.addFormat.run(format.spec, format.zone).lastInsertRowid);
    this.#know({ id, ...format });
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

  #putLines(file: number, segment: Segment, nowMs: number): void {
    const format = this.#formatId(segment.format);
    let lines: readonly IncomingLine[] = segment.lines;
    const waiting = this.#pending.get(file);
    const bytes = lines.reduce((sum, line) => sum + line.raw.length, 0);
    if (waiting && waiting.format !== format) this.#sealFile(file, waiting.format, nowMs);
    const before = this.#pending.get(file);
    const full =
      (before?.events ?? 0) + lines.length >= BLOCK_EVENTS || (before?.bytes ?? 0) + bytes >= BLOCK_BYTES;
    if (full && before) lines = [...this.#takePending(file), ...lines];
    let from = 0;
    if (full) {
      for (let to = blockEnd(lines, from); to !== null; to = blockEnd(lines, from)) {
        this.#putBlock(file, format, lines.slice(from, to), nowMs);
        from = to;
      }
    }
    const rest = from === 0 ? lines : lines.slice(from);
    const left = this.#pending.get(file) ?? { events: 0, bytes: 0, format };
    for (const line of rest) {
      this.#run.addPending.run(file, line.offset, format, line.time, line.level, line.flags, line.raw);
      left.events += 1;
      left.bytes += line.raw.length;
    }
    if (left.events > 0) this.#pending.set(file, left);
    let minTime = Number.POSITIVE_INFINITY;
    let maxTime = Number.NEGATIVE_INFINITY;
    for (const line of segment.lines) {
      if (line.time < minTime) minTime = line.time;
      if (line.time > maxTime) maxTime = line.time;
    }
    this.#run.addSummary.run({
      day: this.day,
      minTime,
      maxTime,
      events: segment.lines.length,
      bytes,
      nowMs,
    });
  }

  #takePending(file: number): readonly IncomingLine[] {
    const rows = this.#run.pendingOf.all(file) as Omit<IncomingLine, 'text'>[];
    this.#run.dropPending.run(file);
    this.#pending.delete(file);
    return rows.map((row) => ({ ...row, text: row.raw.toString('utf8') }));
  }

  #sealFile(file: number, format: number, nowMs: number): void {
    this.#putBlock(file, format, this.#takePending(file), nowMs);
  }

  #putBlock(file: number, format: number, lines: readonly IncomingLine[], nowMs: number): void {
    const first = lines[0];
    const last = lines[lines.length - 1];
    if (!first || !last) return;
    const levels = new Array<number>(LEVELS.length).fill(0);
    let minTime = first.time;
    let maxTime = first.time;
    for (const line of lines) {
      if (line.time < minTime) minTime = line.time;
      if (line.time > maxTime) maxTime = line.time;
      levels[line.level] = (levels[line.level] ?? 0) + 1;
    }
    const id = Number(
      this.#run.addBlock.run(
        file,
        format,
        first.offset,
        last.offset,
        minTime,
        maxTime,
        lines.length,
        ...levels,
        nowMs,
      ).lastInsertRowid,
    );
    const data = encodeBlock(lines, first.offset, minTime);
    const packed = pack(data);
    this.#run.addData.run(id, LAYOUT, packed.codec, data.length, crc32(data), packed.data);
    this.#run.addText.run(id, this.#textOf(format, lines));
  }

  #textOf(formatId: number, lines: readonly IncomingLine[]): string {
    const format = this.#specs.get(formatId) ?? { spec: 'plain', zone: 'UTC' };
    const parser = this.#parserOf(format);
    const texts: string[] = [];
    for (const line of lines) {
      texts.push(line.text);
      const decoded = decodedText(line.text, format, parser);
      if (decoded !== '') texts.push(decoded);
    }
    return indexText(texts.join('\n'));
  }
}

/** Where the block that begins at `from` is full; null when the lines do not fill one. */
function blockEnd(lines: readonly IncomingLine[], from: number): number | null {
  let bytes = 0;
  for (let to = from; to < lines.length; to += 1) {
    bytes += lines[to]?.raw.length ?? 0;
    if (to + 1 - from === BLOCK_EVENTS || bytes >= BLOCK_BYTES) return to + 1;
  }
  return null;
}

function statements(db: WritableDb) {
  return {
    allFormats: db.prepare('SELECT id, spec, zone FROM format'),
    allPending: db.prepare(
      'SELECT file, count(*) AS events, sum(length(raw)) AS bytes, max(format) AS format FROM pending GROUP BY file',
    ),
    addFormat: db.prepare('INSERT INTO format (spec, zone) VALUES (?, ?)'),
    putSource: db.prepare(
      `INSERT INTO source (id, name, host, first_scan) VALUES (@id, @name, @host, @nowMs)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, host = excluded.host`,
    ),
    putFile: db.prepare(
      `INSERT INTO file (key, source, path, head_len, head_hash, offset, tail_hash, lines, mtime, finished, prev, place)
       VALUES (@key, @sourceId, @path, @headLength, @headHash, @offset, @tailHash, @lines, @mtimeMs, @finished, @prev, @place)
       ON CONFLICT (key) DO UPDATE SET path = excluded.path, head_len = excluded.head_len,
         head_hash = excluded.head_hash, offset = excluded.offset, tail_hash = excluded.tail_hash,
         lines = excluded.lines, mtime = excluded.mtime, finished = excluded.finished, place = excluded.place
       RETURNING id`,
    ),
    addPending: db.prepare(
      'INSERT INTO pending (file, offset, format, time, level, flags, raw) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    pendingOf: db.prepare(
      'SELECT offset, time, level, flags, raw FROM pending WHERE file = ? ORDER BY offset',
    ),
    dropPending: db.prepare('DELETE FROM pending WHERE file = ?'),
    addBlock: db.prepare(
      `INSERT INTO block (file, format, first_offset, last_offset, min_time, max_time, events,
         unknown, trace, debug, info, warn, error, fatal, arrival)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    addData: db.prepare(
      'INSERT INTO block_data (id, layout, codec, raw_bytes, crc, data) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    addText: db.prepare('INSERT INTO block_text (rowid, body) VALUES (?, ?)'),
    addSummary: db.prepare(
      `INSERT INTO summary (id, day, min_time, max_time, events, raw_bytes, last_arrival)
       VALUES (1, @day, @minTime, @maxTime, @events, @bytes, @nowMs)
       ON CONFLICT (id) DO UPDATE SET min_time = min(min_time, excluded.min_time),
         max_time = max(max_time, excluded.max_time), events = events + excluded.events,
         raw_bytes = raw_bytes + excluded.raw_bytes, last_arrival = max(last_arrival, excluded.last_arrival)`,
    ),
  };
}
