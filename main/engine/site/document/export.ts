import type { RequestOutput, RequestParams } from '#shared/contract/index.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { UNSET_SECRET } from '../../platform/site-section.ts';
import { withPlaceholders } from './placeholders.ts';
import {
  type DocumentInventory,
  type DocumentSeal,
  type DocumentSecrets,
  type DocumentSections,
  INVENTORY_MEMBERS,
  type InventoryMember,
} from './ports.ts';
import { DOCUMENT_VERSION } from './read-document.ts';

/** What a document is written from. */
export type ExportDeps = {
  readonly sections: DocumentSections;
  readonly inventory: DocumentInventory;
  readonly secrets: DocumentSecrets;
  readonly seal: DocumentSeal;
  readonly clock: Clock;
  readonly version: string;
};

/** What makes an entry of the inventory the same one on another console. */
export function inventoryKey(member: InventoryMember, entry: object): string {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  if (member === 'jobs') {
    const { settings } = entry as { readonly settings?: { readonly job?: unknown } };
    return text(settings?.job);
  }
  return text((entry as { readonly name?: unknown }).name);
}

/** All that is kept, by member of the document, with placeholders in place of secrets; and what each of them stands for. */
export function readMembers({ sections, inventory }: Pick<ExportDeps, 'sections' | 'inventory'>): Result<{
  readonly members: ReadonlyMap<string, readonly { readonly key: string; readonly body: object }[]>;
  readonly refs: ReadonlyMap<string, string>;
}> {
  const refs = new Map<string, string>();
  const members = new Map<string, { key: string; body: object }[]>();
  const shown = (section: string, key: string, body: object): { key: string; body: object } => ({
    key,
    body: withPlaceholders(section, key, body, (stands, ref) => refs.set(stands, ref)),
  });
  let at = 'hosts';
  try {
    const read = inventory.read();
    for (const member of INVENTORY_MEMBERS)
      members.set(
        member,
        read[member].map((entry) => shown(member, inventoryKey(member, entry), entry)),
      );
    for (const section of sections) {
      at = section.name;
      members.set(
        at,
        section.read().map(({ key, body }) => shown(section.name, key, body)),
      );
    }
  } catch (thrown) {
    // A row that this console cannot read must not be missing from the document unnoticed.
    return err(appError('SITE_SECTION_UNREADABLE', { section: at, why: describeThrown(thrown) }));
  }
  return ok({ members, refs });
}

/** Writes the whole configuration as one document, in an order that does not change by itself. */
export async function exportDocument(
  deps: ExportDeps,
  { encryptTo, passphrase }: RequestParams<'configuration.export'>,
): Promise<Result<RequestOutput<'configuration.export'>>> {
  if (passphrase !== undefined && encryptTo.length > 0)
    return err(appError('SITE_KEYS_TWO', {}, { field: 'passphrase' }));
  const read = readMembers(deps);
  if (!read.ok) return read;
  const { members, refs } = read.value;
  const isSealing = passphrase !== undefined || encryptTo.length > 0;
  const texts: Record<string, string> = {};
  const leftOut: string[] = [];
  for (const [stands, ref] of [...refs].toSorted(([a], [b]) => compareText(a, b))) {
    if (!isSealing || ref === UNSET_SECRET) {
      leftOut.push(stands.slice('secret:'.length));
      continue;
    }
    const text = deps.secrets.reveal(ref);
    if (!text.ok) return text;
    texts[stands] = text.value;
  }
  const count = Object.keys(texts).length;
  const key = passphrase === undefined ? { recipients: encryptTo } : { passphrase };
  const sealed = count === 0 ? null : await deps.seal.seal(JSON.stringify(texts), key);
  if (sealed?.ok === false) return sealed;
  const lists = [...members].map(([name, entries]) => [name, entries.map(({ body }) => body)] as const);
  const document = {
    format: 'hmtt-site',
    version: DOCUMENT_VERSION,
    console: deps.version,
    exportedAt: new Date(deps.clock.now()).toISOString(),
    ...Object.fromEntries(lists),
    ...(leftOut.length === 0 ? {} : { secretsLeftOut: leftOut }),
    ...(sealed === null ? {} : { sealedSecrets: sealed.value }),
  };
  return ok({
    text: `${JSON.stringify(document, null, 2)}\n`,
    sections: lists.map(([section, entries]) => ({ section, entries: entries.length })),
    secretsSealed: count,
    secretsLeftOut: leftOut,
  });
}
