import type { Host, ScrapeConfig, Target, Tier } from '#shared/contract/hosts.ts';
import type { ScrapeJob } from '#shared/contract/scrape-jobs.ts';
import type { AppError, Result } from '#shared/errors/index.ts';
import type { Life } from './graph.ts';

/** A host as a file lists it; what is absent stays as it is. */
export type ListedHost = {
  readonly name: string;
  readonly address?: string;
  readonly tier?: Tier;
  readonly labels?: Readonly<Record<string, string>>;
  readonly scrapes?: readonly ScrapeConfig[];
};

/** What listed hosts would change. */
export type HostsPlan = {
  /** Ids of all hosts by name, those of the list among them. */
  readonly ids: ReadonlyMap<string, string>;
  readonly changes: readonly {
    readonly name: string;
    readonly action: 'add' | 'change' | 'same';
    readonly fields: readonly string[];
    readonly targetsAdded: number;
    readonly targetsChanged: number;
  }[];
  readonly refused: readonly { readonly name: string; readonly error: AppError }[];
};

/** The way from what stands behind what to the states of hosts. */
export type Paths = {
  readonly causesOf: (
    hostId: string,
    life: Lives,
  ) => readonly { readonly kind: 'host' | 'component'; readonly id: string; readonly name: string }[];
  readonly waysOf: (hostId: string) => readonly string[];
  readonly dependentsOf: (hostId: string) => readonly string[];
};

/** What the last checks say. */
export type Lives = {
  readonly host: (id: string) => Life;
  readonly target: (id: string) => Life;
};

/** What the inventory needs of the hosts it describes; implemented by the area `hosts`. */
export type InventoryHosts<Plan extends HostsPlan = HostsPlan> = {
  readonly list: () => readonly Host[];
  readonly targets: () => readonly Target[];
  readonly life: Lives;
  readonly setPaths: (paths: Paths) => void;
  readonly onMembers: (listener: () => void) => void;
  readonly entries: {
    readonly plan: (entries: readonly ListedHost[]) => Plan;
    /** The plan with its secrets sealed, which alone is written. */
    readonly seal: (plan: Plan) => Result<Plan>;
    readonly write: (plan: Plan) => void;
    readonly took: (plan: Plan) => void;
  };
  /** Scrape jobs that an import of a prometheus.yml left. */
  readonly jobs: {
    /** With references in place of secrets. */
    readonly list: () => readonly ScrapeJob[];
    /** With what is kept of their secrets, sealed; those that say nothing new are left out. */
    readonly seal: (jobs: readonly ScrapeJob[]) => Result<readonly ScrapeJob[]>;
    readonly write: (jobs: readonly ScrapeJob[]) => void;
    readonly took: () => Promise<void>;
  };
};
