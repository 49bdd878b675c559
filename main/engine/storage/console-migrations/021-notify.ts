import type { Migration } from '../migrations.ts';

/** From alerts to notices: who is told of what, what was told, and why. JSON as main/engine/alerts/notify declares it. */
export const notifyMigration: Migration = {
  version: 21,
  up: (db) => {
    db.exec(`
      -- Every alert from its opening to its end; 'live' ones are what the pipeline still decides about.
      CREATE TABLE notify_alert (
        id TEXT NOT NULL,
        since_ms INTEGER NOT NULL,
        until_ms INTEGER,
        live INTEGER NOT NULL CHECK (live IN (0, 1)),
        body TEXT NOT NULL CHECK (json_valid(body)),
        PRIMARY KEY (id, since_ms)
      ) WITHOUT ROWID;
      CREATE INDEX notify_alert_live ON notify_alert (live) WHERE live = 1;
      CREATE INDEX notify_alert_since ON notify_alert (since_ms);

      CREATE TABLE notify_group (key TEXT PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body))) WITHOUT ROWID;
      CREATE TABLE notify_flap (id TEXT PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body))) WITHOUT ROWID;

      -- The story of each alert.
      CREATE TABLE notify_trace (
        seq INTEGER PRIMARY KEY,
        alert TEXT NOT NULL,
        since_ms INTEGER NOT NULL,
        body TEXT NOT NULL CHECK (json_valid(body))
      );
      CREATE INDEX notify_trace_alert ON notify_trace (alert, since_ms, seq);

      -- Notices with their recipients; not 'handed' ones have not reached the outbox yet.
      CREATE TABLE notify_notice (
        id TEXT PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        handed INTEGER NOT NULL CHECK (handed IN (0, 1)),
        full_screen INTEGER NOT NULL CHECK (full_screen IN (0, 1)),
        recipients TEXT NOT NULL CHECK (json_valid(recipients)),
        body TEXT NOT NULL CHECK (json_valid(body))
      ) WITHOUT ROWID;
      CREATE INDEX notify_notice_at ON notify_notice (at_ms);
      CREATE INDEX notify_notice_waiting ON notify_notice (handed) WHERE handed = 0;

      CREATE TABLE notify_delivery (
        seq INTEGER PRIMARY KEY,
        notice TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        body TEXT NOT NULL CHECK (json_valid(body))
      );
      CREATE INDEX notify_delivery_notice ON notify_delivery (notice);

      -- Silences and maintenances.
      CREATE TABLE notify_document (
        kind TEXT NOT NULL CHECK (kind IN ('silence', 'maintenance')),
        id TEXT NOT NULL,
        body TEXT NOT NULL CHECK (json_valid(body)),
        PRIMARY KEY (kind, id)
      ) WITHOUT ROWID;

      -- The configuration: one row once somebody has changed the default one.
      CREATE TABLE notify_config (
        revision INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        body TEXT NOT NULL CHECK (json_valid(body))
      );
    `);
  },
};
