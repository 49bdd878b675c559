import type { PanelValue } from './display.ts';

/** A column of a panel's table; all columns of a frame are of the same length. */
export type FrameColumn = {
  readonly name: string;
  readonly type: 'time' | 'number' | 'text';
  readonly values: readonly PanelValue[];
  /** Of a column of samples: its series' labels. */
  readonly labels?: Readonly<Record<string, string>>;
};

/** What one series or one target gives, as a table. */
export type Frame = {
  /** The target it comes from. */
  readonly ref: string;
  readonly name: string;
  readonly columns: readonly FrameColumn[];
};

/** Column names that every console and Grafana know. */
export const TIME_COLUMN = 'Time';
const VALUE_COLUMN = 'Value';

/** Rows of a frame. */
export function rowCount({ columns }: Frame): number {
  return columns.reduce((most, { values }) => Math.max(most, values.length), 0);
}

/** One series over time: a column of times (UTC milliseconds), and one of values. */
export function seriesFrame(
  ref: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  times: readonly number[],
  values: readonly (number | null)[],
): Frame {
  return {
    ref,
    name,
    columns: [
      { name: TIME_COLUMN, type: 'time', values: times },
      { name, type: 'number', values, labels },
    ],
  };
}

/** An instant result as one table: time, a column for each label, the value. `Value #A` when there are several targets. */
export function vectorFrame(
  ref: string,
  rows: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly time: number;
    readonly value: number;
  }[],
  isOnly: boolean,
): Frame {
  const names = [...new Set(rows.flatMap(({ labels }) => Object.keys(labels)))].sort();
  return {
    ref,
    name: ref,
    columns: [
      { name: TIME_COLUMN, type: 'time', values: rows.map(({ time }) => time) },
      ...names.map(
        (name): FrameColumn => ({
          name,
          type: 'text',
          values: rows.map(({ labels }) => labels[name] ?? null),
        }),
      ),
      {
        name: isOnly ? VALUE_COLUMN : `${VALUE_COLUMN} #${ref}`,
        type: 'number',
        values: rows.map(({ value }) => value),
      },
    ],
  };
}

/** The rows of a frame at some places, in that order. */
export function takeRows(frame: Frame, rows: readonly number[]): Frame {
  return {
    ...frame,
    columns: frame.columns.map((column) => ({
      ...column,
      values: rows.map((row) => column.values[row] ?? null),
    })),
  };
}
