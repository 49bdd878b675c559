import type { WritableDb } from '../storage/sqlite.ts';

/** Every statement on the head file, in one place, prepared once. */
export function prepareHeadStatements(db: WritableDb) {
  return {
    getMeta: db.prepare<[string], number>('SELECT value FROM meta WHERE key = ?').pluck(),
    setMeta: db.prepare<[string, number]>(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    ),

    dropMeta: db.prepare<[string]>('DELETE FROM meta WHERE key = ?'),

    sealing: db.prepare<[], string>('SELECT file FROM sealing').pluck(),
    addSealing: db.prepare<[string]>('INSERT INTO sealing (file) VALUES (?) ON CONFLICT DO NOTHING'),
    dropSealing: db.prepare<[]>('DELETE FROM sealing'),

    addSeries: db.prepare<[number, Uint8Array]>('INSERT INTO series (ref, labels) VALUES (?, ?)'),
    allSeries: db.prepare<[], { ref: number; labels: Uint8Array }>(
      'SELECT ref, labels FROM series ORDER BY ref',
    ),
    dropSeries: db.prepare<[number]>('DELETE FROM series WHERE ref = ?'),

    addRow: db.prepare<[number, Uint8Array]>('INSERT INTO wal (id, data) VALUES (?, ?)'),
    rowsAfter: db.prepare<[number, number], { id: number; data: Uint8Array }>(
      'SELECT id, data FROM wal WHERE id > ? ORDER BY id LIMIT ?',
    ),
    bytesOfRows: db
      .prepare<[number, number], number>(
        'SELECT coalesce(sum(length(data)), 0) FROM wal WHERE id > ? AND id <= ?',
      )
      .pluck(),
    allRows: db.prepare<[], { id: number; data: Uint8Array }>('SELECT id, data FROM wal ORDER BY id'),
    dropRows: db.prepare<[number]>('DELETE FROM wal WHERE id < ?'),

    addChunk: db.prepare<[number, number, number, number, Uint8Array]>(
      'INSERT INTO chunk (series, start, end, samples, data) VALUES (?, ?, ?, ?, ?)',
    ),
    /** Samples in chunks that begin at or after a time. */
    countSamples: db
      .prepare<[number], number>(
        'SELECT coalesce(sum(samples), 0) FROM chunk INDEXED BY chunk_series WHERE start >= ?',
      )
      .pluck(),
    countChunks: db
      .prepare<[number], number>('SELECT count(*) FROM chunk INDEXED BY chunk_series WHERE start >= ?')
      .pluck(),
    /** Newest sample of each series that has chunks; answered from the index alone. */
    lastOfSeries: db.prepare<[], { series: number; last: number }>(
      'SELECT series, max(end) AS last FROM chunk GROUP BY series',
    ),
    /** Series with chunks that begin in [from, to). */
    seriesBetween: db
      .prepare<[number, number], number>(
        'SELECT DISTINCT series FROM chunk INDEXED BY chunk_series WHERE start >= ? AND start < ?',
      )
      .pluck(),
    chunksBetween: db.prepare<[number, number, number], { start: number; end: number; data: Uint8Array }>(
      'SELECT start, end, data FROM chunk WHERE series = ? AND start >= ? AND start < ? ORDER BY start',
    ),
    oldestChunk: db
      .prepare<[number], number | null>(
        'SELECT min(start) FROM chunk INDEXED BY chunk_series WHERE start >= ?',
      )
      .pluck(),
    /** Parameters: time, how many. Found in the index, so that no data is read. */
    dropChunks: db.prepare<[number, number]>(
      `DELETE FROM chunk WHERE id IN
         (SELECT id FROM chunk INDEXED BY chunk_series WHERE start < ? LIMIT ?)`,
    ),

    describe: db.prepare<[string, string, string, string]>(
      `INSERT INTO metadata (name, type, help, unit) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET type = excluded.type, help = excluded.help, unit = excluded.unit`,
    ),
    allMetadata: db.prepare<[], { name: string; type: string; help: string; unit: string }>(
      'SELECT name, type, help, unit FROM metadata',
    ),
  };
}

export type HeadStatements = ReturnType<typeof prepareHeadStatements>;
