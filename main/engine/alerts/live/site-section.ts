import * as z from 'zod';
import { MOST_RULE_TEXT, ruleFileName } from '#shared/contract/rules.ts';
import { appError } from '#shared/errors/index.ts';
import { type SiteSection, siteSection, written } from '../../platform/site-section.ts';
import type { RuleGroup } from '../rules/model.ts';
import type { ReadRules } from '../rules/rule-file.ts';
import type { RuleFileStore } from './file-store.ts';

/** What the section is made of. */
export type RuleFilesSectionDeps = {
  readonly store: RuleFileStore;
  readonly check: (text: string) => Promise<ReadRules>;
  readonly isBuiltIn: (name: string) => boolean;
  readonly apply: () => Promise<void>;
};

/** Rule files, those of forms included: a form stands in its file. */
export function ruleFilesSection({ store, check, isBuiltIn, apply }: RuleFilesSectionDeps): SiteSection {
  /** Groups of texts that were found sound; writing cannot wait for the parser. */
  const sound = new Map<string, readonly RuleGroup[]>();
  return siteSection({
    name: 'ruleFiles',
    most: 10_000,
    schema: z.object({
      name: ruleFileName,
      text: z.string().max(MOST_RULE_TEXT),
      enabled: z.boolean(),
      origin: z.string().max(4_096).nullable().default(null),
    }),
    key: ({ name }) => name,
    read: () => store.list().map(({ name, text, enabled, origin }) => ({ name, text, enabled, origin })),
    check: async ({ name, text }) => {
      if (isBuiltIn(name)) return appError('RULE_FILE_BUILT_IN', { file: name }, { field: 'name' });
      const read = await check(text);
      if (read.ok) {
        sound.set(text, read.groups);
        return null;
      }
      const [problem] = read.problems;
      return appError(
        'SITE_RULES_WRONG',
        { file: name, line: problem?.line ?? 1, why: problem?.message ?? '' },
        { field: 'text' },
      );
    },
    put: ({ name, text, enabled, origin }, { now }) => {
      store.take({ name, text, groups: sound.get(text) ?? [] }, { enabled, origin }, now);
      return written;
    },
    took: () => {
      sound.clear();
      return apply();
    },
  });
}
