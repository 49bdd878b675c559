import type { Migration } from '../migrations.ts';

/** The inventory: what people know of hosts, the components, who calls or depends on whom, and every change of it. */
export const inventoryMigration: Migration = {
  version: 20,
  up: (db) => {
    db.exec(`
      CREATE TABLE inventory_card (
        host_id TEXT PRIMARY KEY REFERENCES host (id) ON DELETE CASCADE,
        data TEXT NOT NULL CHECK (json_valid(data)),
        version INTEGER NOT NULL,
        changed_ms INTEGER NOT NULL
      ) WITHOUT ROWID;

      CREATE TABLE inventory_component (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        host_id TEXT REFERENCES host (id) ON DELETE SET NULL,
        data TEXT NOT NULL CHECK (json_valid(data)),
        version INTEGER NOT NULL,
        changed_ms INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX inventory_component_host ON inventory_component (host_id);

      CREATE TABLE inventory_link (
        id TEXT PRIMARY KEY,
        from_kind TEXT NOT NULL CHECK (from_kind IN ('host', 'component')),
        from_id TEXT NOT NULL,
        to_kind TEXT NOT NULL CHECK (to_kind IN ('host', 'component')),
        to_id TEXT NOT NULL,
        data TEXT NOT NULL CHECK (json_valid(data)),
        version INTEGER NOT NULL,
        changed_ms INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX inventory_link_from ON inventory_link (from_kind, from_id);
      CREATE INDEX inventory_link_to ON inventory_link (to_kind, to_id);

      -- A link ends with either of its ends.
      CREATE TRIGGER inventory_host_gone AFTER DELETE ON host BEGIN
        DELETE FROM inventory_link
        WHERE (from_kind = 'host' AND from_id = OLD.id) OR (to_kind = 'host' AND to_id = OLD.id);
      END;
      CREATE TRIGGER inventory_component_gone AFTER DELETE ON inventory_component BEGIN
        DELETE FROM inventory_link
        WHERE (from_kind = 'component' AND from_id = OLD.id) OR (to_kind = 'component' AND to_id = OLD.id);
      END;

      CREATE TABLE inventory_change (
        seq INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        what TEXT NOT NULL CHECK (what IN ('card', 'component', 'link')),
        entry_id TEXT NOT NULL,
        name TEXT NOT NULL,
        action TEXT NOT NULL CHECK (action IN ('added', 'changed', 'removed')),
        fields TEXT NOT NULL CHECK (json_valid(fields))
      );
      CREATE INDEX inventory_change_entry ON inventory_change (entry_id, seq);
    `);
  },
};
