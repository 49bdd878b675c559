import type { Migration } from '../migrations.ts';

/** Pipelines, masking rules and outputs of logs (docs/log-pipelines.md). */
export const logPipelinesMigration: Migration = {
  version: 28,
  up: (db) => {
    db.exec(`
      CREATE TABLE log_pipeline (
        id TEXT PRIMARY KEY,
        position INTEGER NOT NULL,
        body TEXT NOT NULL CHECK (json_valid(body))
      ) WITHOUT ROWID;
      CREATE TABLE log_masking (
        id TEXT PRIMARY KEY,
        body TEXT NOT NULL CHECK (json_valid(body))
      );
      CREATE TABLE log_output (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        config TEXT NOT NULL CHECK (json_valid(config)),
        paused INTEGER NOT NULL DEFAULT 0
      );
    `);
  },
};
