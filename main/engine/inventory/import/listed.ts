import type { ScrapeConfig, Tier } from '#shared/contract/hosts.ts';
import type { Dependence, HostCard, ImportFault } from '#shared/contract/inventory.ts';
import type { ScrapeJob } from '#shared/contract/scrape-jobs.ts';

/** What people know of a thing. */
export type Described = Pick<
  HostCard,
  'kind' | 'owner' | 'contact' | 'maintenance' | 'classification' | 'note'
>;

/** A link as a file lists it: by the name of what it leads to. */
export type ListedLink = {
  readonly to: string;
  readonly protocol: string;
  readonly dependsOn: Dependence;
  readonly note?: string;
  /** The column, or the path, that says so, as the file names it. */
  readonly field: string;
};

/** A host or a component as a file lists it; what is absent stays as it is. */
export type ListedEntry = {
  /** Line in the file, from 1; null in a file that is one object. */
  readonly line: number | null;
  readonly kind: 'host' | 'component';
  readonly name: string;
  readonly address?: string;
  readonly tier?: Tier;
  readonly labels?: Readonly<Record<string, string>>;
  readonly scrapes?: readonly ScrapeConfig[];
  /** The name of the host that a component runs on. */
  readonly onHost?: string | null;
  readonly targetId?: string | null;
  readonly described: Partial<Described>;
  readonly links: readonly ListedLink[];
  /** Links that are listed by themselves belong to something that need not be listed: then only they count. */
  readonly linksOnly?: boolean;
};

/** What a file lists, and what is wrong with the rest of it. */
export type Listed = {
  readonly entries: readonly ListedEntry[];
  readonly faults: readonly ImportFault[];
  readonly ignoredColumns: readonly string[];
  /** Scrape jobs, of a site file. */
  readonly jobs?: readonly ScrapeJob[];
};
