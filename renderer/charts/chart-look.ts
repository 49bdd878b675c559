import type { StateName } from '../components/state-badge.tsx';

/** How one line is drawn; a panel's options end up here. */
export type LineLook = {
  readonly draw: 'line' | 'bars' | 'points';
  readonly curve: 'linear' | 'smooth' | 'step-before' | 'step-after';
  /** Of the stroke, in pixels. */
  readonly width: number;
  /** Null leaves the pattern to the line's place, so that lines of one colour differ. */
  readonly dash: boolean | null;
  /** Strength of the area under the line, 0 to 1. */
  readonly fill: number;
  readonly points: 'auto' | 'always' | 'never';
  /** True draws over missing values, which hides gaps; only by choice. */
  readonly overGaps: boolean;
  /** A colour as the canvas takes it; null leaves it to the line's place. */
  readonly colour: string | null;
};

export const plainLook: LineLook = {
  draw: 'line',
  curve: 'linear',
  width: 1.5,
  dash: null,
  fill: 0,
  points: 'auto',
  overGaps: false,
  colour: null,
};

/** A value worth a line of its own across the chart. */
export type ThresholdLine = {
  readonly value: number;
  /** A colour as the canvas takes it. */
  readonly colour: string;
  /** Shades everything from this value up to the next one as well. */
  readonly area: boolean;
};

/** Something that happened, marked on the time axis: a deployment, a backup, a drill, an alert. */
export type ChartMark = {
  /** UTC milliseconds. */
  readonly time: number;
  /** Of something that took time; null for an instant. */
  readonly end: number | null;
  readonly state: StateName;
  /** What it was, in one line; shown where the crosshair is. */
  readonly words: string;
};
