import type { Migration } from '../migrations.ts';

/** What a rule file has no words for: policies of rules, choices in the starter set, and what of it somebody has seen. */
export const ruleAuthoringMigration: Migration = {
  version: 17,
  up: (db) => {
    db.exec(`
      CREATE TABLE rule_policy (
        file TEXT NOT NULL,
        group_name TEXT NOT NULL,
        rule TEXT NOT NULL,
        policy TEXT NOT NULL CHECK (json_valid(policy)),
        PRIMARY KEY (file, group_name, rule)
      ) WITHOUT ROWID;

      CREATE TABLE starter_choice (
        rule TEXT PRIMARY KEY,
        enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
        -- Thresholds that are not the console's own, by name.
        chosen TEXT NOT NULL CHECK (json_valid(chosen))
      ) WITHOUT ROWID;

      -- Each rule of the starter set as it was brought when somebody last looked.
      CREATE TABLE starter_seen (
        rule TEXT PRIMARY KEY,
        text TEXT NOT NULL
      ) WITHOUT ROWID;
    `);
  },
};
