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
