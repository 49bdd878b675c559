import * as z from 'zod';
import { type RuleFile, ruleGroupSummarySchema } from '#shared/contract/rules.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import type { RuleGroup } from '../rules/model.ts';

/** A rule file that was read and found sound. */
export type SoundRuleFile = {
  readonly name: string;
  readonly text: string;
  readonly groups: readonly RuleGroup[];
};

/** A file as it is kept. */
export type StoredRuleFile = RuleFile & { readonly text: string };

/** Rule files in console.db. */
export type RuleFileStore = {
  /** In order of name. */
  readonly list: () => readonly StoredRuleFile[];
  readonly get: (name: string) => StoredRuleFile | null;
  readonly put: (file: SoundRuleFile, enabled: boolean, at: number) => void;
  /** Keeps a file as another console had it, with the prometheus.yml that names it. */
  readonly take: (file: SoundRuleFile, as: Pick<RuleFile, 'enabled' | 'origin'>, at: number) => void;
  /** @returns false when there is none of that name */
  readonly enable: (name: string, enabled: boolean) => boolean;
  /** @returns false when there is none of that name */
  readonly remove: (name: string) => boolean;
  /**
   * Takes up the files that a prometheus.yml names, in the place of those that it named before. A file that was switched off
   * stays so.
   *
   * @returns names of files that it no longer names, which are removed
   */
  readonly takeFrom: (origin: string, files: readonly SoundRuleFile[], at: number) => readonly string[];
};

type Row = {
  name: string;
  text: string;
  groups: string;
  enabled: number;
  added_ms: number;
  origin: string | null;
};

const groupsSchema = z.array(ruleGroupSummarySchema);

function toFile(row: Row): StoredRuleFile {
  return {
    name: row.name,
    text: row.text,
    groups: groupsSchema.parse(JSON.parse(row.groups)),
    enabled: row.enabled === 1,
    addedAt: row.added_ms,
    origin: row.origin,
  };
}

/** What the list of files says of a file's groups. */
export function summarize(groups: readonly RuleGroup[]): RuleFile['groups'] {
  return groups.map(({ name, intervalMs, rules }) => ({
    name,
    intervalMs,
    rules: rules.map((rule) => ({ kind: rule.kind, name: rule.name })),
  }));
}

/** Opens the table `rule_file`. */
export function openRuleFileStore(db: WritableDb): RuleFileStore {
  const all = db.prepare<[], Row>('SELECT * FROM rule_file ORDER BY name');
  const one = db.prepare<[string], Row>('SELECT * FROM rule_file WHERE name = ?');
  const upsert = db.prepare(
    `INSERT INTO rule_file (name, text, groups, enabled, added_ms, origin) VALUES (?, ?, ?, ?, ?, NULL)
     ON CONFLICT (name) DO UPDATE SET text = excluded.text, groups = excluded.groups, enabled = excluded.enabled`,
  );
  const take = db.prepare(
    `INSERT INTO rule_file (name, text, groups, enabled, added_ms, origin) VALUES (?, ?, ?, 1, ?, ?)
     ON CONFLICT (name) DO UPDATE SET text = excluded.text, groups = excluded.groups, origin = excluded.origin`,
  );
  const asGiven = db.prepare(
    `INSERT INTO rule_file (name, text, groups, enabled, added_ms, origin) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET text = excluded.text, groups = excluded.groups, enabled = excluded.enabled,
       origin = excluded.origin`,
  );
  const remove = db.prepare('DELETE FROM rule_file WHERE name = ?');
  const enable = db.prepare('UPDATE rule_file SET enabled = ? WHERE name = ?');
  const named = db.prepare<[string], { name: string }>('SELECT name FROM rule_file WHERE origin = ?');
  return {
    list: () => all.all().map(toFile),
    get: (name) => {
      const row = one.get(name);
      return row === undefined ? null : toFile(row);
    },
    put: ({ name, text, groups }, enabled, at) => {
      upsert.run(name, text, JSON.stringify(summarize(groups)), enabled ? 1 : 0, at);
    },
    take: ({ name, text, groups }, { enabled, origin }, at) => {
      asGiven.run(name, text, JSON.stringify(summarize(groups)), enabled ? 1 : 0, at, origin);
    },
    enable: (name, enabled) => enable.run(enabled ? 1 : 0, name).changes > 0,
    remove: (name) => remove.run(name).changes > 0,
    takeFrom: (origin, files, at) => {
      const kept = new Set(files.map(({ name }) => name));
      const gone = named
        .all(origin)
        .map(({ name }) => name)
        .filter((name) => !kept.has(name));
      db.transaction(() => {
        for (const name of gone) remove.run(name);
        for (const { name, text, groups } of files)
          take.run(name, text, JSON.stringify(summarize(groups)), at, origin);
      })();
      return gone;
    },
  };
}
