import * as z from 'zod';
import { rulePolicySchema } from '#shared/contract/rules-authoring.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { type SiteSection, siteSection, written } from '../../platform/site-section.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import { openAuthoringStore } from './authoring-store.ts';
import { changeChoice } from './starter-set.ts';

/** Settings of rules, and choices in the starter set. @param took hears that they were changed */
export function authoringSections(db: WritableDb, took: () => Promise<void>): readonly SiteSection[] {
  // A store of its own: what the area remembers must not follow a transaction that may be undone.
  const store = openAuthoringStore(db);
  return [
    siteSection({
      name: 'rulePolicies',
      most: 50_000,
      schema: z.object({
        file: z.string().min(1).max(1_000),
        group: z.string().max(1_000),
        rule: z.string().max(1_000),
        policy: rulePolicySchema,
      }),
      key: ({ file, group, rule }) => `${file} · ${group} · ${rule}`,
      read: () => {
        store.reread();
        return store.policies();
      },
      put: ({ policy, ...address }) => {
        store.setPolicy(address, policy);
        return written;
      },
      took,
    }),
    siteSection({
      name: 'starterRules',
      most: 10_000,
      schema: z.object({
        rule: z.string().min(1).max(200),
        enabled: z.boolean(),
        values: z.record(z.string().max(200), z.number()).default({}),
      }),
      key: ({ rule }) => rule,
      read: () =>
        [...store.choices()]
          .map(([rule, { enabled, values }]) => ({ rule, enabled, values: { ...values } }))
          .toSorted((a, b) => compareText(a.rule, b.rule)),
      check: ({ rule, enabled, values }) => {
        const choice = changeChoice(rule, undefined, { enabled, values });
        return choice.ok ? null : choice.error;
      },
      put: ({ rule, enabled, values }) => {
        store.setChoice(rule, { enabled, values });
        return written;
      },
      took,
    }),
  ];
}
