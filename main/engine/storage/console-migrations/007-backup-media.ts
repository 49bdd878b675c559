import type { Migration } from '../migrations.ts';

/** Removable media with their ledger, the copies of points, and what a rebuild has read already. */
export const backupMediaMigration: Migration = {
  version: 7,
  up: (db) => {
    db.exec(`
      CREATE TABLE backup_medium (
        id TEXT PRIMARY KEY,
        label TEXT NOT NULL,
        pool TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        -- Where it lies when it is not at hand.
        location TEXT NOT NULL,
        mark TEXT CHECK (mark IS NULL OR mark IN ('damaged', 'retired')),
        last_root TEXT,
        last_seen_at INTEGER,
        last_copied_at INTEGER,
        free_bytes INTEGER,
        total_bytes INTEGER
      ) WITHOUT ROWID;

      -- The ledger: where a medium was, who moved it, when. Lines are only ever added.
      CREATE TABLE backup_medium_event (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        medium_id TEXT NOT NULL,
        at INTEGER NOT NULL,
        what TEXT NOT NULL,
        who TEXT NOT NULL,
        place TEXT NOT NULL,
        note TEXT NOT NULL
      );
      CREATE INDEX backup_medium_event_medium ON backup_medium_event (medium_id, seq);

      CREATE TABLE backup_pool (
        name TEXT PRIMARY KEY,
        cycle_days INTEGER NOT NULL
      ) WITHOUT ROWID;

      -- Archives of points besides the one that the run wrote. place: 'medium:ID' or 'folder:PATH'; rel: path in that place.
      CREATE TABLE backup_copy (
        point_id TEXT NOT NULL,
        place TEXT NOT NULL,
        rel TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        copied_at INTEGER,
        verified_at INTEGER,
        state TEXT NOT NULL CHECK (state IN ('intact', 'broken', 'missing')),
        error TEXT CHECK (error IS NULL OR json_valid(error)),
        PRIMARY KEY (point_id, place)
      ) WITHOUT ROWID;
      CREATE INDEX backup_copy_place ON backup_copy (place);

      -- Archives that a rebuild has read: one that has the same name, size, time and trailer need not be read again.
      CREATE TABLE backup_seen (
        name TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ms INTEGER NOT NULL,
        tail_sha256 TEXT NOT NULL,
        point_id TEXT NOT NULL,
        PRIMARY KEY (name, size, mtime_ms, tail_sha256)
      ) WITHOUT ROWID;

      -- The last rebuild, one row; finished_at stays null when it was cut off.
      CREATE TABLE backup_rebuild (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        report TEXT NOT NULL CHECK (json_valid(report))
      );
    `);
  },
};
