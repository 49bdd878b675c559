import type { Migration } from '../../storage/migrations.ts';

/** Page size of roll-up files; that of partitions, for the same reason. */
export const ROLLUP_PAGE_SIZE = 16_384;

export const DAY_MS = 86_400_000;

/** The two resolutions, in milliseconds. */
export const FIVE_MINUTES = 300_000;
export const ONE_HOUR = 3_600_000;

/** Milliseconds that a file of hours holds; one of five minutes holds a day. Files begin at multiples of their span. */
export const HOURS_SPAN = 30 * DAY_MS;

/** The schema of a roll-up file (docs/metrics-format.md, "Roll-ups"). A published step never changes. */
export const rollupMigrations: readonly Migration[] = [
  {
    version: 1,
    up: (db) => {
      db.exec(`
        CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE source (name TEXT PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE label (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL,
          value TEXT NOT NULL,
          series BLOB NOT NULL
        );
        CREATE TABLE series (id INTEGER PRIMARY KEY, labels BLOB NOT NULL);
        CREATE TABLE block (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
      `);
    },
  },
];

/** What a roll-up file was made from: the name of a file, and its time in UTC milliseconds. */
export type RollupPart = { readonly name: string; readonly start: number; readonly end: number };

/** What a roll-up file is for: the buckets of one resolution that end in (start, end]. */
export type RollupSpan = {
  readonly resolution: number;
  readonly start: number;
  readonly end: number;
  /** Of two files with the same resolution and start, the higher generation counts. */
  readonly generation: number;
};

const ROLLUP_NAME = /^(?:5m|1h)\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.\d+s(?:\.\d+)?\.db$/;

/** Whether a file name is that of a finished roll-up; what the file holds is said inside it. */
export function isRollupName(name: string): boolean {
  return ROLLUP_NAME.test(name);
}

/** The name of a roll-up file, for people. */
export function rollupName({ resolution, start, end, generation }: RollupSpan): string {
  const iso = new Date(start).toISOString().slice(0, 19).replaceAll(':', '-');
  const copy = generation === 1 ? '' : `.${generation}`;
  return `${resolution === ONE_HOUR ? '1h' : '5m'}.${iso}Z.${(end - start) / 1000}s${copy}.db`;
}
