import { DOCUMENT_SECTIONS } from '#shared/contract/site-document.ts';

/** Members that are imported, and spoken of, as one with the hosts. */
const OF_INVENTORY = ['components', 'links', 'jobs'];

/** The section that a place of a document lies in, e.g. of `checks.3.what.port`; null for what is no section, such as its format. */
export function sectionAt(path: string): (typeof DOCUMENT_SECTIONS)[number] | null {
  const [member = ''] = path.split('.');
  if (OF_INVENTORY.includes(member)) return 'hosts';
  return DOCUMENT_SECTIONS.find((each) => each === member) ?? null;
}
