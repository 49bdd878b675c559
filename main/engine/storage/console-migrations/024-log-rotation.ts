import type { Migration } from '../migrations.ts';

/** Policies, rotations, archived segments and their signed checkpoints (docs/log-rotation.md). */
export const logRotationMigration: Migration = {
  version: 24,
  up: (db) => {
    db.exec(`
      CREATE TABLE rotation_policy (
        name TEXT PRIMARY KEY,
        data TEXT NOT NULL CHECK (json_valid(data))
      ) WITHOUT ROWID;

      -- Since when a file has not been rotated: the last rotation, or when a policy first saw it.
      CREATE TABLE rotation_file (
        path TEXT PRIMARY KEY,
        since_ms INTEGER NOT NULL
      ) WITHOUT ROWID;

      CREATE TABLE rotation (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        policy TEXT NOT NULL,
        path TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('running', 'failed', 'done')),
        data TEXT NOT NULL CHECK (json_valid(data))
      );
      CREATE INDEX rotation_open ON rotation (state) WHERE state <> 'done';
      CREATE INDEX rotation_policy_seq ON rotation (policy, seq);

      CREATE TABLE rotation_segment (
        id TEXT PRIMARY KEY,
        policy TEXT NOT NULL,
        source TEXT NOT NULL,
        file TEXT NOT NULL UNIQUE,
        rotated_ms INTEGER NOT NULL,
        stored_bytes INTEGER NOT NULL,
        data TEXT NOT NULL CHECK (json_valid(data))
      ) WITHOUT ROWID;
      CREATE INDEX rotation_segment_source ON rotation_segment (source, rotated_ms);

      CREATE TABLE rotation_checkpoint (
        n INTEGER PRIMARY KEY,
        line TEXT NOT NULL
      );

      -- Retention of the log store, per stream; the empty name is the default stream.
      CREATE TABLE log_stream_retention (
        stream TEXT PRIMARY KEY,
        data TEXT NOT NULL CHECK (json_valid(data))
      ) WITHOUT ROWID;
    `);
  },
};
