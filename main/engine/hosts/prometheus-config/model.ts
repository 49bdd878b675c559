import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import type { RemoteEndpoint } from '#shared/contract/remote.ts';
import type { ScrapeJob } from '#shared/contract/scrape-jobs.ts';

/** One scrape job of a prometheus.yml. */
export type ImportedJob = {
  readonly name: string;
  /** 1-based line of the job. */
  readonly line: number;
  readonly intervalMs: number;
  /** Those that it lists itself. */
  readonly targets: readonly ScrapeConfig[];
  /** What its targets are made from. */
  readonly definition: ScrapeJob;
  /** Targets that `relabel_configs` drop. */
  readonly dropped: number;
};

/** A prometheus.yml that was understood wholly. */
export type ImportedConfig = {
  readonly jobs: readonly ImportedJob[];
  readonly ruleFiles: readonly string[];
  readonly evaluationIntervalMs: number;
  readonly externalLabels: Readonly<Record<string, string>>;
  /** Servers that samples are to be sent to. */
  readonly remoteWrites: readonly RemoteEndpoint[];
};
