import * as z from 'zod';
import { isSealed, secretNameSchema, secretTextSchema } from '#shared/contract/secrets.ts';
import { type SiteSection, siteSection, written } from '../../platform/site-section.ts';
import type { Vault } from './vault.ts';

/** Secrets that were put under a name. Those of settings go with their settings. */
export function namedSecretsSection(vault: Pick<Vault, 'listNamed' | 'put'>): SiteSection {
  return siteSection({
    name: 'secrets',
    most: 10_000,
    schema: z.object({ name: secretNameSchema, text: secretTextSchema.min(1) }),
    key: ({ name }) => name,
    read: () => vault.listNamed().map(({ name, ref }) => ({ name, text: ref })),
    // A reference says that the text is here already, or that nobody has it.
    put: ({ name, text }) => (isSealed(text) ? written : vault.put(name, text)),
  });
}
