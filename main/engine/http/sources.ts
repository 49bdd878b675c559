import type { Target } from '#shared/contract/hosts.ts';
import type { MetricMetadata } from '#shared/contract/metrics.ts';
import type { LiveGroup } from '#shared/contract/rules.ts';
import type { Problem, SiteStatus } from '#shared/contract/site.ts';
import type { Labels } from '#shared/domain/labels.ts';
import type { Result } from '#shared/errors/index.ts';

/** A condition on one label; regular expressions have RE2's syntax. */
export type ApiMatcher = {
  readonly name: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
};

/** Series that satisfy all matchers of any one selector and have a sample in [from, to]. */
export type ApiChoice = {
  readonly selectors: readonly (readonly ApiMatcher[])[];
  readonly from: number;
  readonly to: number;
};

/** A query's answer as JSON text in pieces, and what the client should know about it. */
export type AnswerText = { readonly pieces: Iterable<string>; readonly warnings: readonly string[] };

/** How many, of what. */
export type Counted = { readonly name: string; readonly value: number };

/** What the newest samples are made of. */
export type HeadStats = {
  readonly series: number;
  readonly labelPairs: number;
  readonly chunks: number;
  /** UTC milliseconds of the oldest and newest sample, or null when there is none. */
  readonly oldest: number | null;
  readonly newest: number | null;
  readonly seriesByMetric: readonly Counted[];
  readonly valuesByLabel: readonly Counted[];
  readonly bytesByLabel: readonly Counted[];
  readonly seriesByPair: readonly Counted[];
};

/** What the whole store holds. */
export type StoreStats = {
  readonly series: number;
  readonly headSamples: number;
  readonly sealedSamples: number;
  readonly bytes: number;
  readonly partitions: readonly unknown[];
  readonly retentionMs: number;
};

/** A series with its newest sample; the time in UTC milliseconds. */
export type NewestSample = { readonly labels: Labels; readonly time: number; readonly value: number };

/** What was found, in order; null when it was given up because the client went away. */
type Found<T> = Promise<readonly T[] | null>;

/** The query language and the series store. */
export type QuerySources = {
  readonly instant: (
    expr: string,
    time: number,
    limit: number,
    signal: AbortSignal,
  ) => Promise<Result<AnswerText>>;
  readonly range: (
    expr: string,
    range: { readonly start: number; readonly end: number; readonly stepMs: number },
    limit: number,
    signal: AbortSignal,
  ) => Promise<Result<AnswerText>>;
  readonly check: (expr: string) => Result<void>;
  readonly selector: (text: string) => Result<readonly ApiMatcher[]>;
  readonly series: (choice: ApiChoice, signal: AbortSignal) => Found<Labels>;
  readonly labelNames: (choice: ApiChoice, signal: AbortSignal) => Found<string>;
  readonly newest: (choice: ApiChoice, signal: AbortSignal) => Found<NewestSample>;
  readonly labelValues: (label: string, choice: ApiChoice, signal: AbortSignal) => Found<string>;
  /** What expositions said, in order of name. */
  readonly metadata: () => readonly MetricMetadata[];
  readonly headStats: () => HeadStats;
  readonly storeStats: () => StoreStats;
};

/** What the API shows of the console. */
export type ApiSources = QuerySources & {
  readonly version: string;
  readonly targets: () => readonly Target[];
  readonly problems: () => readonly Problem[];
  readonly hostCounts: () => SiteStatus['hosts'];
  readonly logLinesPerSecond: () => number;
  readonly jobsRunning: () => number;
  /** Whether the rule files have been read since the start; before, no group and no alert is known. */
  readonly areRulesRead: () => boolean;
  /** Rule groups as they run, in order of file and name. */
  readonly ruleGroups: () => readonly LiveGroup[];
  /** What other areas add to `/metrics`, in the text format. */
  readonly moreMetrics: () => string;
};
