import type { ImportFault, ImportRow } from '#shared/contract/inventory.ts';
import type { Result } from '#shared/errors/index.ts';
import type { SecretStore } from '../../platform/secrets.ts';
import type { SiteSection } from '../../platform/site-section.ts';

/** Members of a document that the inventory reads as one, because they name each other. */
export const INVENTORY_MEMBERS = ['hosts', 'components', 'links', 'jobs'] as const;
export type InventoryMember = (typeof INVENTORY_MEMBERS)[number];
export type InventoryMembers = Readonly<Record<InventoryMember, readonly object[]>>;

/** What the inventory of a document would change. */
export type InventoryPlan = {
  readonly rows: readonly ImportRow[];
  readonly faults: readonly ImportFault[];
  /** Entries of this console that it does not name. */
  readonly left: number;
  /** Writes it, within a transaction of the caller. */
  readonly write: () => Result<void>;
  /** Puts it to work, once the transaction has ended. */
  readonly took: () => Promise<void>;
};

/** Hosts, components, links and scrape jobs. */
export type DocumentInventory = {
  /** With references in place of secrets. */
  readonly read: () => InventoryMembers;
  readonly plan: (file: string, members: Partial<InventoryMembers>) => Result<InventoryPlan>;
};

/** The sealed store, as documents use it. */
export type DocumentSecrets = {
  readonly reveal: (ref: string) => Result<string>;
  readonly ready: () => Result<void>;
  /** The store that entries are written with; `missing` hears of fields whose secret has to be entered. */
  readonly importing: (missing: (field: string) => void) => SecretStore;
};

/** How the texts of secrets are sealed for their way: the age format. */
export type DocumentSeal = {
  /** BACKUP_RECIPIENT_INVALID, BACKUP_RECIPIENTS_MIXED */
  readonly seal: (
    text: string,
    key: { readonly recipients: readonly string[] } | { readonly passphrase: string },
  ) => Promise<Result<string>>;
  /** BACKUP_IDENTITY_INVALID, SITE_SECRETS_WRONG_KEY */
  readonly open: (
    sealed: string,
    key: { readonly identity?: string | undefined; readonly passphrase?: string | undefined },
  ) => Promise<Result<string>>;
};

/** Sections in the order in which they are written: what others name comes first. */
export type DocumentSections = readonly SiteSection[];
