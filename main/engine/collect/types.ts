import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import type { Labels } from '#shared/domain/labels.ts';
import type { AppError, Result } from '#shared/errors/index.ts';
import type { RemoteClock } from './probes/check-probe.ts';
import type { ScrapeTargetSpec } from './scrape-sink.ts';

/** One thing to scrape. */
export type CollectTarget = {
  readonly id: string;
  /** `http`: over the network. `this-workstation`: the machine itself, rendered as an exposition. */
  readonly kind: 'http' | 'this-workstation';
  readonly config: ScrapeConfig;
  /** Why it must not be asked: each scrape then fails with this error at once, as with `target_limit` in Prometheus. */
  readonly refused?: AppError;
};

/** What came of one scrape of one target. */
export type ScrapeOutcome = {
  readonly targetId: string;
  /** When the scrape started, UTC milliseconds. */
  readonly at: number;
  readonly durationMs: number;
  /** Samples scraped, or null when none could be read. */
  readonly samples: number | null;
  /** Why the scrape failed, or null. */
  readonly error: AppError | null;
  /** The host's clock, when its answer told it. */
  readonly remoteClock?: RemoteClock;
};

/** What a body holds, without storing it; `kept` is what is left of the samples after relabelling. */
export type ExpositionSummary = {
  readonly samples: number;
  readonly kept: number;
  readonly names: readonly string[];
  /** The labels of its first samples, with those of the target and before any rule. */
  readonly series: readonly Labels[];
};

/** The samples that a target gives now, and what would become of them. */
export type TargetSamples = {
  /** All of them; `series` are the labels of the first, before any rule. */
  readonly total: number;
  readonly series: readonly Labels[];
  /** Why the scrape would be refused as it is configured, or null. */
  readonly error: AppError | null;
};

/**
 * Parses an exposition without storing it, through the rules and limits of its target; implemented by the metrics area,
 * declared here because trying a target is what needs it.
 */
export type InspectExposition = (
  body: Uint8Array,
  contentType: string | null,
  spec: ScrapeTargetSpec,
) => Result<ExpositionSummary>;
