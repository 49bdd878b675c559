import type { Columns, LabelSet } from '#shared/contract/metrics.ts';
import type { LineLook } from './chart-look.ts';
import { fullName, shortNames } from './series-names.ts';
import { formatValue, type Unit } from './units.ts';

/** Which value axis a line belongs to. */
export type Side = 'left' | 'right';

/** A value of a line at a time: null is a gap, undefined a time at which this line was not asked for. */
export type LineValue = number | null | undefined;

/** How values are written, where a unit of the charts does not say it all. */
export type ValueFormat = {
  /** Two formats with the same key write the same texts. */
  readonly key: string;
  readonly text: (value: number | null) => string;
  /** Grows by powers of two, as bytes do; grid lines stand there then. */
  readonly binary?: boolean;
};

/** One line of a chart. */
export type ChartLine = {
  /** Tells lines of one chart apart, also when new data brings others. */
  readonly key: string;
  readonly name: string;
  /** The series in full, for the legend's title and for exports. */
  readonly full: string;
  readonly labels: LabelSet;
  readonly unit: Unit;
  /** Instead of the unit's own way of writing. */
  readonly format?: ValueFormat;
  readonly side: Side;
  /** How it is drawn; a plain line when left out. */
  readonly look?: LineLook;
  readonly values: readonly LineValue[];
};

/** A value as a line writes it. */
export function lineText(line: Pick<ChartLine, 'unit' | 'format'>, value: number | null): string {
  return line.format === undefined ? formatValue(value, line.unit) : line.format.text(value);
}

/** What a chart draws: one time axis (UTC milliseconds, ascending) and lines over it. */
export type ChartData = {
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  /** Series that the engine left out. */
  readonly omitted: number;
};

/** One answer that goes into a chart. */
export type LineSource = {
  /** Tells the sources of a chart apart. */
  readonly key: string;
  /** Stands before the names of its lines when several sources share a chart, e.g. `A`; empty for none. */
  readonly prefix: string;
  /** Names the lines: text with `{{label}}`; empty names them by what tells them apart. */
  readonly template: string;
  /** Name of a single line without a template. */
  readonly alone: string;
  readonly unit: Unit;
  readonly format?: ValueFormat;
  readonly side: Side;
  readonly columns: Columns;
};

/** A legend's text with `{{label}}` replaced by the label's value; a label that is not there is empty. */
export function fillTemplate(template: string, labels: LabelSet): string {
  return template
    .replace(/\{\{\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*\}\}/g, (_, label: string) => labels[label] ?? '')
    .trim();
}

/** Puts the answers of one or several expressions on one time axis. */
export function mergeLines(sources: readonly LineSource[]): ChartData {
  const axis = commonTimes(sources.map(({ columns }) => columns.times));
  const lines = sources.flatMap((source) => {
    const { columns, template } = source;
    const sets = columns.series.map(({ labels }) => labels);
    const names =
      template.trim() === ''
        ? shortNames(sets, source.alone)
        : sets.map((labels) => fillTemplate(template, labels) || fullName(labels));
    const place = placesOf(columns.times, axis);
    return columns.series.map(({ labels, values }, index): ChartLine => {
      const full = fullName(labels);
      const name = names[index] ?? full;
      return {
        key: `${source.key} ${full}`,
        name: source.prefix === '' ? name : `${source.prefix} · ${name}`,
        full,
        labels,
        unit: source.unit,
        ...(source.format === undefined ? {} : { format: source.format }),
        side: source.side,
        values: place === null ? values : spread(values, place, axis.length),
      };
    });
  });
  return {
    times: axis,
    lines,
    omitted: sources.reduce((sum, { columns }) => sum + columns.seriesOmitted, 0),
  };
}

/** The union of time axes; the very same array when they are all equal, which is the usual case. */
function commonTimes(axes: readonly (readonly number[])[]): readonly number[] {
  const [first = [], ...rest] = axes;
  if (rest.every((axis) => sameTimes(axis, first))) return first;
  return [...new Set(axes.flat())].sort((a, b) => a - b);
}

function sameTimes(a: readonly number[], b: readonly number[]): boolean {
  // Both are a start and a step, so that the ends and the count say it all.
  return a === b || (a.length === b.length && a[0] === b[0] && a.at(-1) === b.at(-1));
}

/** Where each time of an answer stands on the common axis; null when the axes are the same. */
function placesOf(times: readonly number[], axis: readonly number[]): readonly number[] | null {
  if (sameTimes(times, axis)) return null;
  const places = new Map(axis.map((time, index) => [time, index]));
  return times.map((time) => places.get(time) ?? 0);
}

function spread(values: readonly LineValue[], places: readonly number[], length: number): LineValue[] {
  const wide: LineValue[] = new Array<LineValue>(length).fill(undefined);
  places.forEach((place, index) => {
    wide[place] = values[index];
  });
  return wide;
}
