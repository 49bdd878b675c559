import type { BucketBuffer } from '#shared/domain/buckets.ts';
import type { Labels } from '#shared/domain/labels.ts';
import type { SampleBuffer } from '#shared/domain/samples.ts';

/** A condition on one label. An absent label has the value ''. Regular expressions have RE2's syntax. */
export type SeriesMatcher = {
  readonly name: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
};

/** A series that was selected; its samples are read when they are needed. */
export type SourceSeries = {
  readonly labels: Labels;
  /**
   * Replaces the content of `into` by the samples of [from, to] (UTC milliseconds), in order of time, staleness
   * markers included.
   */
  readonly read: (from: number, to: number, into: SampleBuffer) => void;
};

/** Where queries read from; the series store is one. */
export type SeriesSource = {
  /** The series that satisfy every matcher and may have samples in [from, to]. */
  readonly select: (matchers: readonly SeriesMatcher[], from: number, to: number) => readonly SourceSeries[];
};

/** A series of which buckets are kept. */
export type BucketSeries = {
  readonly labels: Labels;
  /**
   * Replaces the content of `into` by the buckets that end in [from, to], multiples of the resolution, in order of time,
   * with the columns of the mask.
   */
  readonly read: (from: number, to: number, mask: number, into: BucketBuffer) => void;
};

/** Time from `start` (excluded) to `end` (included). */
export type TimeSpan = { readonly start: number; readonly end: number };

/** Roll-ups of the samples, made of samples where there are none. Resolutions and times in milliseconds. */
export type RollupSource = {
  /** The resolutions there are, the coarsest first. */
  readonly resolutions: readonly number[];
  /** Whether buckets of a resolution, or finer ones, were kept of some of (from, to]. */
  readonly has: (resolution: number, from: number, to: number) => boolean;
  /** The finest resolution in which all that was ever known of (from, to] is there: 0 is the samples. */
  readonly finest: (from: number, to: number) => number;
  /** Parts of (from, to] of which samples were there once and are no longer. */
  readonly lost: (from: number, to: number) => readonly TimeSpan[];
  readonly select: (
    matchers: readonly SeriesMatcher[],
    from: number,
    to: number,
    resolution: number,
  ) => readonly BucketSeries[];
};
