import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { Labels } from '#shared/domain/labels.ts';
import type { AppError, Result } from '#shared/errors/index.ts';

/** One thing that a host wants scraped. */
export type WantedTarget = {
  readonly id: string;
  readonly kind: 'http' | 'this-workstation';
  readonly config: ScrapeConfig;
  /** Why it must not be asked: each scrape fails with this error. */
  readonly refused?: AppError;
};

/** What came of one scrape. */
export type ObservedScrape = {
  readonly targetId: string;
  readonly at: number;
  readonly durationMs: number;
  readonly samples: number | null;
  readonly error: AppError | null;
};

/** Scrapes targets; implemented by the area `collect`, declared here because hosts are what needs it. */
export type Collector = {
  /** Makes the set of scraped targets exactly this. */
  readonly setTargets: (targets: readonly WantedTarget[]) => void;
  /** Hears of every finished scrape, in the order in which they end. */
  readonly watch: (listener: (scrape: ObservedScrape) => void) => void;
  /** Asks a target now, out of its turn; many such wishes within a second are one. */
  readonly askSoon: (targetId: string) => void;
  /** Tries a target once without storing anything. */
  readonly tryScrape: (
    target: Omit<WantedTarget, 'id'>,
    signal: AbortSignal,
  ) => Promise<RequestOutput<'hosts.test'>>;
  /**
   * Reads the samples of a target once without storing anything: the labels of the first of them before any rule, how many there
   * are, and why the scrape would be refused as it is configured.
   */
  readonly readSamples: (
    target: Omit<WantedTarget, 'id'>,
    signal: AbortSignal,
  ) => Promise<
    Result<{ readonly total: number; readonly series: readonly Labels[]; readonly error: AppError | null }>
  >;
};
