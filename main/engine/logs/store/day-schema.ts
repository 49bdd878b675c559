import type { Migration } from '../../storage/migrations.ts';
import type { WritableDb } from '../../storage/sqlite.ts';

/** The schema of a day file, step by step (docs/logs-format.md). A published step never changes. */
export const dayMigrations: readonly Migration[] = [
  {
    version: 1,
    up: (db) => {
      db.exec(`
        CREATE TABLE summary (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          day TEXT NOT NULL,
          min_time INTEGER NOT NULL,
          max_time INTEGER NOT NULL,
          events INTEGER NOT NULL,
          raw_bytes INTEGER NOT NULL,
          last_arrival INTEGER NOT NULL
        );
        CREATE TABLE source (
          id TEXT PRIMARY KEY,
          name TEXT NOT NULL,
          host TEXT NOT NULL,
          first_scan INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE file (
          id INTEGER PRIMARY KEY,
          key TEXT NOT NULL UNIQUE,
          source TEXT NOT NULL,
          path TEXT NOT NULL,
          head_len INTEGER NOT NULL,
          head_hash BLOB NOT NULL,
          offset INTEGER NOT NULL,
          tail_hash BLOB NOT NULL,
          lines INTEGER NOT NULL,
          mtime INTEGER NOT NULL,
          finished INTEGER NOT NULL,
          prev TEXT,
          place TEXT NOT NULL
        );
        CREATE TABLE format (
          id INTEGER PRIMARY KEY,
          spec TEXT NOT NULL,
          zone TEXT NOT NULL,
          UNIQUE (spec, zone)
        );
        CREATE TABLE block (
          id INTEGER PRIMARY KEY,
          file INTEGER NOT NULL REFERENCES file (id),
          format INTEGER NOT NULL REFERENCES format (id),
          first_offset INTEGER NOT NULL,
          last_offset INTEGER NOT NULL,
          min_time INTEGER NOT NULL,
          max_time INTEGER NOT NULL,
          events INTEGER NOT NULL,
          unknown INTEGER NOT NULL,
          trace INTEGER NOT NULL,
          debug INTEGER NOT NULL,
          info INTEGER NOT NULL,
          warn INTEGER NOT NULL,
          error INTEGER NOT NULL,
          fatal INTEGER NOT NULL,
          arrival INTEGER NOT NULL
        );
        CREATE INDEX block_time ON block (max_time, min_time);
        CREATE INDEX block_place ON block (file, first_offset);
        CREATE TABLE block_data (
          id INTEGER PRIMARY KEY REFERENCES block (id),
          layout INTEGER NOT NULL,
          codec INTEGER NOT NULL,
          raw_bytes INTEGER NOT NULL,
          crc INTEGER NOT NULL,
          data BLOB NOT NULL
        );
        CREATE VIRTUAL TABLE block_text USING fts5(body, content='', detail=none, columnsize=0, tokenize='ascii');
        CREATE TABLE pending (
          file INTEGER NOT NULL REFERENCES file (id),
          offset INTEGER NOT NULL,
          format INTEGER NOT NULL REFERENCES format (id),
          time INTEGER NOT NULL,
          level INTEGER NOT NULL,
          flags INTEGER NOT NULL,
          raw BLOB NOT NULL,
          PRIMARY KEY (file, offset)
        ) WITHOUT ROWID;
      `);
    },
  },
  {
    // Streams, changes and ends of lines; an index of our own in the place of FTS5, whose pages are then free for it.
    version: 2,
    up: (db) => {
      db.exec(`
        DROP TABLE block_text;
        CREATE TABLE stream (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE
        );
        INSERT INTO stream (id, name) VALUES (0, '');
        ALTER TABLE block ADD COLUMN stream INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE pending ADD COLUMN stream INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE pending ADD COLUMN end_offset INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE pending ADD COLUMN changes TEXT;
        UPDATE pending SET end_offset = offset + length(raw) + 1 + (flags & 32 <> 0);
        CREATE TABLE term_segment (
          id INTEGER PRIMARY KEY,
          first_block INTEGER NOT NULL,
          last_block INTEGER NOT NULL,
          hash_bits INTEGER NOT NULL,
          terms INTEGER NOT NULL,
          pages INTEGER NOT NULL,
          crc INTEGER NOT NULL
        );
        CREATE TABLE term_page (
          id INTEGER PRIMARY KEY,
          data BLOB NOT NULL
        );
      `);
    },
  },
];

/**
 * Small pages waste least on blocks of some five kilobytes: with 8192 bytes a third of the file was empty. Cannot be
 * changed later.
 */
export function prepareDayFile(db: WritableDb): void {
  db.pragma('page_size = 4096');
}
