import type { RelabelRule } from '#shared/domain/relabel/rule.ts';
import type { Result } from '#shared/errors/index.ts';

/** What a target's samples are stored under, and how far a scrape may go. */
export type ScrapeTargetSpec = {
  /** Labels that every sample of the target gets: `job`, `instance`, and configured ones. */
  readonly labels: Readonly<Record<string, string>>;
  /** True: labels in the exposition win over the target's. False: they become `exported_…`. */
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  /** Most samples of one scrape; 0 is no limit. Over it the scrape is refused whole. */
  readonly sampleLimit: number;
  /** Limits of a sample's labels; 0 is none. A sample beyond one of them refuses the scrape whole. */
  readonly labelLimits?: {
    readonly labelLimit: number;
    readonly labelNameLengthLimit: number;
    readonly labelValueLengthLimit: number;
  };
  /** Rules that change or drop samples once they have the target's labels. */
  readonly metricRelabel?: readonly RelabelRule[];
};

/** One answered scrape. */
export type ScrapedBody = {
  /** When the scrape started, UTC milliseconds; the time stamp of its samples. */
  readonly time: number;
  readonly durationSeconds: number;
  /** The exposition, decompressed. */
  readonly body: Uint8Array;
  /** The Content-Type header, or null; it chooses between OpenMetrics and the text format. */
  readonly contentType: string | null;
};

/** What came of one scrape. */
export type IngestReport = {
  /** `scrape_samples_scraped`. */
  readonly scraped: number;
  /** Samples stored. */
  readonly added: number;
  /** `scrape_series_added`: series seen for the first time. */
  readonly seriesAdded: number;
};

/**
 * Takes the scrapes of one target in order of time. Each call stores its samples together with `up`,
 * `scrape_duration_seconds` and the other `scrape_*` series in one write, and stale markers for series that vanished.
 */
export type TargetIngest = {
  /** Parses and stores a scrape whole, or refuses it whole; refused, it is stored as a failed scrape (`up` 0). */
  readonly succeed: (scrape: ScrapedBody) => Result<IngestReport>;
  /** Stores a scrape that brought no body: `up` 0, and stale markers for all that the last one had. */
  readonly fail: (scrape: {
    readonly time: number;
    readonly durationSeconds: number;
  }) => Result<IngestReport>;
  /** Ends the target: all its series become stale at `time`. */
  readonly end: (time: number) => void;
};

/** Where scrapes go; implemented by the series store, declared here because collecting is what needs it. */
export type ScrapeSink = {
  readonly openTarget: (spec: ScrapeTargetSpec) => TargetIngest;
};
