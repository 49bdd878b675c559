import { calculate } from './calcs.ts';
import type { PanelValue } from './display.ts';
import { type Frame, type FrameColumn, rowCount, TIME_COLUMN, takeRows } from './frames.ts';
import { patternOf } from './pattern.ts';
import { compareValues, joinFrames, mergeFrames } from './table-joins.ts';
import type { Transformation } from './transformations.ts';

/** Does a panel's transformations, one after the other. */
export function transform(frames: readonly Frame[], steps: readonly Transformation[]): readonly Frame[] {
  return steps.reduce<readonly Frame[]>((done, step) => one(done, step), frames);
}

type Step<D extends Transformation['do']> = Extract<Transformation, { readonly do: D }>;

function one(frames: readonly Frame[], step: Transformation): readonly Frame[] {
  switch (step.do) {
    case 'organize':
      return frames.map((frame) => organize(frame, step));
    case 'keep':
      return frames.map((frame) => keep(frame, step)).filter(({ columns }) => columns.length > 0);
    case 'rename':
      return renamed(frames, step);
    case 'sort':
      return frames.map((frame) => sorted(frame, step));
    case 'limit':
      return frames.map((frame) => takeRows(frame, indices(Math.min(step.rows, rowCount(frame)))));
    case 'merge':
      return frames.length < 2 ? frames : [mergeFrames(frames)];
    case 'join':
      return frames.length < 2 ? frames : [joinFrames(frames, step.by, step.mode === 'inner')];
    case 'reduce':
      return [reduced(frames, step)];
    case 'labels':
      return frames.map((frame) => labelsToColumns(frame, step));
    case 'filter':
      return frames.map((frame) => filtered(frame, step));
  }
}

const indices = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function organize(frame: Frame, { hide, rename, order }: Step<'organize'>): Frame {
  const place = (name: string): number => {
    const at = order.indexOf(name);
    return at < 0 ? order.length : at;
  };
  const columns = frame.columns
    .filter(({ name }) => !hide.includes(name))
    .map((column, i) => ({ column, i }))
    .sort((a, b) => place(a.column.name) - place(b.column.name) || a.i - b.i)
    .map(({ column }) => {
      const name = Object.hasOwn(rename, column.name) ? rename[column.name] : undefined;
      return name === undefined || name === '' ? column : { ...column, name };
    });
  return { ...frame, columns };
}

function keep(frame: Frame, { names, pattern }: Step<'keep'>): Frame {
  const regex = pattern === '' ? null : patternOf(pattern);
  return {
    ...frame,
    columns: frame.columns.filter(({ name }) => names.includes(name) || (regex?.test(name) ?? false)),
  };
}

function renamed(frames: readonly Frame[], { pattern, to }: Step<'rename'>): readonly Frame[] {
  const regex = patternOf(pattern);
  if (regex === null) return frames;
  return frames.map((frame) => ({
    ...frame,
    name: regex.replace(frame.name, to),
    columns: frame.columns.map((column) =>
      column.type === 'time' ? column : { ...column, name: regex.replace(column.name, to) },
    ),
  }));
}

function sorted(frame: Frame, { by, descending }: Step<'sort'>): Frame {
  const column = frame.columns.find(({ name }) => name === by);
  if (column === undefined) return frame;
  const rows = indices(rowCount(frame)).sort((a, b) => {
    const order = compareValues(column.values[a] ?? null, column.values[b] ?? null);
    return (descending ? -order : order) || a - b;
  });
  return takeRows(frame, rows);
}

function reduced(frames: readonly Frame[], { calcs }: Step<'reduce'>): Frame {
  const columns = frames.flatMap((frame) => frame.columns.filter(({ type }) => type === 'number'));
  const numbers = ({ values }: FrameColumn): (number | null)[] =>
    values.map((value) => (typeof value === 'number' ? value : null));
  return {
    ref: frames[0]?.ref ?? '',
    name: '',
    columns: [
      { name: 'Field', type: 'text', values: columns.map(({ name }) => name) },
      ...calcs.map(
        (calc): FrameColumn => ({
          name: calc,
          type: 'number',
          values: columns.map((column) => calculate(numbers(column), calc)),
        }),
      ),
    ],
  };
}

function labelsToColumns(frame: Frame, { value }: Step<'labels'>): Frame {
  const count = rowCount(frame);
  const seen = new Set(frame.columns.map(({ name }) => name));
  const added: FrameColumn[] = [];
  const columns = frame.columns.map((column) => {
    if (column.labels === undefined) return column;
    const { labels, ...bare } = column;
    for (const [name, text] of Object.entries(labels)) {
      if (seen.has(name) || name === value) continue;
      seen.add(name);
      added.push({ name, type: 'text', values: new Array<PanelValue>(count).fill(text) });
    }
    const named = value === '' ? undefined : labels[value];
    return named === undefined ? bare : { ...bare, name: named };
  });
  const times = columns.filter(({ name }) => name === TIME_COLUMN);
  return { ...frame, columns: [...times, ...added, ...columns.filter(({ name }) => name !== TIME_COLUMN)] };
}

type Condition = Step<'filter'>['when'][number];

function holds(value: PanelValue, condition: Condition): boolean {
  const { is } = condition;
  if (is === 'null') return value === null;
  if (is === 'not-null') return value !== null;
  if (is === 'regex') return value !== null && (patternOf(condition.value)?.test(String(value)) ?? false);
  const wanted: PanelValue = typeof value === 'number' ? Number(condition.value) : condition.value;
  if (is === 'equal') return value === wanted;
  if (is === 'not-equal') return value !== wanted;
  if (value === null) return false;
  const order = compareValues(value, wanted);
  switch (is) {
    case 'less':
      return order < 0;
    case 'less-or-equal':
      return order <= 0;
    case 'greater':
      return order > 0;
    case 'greater-or-equal':
      return order >= 0;
  }
}

function filtered(frame: Frame, { keep: isKept, all, when }: Step<'filter'>): Frame {
  const columns = new Map(frame.columns.map((column) => [column.name, column]));
  const rows = indices(rowCount(frame)).filter((row) => {
    const test = (condition: Condition): boolean =>
      holds(columns.get(condition.column)?.values[row] ?? null, condition);
    return (all ? when.every(test) : when.some(test)) === isKept;
  });
  return takeRows(frame, rows);
}
