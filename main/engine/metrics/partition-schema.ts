import type { Migration } from '../storage/migrations.ts';

/** Page size of partitions: with pages much larger than a chunk little room is left over at their ends. */
export const PARTITION_PAGE_SIZE = 16_384;

/**
 * A chunk's number is `series × CHUNK_STRIDE + milliseconds since the partition's start`: a series' chunks lie beside
 * each other in order of time, and need no index. The stride holds a whole day and keeps numbers exact up to
 * 67 million series.
 */
export const CHUNK_STRIDE = 2 ** 27;

/**
 * The epoch of partitions that hold imported samples. It is that of no head, so that no such partition is ever taken
 * for a window that the head has sealed.
 */
export const IMPORTED_EPOCH = 0x7fff_ffff;

/**
 * The schema of a partition (docs/metrics-format.md, "Partition file"). A published step never changes. Steps are taken for
 * new files only: a partition never changes, so one of an older schema is read as it is.
 */
export const partitionMigrations: readonly Migration[] = [
  {
    version: 1,
    up: (db) => {
      db.exec(`
        CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE label (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL,
          value TEXT NOT NULL,
          series BLOB NOT NULL
        );
        CREATE TABLE series (id INTEGER PRIMARY KEY, labels BLOB NOT NULL);
        CREATE TABLE chunk (id INTEGER PRIMARY KEY, span INTEGER NOT NULL, data BLOB NOT NULL);
      `);
    },
  },
  {
    version: 2,
    up: (db) => db.exec('CREATE TABLE attribute (key TEXT NOT NULL, value TEXT NOT NULL)'),
  },
];
