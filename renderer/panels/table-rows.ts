import { type PanelValue, type ResolvedField, resolveField } from '#shared/domain/dashboard/display.ts';
import { type Frame, rowCount, seriesFrame, vectorFrame } from '#shared/domain/dashboard/frames.ts';
import type { PanelOf } from '#shared/domain/dashboard/panels.ts';
import { compareValues, mergeFrames } from '#shared/domain/dashboard/table-joins.ts';
import { transform } from '#shared/domain/dashboard/transform.ts';
import type { PanelSeries, TargetAnswer } from './panel-series.ts';

/** A column of a table panel. */
export type TableColumn = {
  /** Tells columns apart. */
  readonly id: string;
  readonly title: string;
  readonly type: 'number' | 'text' | 'time';
  readonly field: ResolvedField;
  readonly values: readonly PanelValue[];
};

/** A table panel's content; `rows` are places in the columns, in the order in which they are shown. */
export type PanelTable = { readonly columns: readonly TableColumn[]; readonly rows: readonly number[] };

/** The newest value of a series; null when it has none. */
function newest(
  times: readonly number[],
  values: readonly (number | null)[],
): { readonly time: number; readonly value: number } | null {
  const at = values.findLastIndex((value) => value !== null);
  const value = values[at];
  const time = times[at];
  return typeof value === 'number' && time !== undefined ? { time, value } : null;
}

/** The frames of a panel: a table for each instant target, a series over time for each series of the others. */
function framesOf(answers: readonly TargetAnswer[], series: readonly PanelSeries[]): readonly Frame[] {
  const shown = answers.filter(({ target, columns }) => !target.hidden && columns !== null);
  return shown.flatMap(({ target, columns }): readonly Frame[] => {
    if (target.mode === 'range' && target.format !== 'table') {
      return series
        .filter(({ ref }) => ref === target.ref)
        .map((one) => seriesFrame(one.ref, one.name, one.labels, one.times, one.values));
    }
    const rows = (columns?.series ?? []).flatMap(({ labels, values }) => {
      const last = newest(columns?.times ?? [], values);
      return last === null ? [] : [{ labels, ...last }];
    });
    return [vectorFrame(target.ref, rows, shown.length === 1)];
  });
}

/** The table of a panel: its frames after its transformations, as one, sorted, with the options of each column. */
export function panelTable(
  panel: PanelOf<'table'>,
  answers: readonly TargetAnswer[],
  series: readonly PanelSeries[],
): PanelTable {
  const frames = transform(framesOf(answers, series), panel.transformations);
  const [first] = frames;
  if (first === undefined) return { columns: [], rows: [] };
  const frame = frames.length === 1 ? first : mergeFrames(frames);
  const columns = frame.columns.map((column, index): TableColumn => {
    const ref = /^Value #(.+)$/.exec(column.name)?.[1] ?? frame.ref;
    const field = resolveField(panel.field, panel.overrides, { name: column.name, ref, type: column.type });
    // The panel's own name is for its values; times and labels keep theirs unless an override means them.
    const named = field.name !== '' && (column.type === 'number' || field.name !== panel.field.name);
    return {
      id: `${index} ${column.name}`,
      title: named ? field.name : column.name,
      type: column.type,
      field,
      values: column.values,
    };
  });
  let rows = Array.from({ length: rowCount(frame) }, (_, row) => row);
  for (const { column, descending } of [...panel.sort].reverse()) {
    const by = columns.find(({ title, id }) => title === column || id.endsWith(` ${column}`));
    if (by === undefined) continue;
    rows = rows.toSorted((a, b) => {
      const order = compareValues(by.values[a] ?? null, by.values[b] ?? null);
      return (descending ? -order : order) || a - b;
    });
  }
  return { columns: columns.filter(({ field }) => !field.hidden), rows };
}
