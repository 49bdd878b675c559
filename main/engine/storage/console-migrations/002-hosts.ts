import type { Migration } from '../migrations.ts';

/** Tables of the area `hosts` in console.db: the inventory, what is scraped, and the history of states. */
export const hostsMigration: Migration = {
  version: 2,
  up: (db) => {
    db.exec(`
      CREATE TABLE host (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        address TEXT NOT NULL,
        tier TEXT NOT NULL CHECK (tier IN ('presentation', 'business', 'data', 'workstation', 'other')),
        labels TEXT NOT NULL CHECK (json_valid(labels)),
        this_workstation INTEGER NOT NULL CHECK (this_workstation IN (0, 1)),
        added_ms INTEGER NOT NULL,
        last_seen_ms INTEGER
      ) WITHOUT ROWID;
      CREATE INDEX host_address ON host (address);
      CREATE UNIQUE INDEX host_workstation ON host (this_workstation) WHERE this_workstation = 1;

      CREATE TABLE scrape_target (
        id TEXT PRIMARY KEY,
        host_id TEXT NOT NULL REFERENCES host (id) ON DELETE CASCADE,
        config TEXT NOT NULL CHECK (json_valid(config)),
        added_ms INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX scrape_target_host ON scrape_target (host_id);

      -- One row for each stretch of a state; to_ms is null while it lasts.
      CREATE TABLE host_state (
        id INTEGER PRIMARY KEY,
        host_id TEXT NOT NULL REFERENCES host (id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK (state IN ('up', 'down', 'unreachable', 'not_watched')),
        from_ms INTEGER NOT NULL,
        to_ms INTEGER
      );
      CREATE INDEX host_state_time ON host_state (host_id, from_ms);
      CREATE UNIQUE INDEX host_state_open ON host_state (host_id) WHERE to_ms IS NULL;

      -- What an imported prometheus.yml says besides its targets, for the rules that are to be run by it.
      CREATE TABLE prometheus_import (
        file_name TEXT PRIMARY KEY,
        imported_ms INTEGER NOT NULL,
        evaluation_interval_ms INTEGER NOT NULL,
        external_labels TEXT NOT NULL CHECK (json_valid(external_labels)),
        rule_files TEXT NOT NULL CHECK (json_valid(rule_files))
      ) WITHOUT ROWID;
    `);
  },
};
