import type { AreaHandlers } from '#shared/contract/index.ts';
import { importingSecrets } from './access/secrets/import-secrets.ts';
import type { Vault } from './access/secrets/vault.ts';
import type { SiteSection } from './platform/site-section.ts';
import { siteDocumentHandlers } from './site/document/area.ts';
import type { ImportDeps } from './site/document/import.ts';
import { ageDocumentSeal } from './site-seal.ts';

/** An area that has a part in the site document. */
export type Sectioned = { readonly sections: readonly SiteSection[] };

/**
 * The whole configuration as one document, over the parts of the areas.
 *
 * @param areas in the order of the document, which is the order of writing: what others name comes before them
 * @throws when two areas call a section the same
 */
export function siteDocument(
  deps: Omit<ImportDeps, 'sections' | 'secrets' | 'seal'> & { readonly vault: Vault },
  areas: readonly Sectioned[],
): AreaHandlers<'configuration'> {
  const { vault, ...rest } = deps;
  const sections = areas.flatMap((area) => area.sections);
  const names = new Set(sections.map(({ name }) => name));
  if (names.size < sections.length) throw new Error('two sections of the site document have one name');
  return siteDocumentHandlers({
    ...rest,
    sections,
    seal: ageDocumentSeal,
    secrets: { ...vault, importing: (missing) => importingSecrets(vault, missing) },
  });
}
