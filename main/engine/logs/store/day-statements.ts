import type { WritableDb } from '../../storage/sqlite.ts';
import { SEGMENT_COLUMNS } from '../terms/segments.ts';

/** The statements with which a day file is written, prepared once. */
export function dayStatements(db: WritableDb) {
  return {
    allFormats: db.prepare('SELECT id, spec, zone FROM format'),
    allPending: db.prepare(
      `SELECT file, stream, count(*) AS events, sum(length(raw)) AS bytes, max(format) AS format
       FROM pending GROUP BY file, stream`,
    ),
    allSegments: db.prepare(`SELECT ${SEGMENT_COLUMNS} FROM term_segment`),
    lastSegment: db.prepare('SELECT max(id) AS last FROM term_segment'),
    lastBlock: db.prepare('SELECT max(id) AS last FROM block'),
    addSegment: db.prepare(
      `INSERT INTO term_segment (${SEGMENT_COLUMNS})
       VALUES (@id, @first_block, @last_block, @hash_bits, @terms, @pages, @crc)`,
    ),
    addPage: db.prepare('INSERT INTO term_page (id, data) VALUES (?, ?)'),
    dropPages: db.prepare('DELETE FROM term_page WHERE id BETWEEN ? AND ?'),
    dropSegment: db.prepare('DELETE FROM term_segment WHERE id = ?'),
    allStreams: db.prepare('SELECT id, name FROM stream'),
    addStream: db.prepare('INSERT INTO stream (name) VALUES (?)'),
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
      `INSERT INTO pending (file, offset, format, time, level, flags, raw, stream, end_offset, changes)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    pendingOf: db.prepare(
      `SELECT offset, end_offset AS "end", time, level, flags, raw, changes
       FROM pending WHERE file = ? AND stream = ? ORDER BY offset`,
    ),
    dropPending: db.prepare('DELETE FROM pending WHERE file = ? AND stream = ?'),
    addBlock: db.prepare(
      `INSERT INTO block (file, format, first_offset, last_offset, min_time, max_time, events,
         unknown, trace, debug, info, warn, error, fatal, arrival, stream)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    addData: db.prepare(
      'INSERT INTO block_data (id, layout, codec, raw_bytes, crc, data) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    addSummary: db.prepare(
      `INSERT INTO summary (id, day, min_time, max_time, events, raw_bytes, last_arrival)
       VALUES (1, @day, @minTime, @maxTime, @events, @bytes, @nowMs)
       ON CONFLICT (id) DO UPDATE SET min_time = min(min_time, excluded.min_time),
         max_time = max(max_time, excluded.max_time), events = events + excluded.events,
         raw_bytes = raw_bytes + excluded.raw_bytes, last_arrival = max(last_arrival, excluded.last_arrival)`,
    ),
  };
}

export type DayStatements = ReturnType<typeof dayStatements>;
