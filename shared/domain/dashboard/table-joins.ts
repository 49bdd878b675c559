import type { PanelValue } from './display.ts';
import { type Frame, type FrameColumn, rowCount } from './frames.ts';

/** Orders values of a column: nothing first, then numbers, then texts. */
export function compareValues(a: PanelValue, b: PanelValue): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  if (typeof a === 'number' && typeof b === 'number') {
    if (Number.isNaN(a) || Number.isNaN(b)) return (Number.isNaN(a) ? 0 : 1) - (Number.isNaN(b) ? 0 : 1);
    return a - b;
  }
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A column that is filled row by row. */
type Filling = { readonly column: FrameColumn; readonly values: PanelValue[] };

function fillings(columns: readonly FrameColumn[], rows: number): Map<string, Filling> {
  return new Map(
    columns.map((column) => [column.name, { column, values: new Array<PanelValue>(rows).fill(null) }]),
  );
}

function finished(fills: Iterable<Filling>): readonly FrameColumn[] {
  return [...fills].map(({ column, values }) => ({ ...column, values }));
}

function firstOfEachName(frames: readonly Frame[]): readonly FrameColumn[] {
  const byName = new Map<string, FrameColumn>();
  for (const { columns } of frames)
    for (const column of columns) if (!byName.has(column.name)) byName.set(column.name, column);
  // Texts and times before numbers, so that what tells rows apart comes first.
  const all = [...byName.values()];
  return [...all.filter(({ type }) => type !== 'number'), ...all.filter(({ type }) => type === 'number')];
}

/** All frames as one table: rows in which every column that both have is equal become one row. */
export function mergeFrames(frames: readonly Frame[]): Frame {
  const columns = firstOfEachName(frames);
  const keys = columns.filter(
    ({ name, type }) =>
      type !== 'number' && frames.every((frame) => frame.columns.some((column) => column.name === name)),
  );
  const total = frames.reduce((sum, frame) => sum + rowCount(frame), 0);
  const fills = fillings(columns, total);
  const rowOf = new Map<string, number[]>();
  let used = 0;
  for (const frame of frames) {
    const own = new Map(frame.columns.map((column) => [column.name, column]));
    for (let row = 0; row < rowCount(frame); row++) {
      const key = JSON.stringify(keys.map(({ name }) => own.get(name)?.values[row] ?? null));
      const candidates = keys.length === 0 ? [] : (rowOf.get(key) ?? []);
      const fits = candidates.find((at) =>
        frame.columns.every(({ name, values }) => {
          const there = fills.get(name)?.values[at] ?? null;
          return there === null || there === (values[row] ?? null);
        }),
      );
      const at = fits ?? used++;
      if (fits === undefined) rowOf.set(key, [...candidates, at]);
      for (const { name, values } of frame.columns) {
        const fill = fills.get(name);
        if (fill !== undefined && values[row] !== null) fill.values[at] = values[row] ?? null;
      }
    }
  }
  return {
    ref: frames[0]?.ref ?? '',
    name: '',
    columns: finished(fills.values()).map((column) => ({ ...column, values: column.values.slice(0, used) })),
  };
}

/** Frames side by side, where the values of a column are the same; in order of those values. */
export function joinFrames(frames: readonly Frame[], by: string, inner: boolean): Frame {
  const having = frames.filter(({ columns }) => columns.some(({ name }) => name === by));
  const keyColumn = having[0]?.columns.find(({ name }) => name === by);
  if (keyColumn === undefined) return frames[0] ?? { ref: '', name: '', columns: [] };
  const seen = new Map<string, { readonly value: PanelValue; count: number }>();
  for (const { columns } of having) {
    const own = new Set<string>();
    for (const value of columns.find(({ name }) => name === by)?.values ?? []) {
      const key = JSON.stringify(value);
      const entry = seen.get(key) ?? { value, count: 0 };
      if (!own.has(key)) entry.count++;
      own.add(key);
      seen.set(key, entry);
    }
  }
  const keys = [...seen.values()]
    .filter(({ count }) => !inner || count === having.length)
    .map(({ value }) => value)
    .sort(compareValues);
  const rowOf = new Map(keys.map((value, row) => [JSON.stringify(value), row]));
  const joined = having.flatMap(({ columns }) => {
    const own = columns.find(({ name }) => name === by)?.values ?? [];
    return columns
      .filter(({ name }) => name !== by)
      .map((column): FrameColumn => {
        const values = new Array<PanelValue>(keys.length).fill(null);
        own.forEach((value, row) => {
          const at = rowOf.get(JSON.stringify(value));
          if (at !== undefined) values[at] = column.values[row] ?? null;
        });
        return { ...column, values };
      });
  });
  return { ref: having[0]?.ref ?? '', name: '', columns: [{ ...keyColumn, values: keys }, ...joined] };
}
