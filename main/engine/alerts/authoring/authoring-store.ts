import * as z from 'zod';
import { type RuleAddress, type RulePolicy, rulePolicySchema } from '#shared/contract/rules-authoring.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import type { StarterChoice, StarterChoices } from './starter/index.ts';

/** What the console keeps beside the rule files. */
export type AuthoringStore = {
  readonly policies: () => readonly (RuleAddress & { readonly policy: RulePolicy })[];
  readonly policyOf: (address: RuleAddress) => RulePolicy | null;
  /** Null takes a rule's settings away. */
  readonly setPolicy: (address: RuleAddress, policy: RulePolicy | null) => void;
  /** Reads policies anew that were written past this store. */
  readonly reread: () => void;
  readonly choices: () => StarterChoices;
  readonly setChoice: (rule: string, choice: StarterChoice) => void;
  /** Rules of the starter set as they were when somebody last looked; empty on a new site. */
  readonly seen: () => ReadonlyMap<string, string>;
  readonly setSeen: (rules: readonly (readonly [name: string, text: string])[]) => void;
};

const valuesSchema = z.record(z.string(), z.number());
const keyOf = ({ file, group, rule }: RuleAddress): string => JSON.stringify([file, group, rule]);

type PolicyRow = { file: string; group_name: string; rule: string; policy: string };

/** Opens the tables `rule_policy`, `starter_choice` and `starter_seen`. */
export function openAuthoringStore(db: WritableDb): AuthoringStore {
  const selectPolicies = db.prepare<[], PolicyRow>(
    'SELECT * FROM rule_policy ORDER BY file, group_name, rule',
  );
  const putPolicy = db.prepare(
    `INSERT INTO rule_policy (file, group_name, rule, policy) VALUES (?, ?, ?, ?)
     ON CONFLICT (file, group_name, rule) DO UPDATE SET policy = excluded.policy`,
  );
  const removePolicy = db.prepare('DELETE FROM rule_policy WHERE file = ? AND group_name = ? AND rule = ?');
  const selectChoices = db.prepare<[], { rule: string; enabled: number; chosen: string }>(
    'SELECT * FROM starter_choice',
  );
  const putChoice = db.prepare(
    `INSERT INTO starter_choice (rule, enabled, chosen) VALUES (?, ?, ?)
     ON CONFLICT (rule) DO UPDATE SET enabled = excluded.enabled, chosen = excluded.chosen`,
  );
  const selectSeen = db.prepare<[], { rule: string; text: string }>(
    'SELECT * FROM starter_seen ORDER BY rule',
  );
  const clearSeen = db.prepare('DELETE FROM starter_seen');
  const addSeen = db.prepare('INSERT INTO starter_seen (rule, text) VALUES (?, ?)');

  const readPolicies = (): Map<string, RuleAddress & { readonly policy: RulePolicy }> =>
    new Map(
      selectPolicies.all().map((row) => {
        const address = { file: row.file, group: row.group_name, rule: row.rule };
        return [keyOf(address), { ...address, policy: rulePolicySchema.parse(JSON.parse(row.policy)) }];
      }),
    );
  let policies = readPolicies();

  return {
    policies: () => [...policies.values()],
    policyOf: (address) => policies.get(keyOf(address))?.policy ?? null,
    setPolicy: ({ file, group, rule }, policy) => {
      if (policy === null) removePolicy.run(file, group, rule);
      else putPolicy.run(file, group, rule, JSON.stringify(policy));
      policies = readPolicies();
    },
    reread: () => {
      policies = readPolicies();
    },
    choices: () =>
      new Map(
        selectChoices.all().map(({ rule, enabled, chosen }) => {
          const values = valuesSchema.parse(JSON.parse(chosen));
          return [rule, { enabled: enabled === 1, values }];
        }),
      ),
    setChoice: (rule, { enabled, values }) => {
      putChoice.run(rule, enabled ? 1 : 0, JSON.stringify(values));
    },
    seen: () => new Map(selectSeen.all().map(({ rule, text }) => [rule, text])),
    setSeen: (rules) =>
      db.transaction(() => {
        clearSeen.run();
        for (const [rule, text] of rules) addSeen.run(rule, text);
      })(),
  };
}
