import type { Migration } from '../migrations.ts';

/** Logins on hosts, the host keys that somebody trusted, and every command that was run. No secret is among them. */
export const sshMigration: Migration = {
  version: 22,
  up: (db) => {
    db.exec(`
      CREATE TABLE ssh_login (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        data TEXT NOT NULL CHECK (json_valid(data))
      ) WITHOUT ROWID;

      CREATE TABLE ssh_host_key (
        host TEXT NOT NULL,
        port INTEGER NOT NULL,
        type TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        trusted_ms INTEGER NOT NULL,
        PRIMARY KEY (host, port, type)
      ) WITHOUT ROWID;

      CREATE TABLE ssh_audit (
        seq INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        login TEXT NOT NULL,
        command TEXT NOT NULL,
        line TEXT NOT NULL,
        -- Null while it runs, and when the engine ended before it did.
        ended_ms INTEGER,
        exit_code INTEGER,
        error TEXT
      );
    `);
  },
};
