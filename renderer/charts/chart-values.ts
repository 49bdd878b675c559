import type uPlot from 'uplot';
import type { ChartData, ChartLine, LineValue } from './chart-lines.ts';

/** How values are drawn. */
export type ChartShape = {
  readonly log: boolean;
  /** Each line stands on the one before it. */
  readonly stacked: boolean;
  /** Bounds of the left value axis; null leaves one to the data. */
  readonly min: number | null;
  readonly max: number | null;
};

export const plainShape: ChartShape = { log: false, stacked: false, min: null, max: null };

/**
 * The data as uPlot takes it: seconds, then one column a line. Hidden lines are nothing but gaps; on a logarithmic
 * axis so is what is not greater than zero.
 */
export function alignedValues(
  data: ChartData,
  hidden: ReadonlySet<string>,
  shape: ChartShape,
): uPlot.AlignedData {
  const { times, lines } = data;
  const nothing: null[] = new Array<null>(times.length).fill(null);
  const columns = shape.stacked
    ? stackedColumns(lines, hidden, times.length, nothing)
    : lines.map((line) => (hidden.has(line.key) ? nothing : line.values));
  const drawn = shape.log ? columns.map(aboveZero) : columns;
  return [
    times.map((time) => time / 1000),
    ...drawn.map((values) => values as (number | null | undefined)[]),
  ];
}

function aboveZero(values: readonly LineValue[]): readonly LineValue[] {
  return values.map((value) => (typeof value === 'number' && value <= 0 ? null : value));
}

/** Sums from the first line up; where a line has a gap, the lines above stand on those below it. */
function stackedColumns(
  lines: readonly ChartLine[],
  hidden: ReadonlySet<string>,
  length: number,
  nothing: readonly null[],
): readonly (readonly LineValue[])[] {
  const sums = { left: new Float64Array(length), right: new Float64Array(length) };
  return lines.map((line) => {
    if (hidden.has(line.key)) return nothing;
    const sum = sums[line.side];
    return line.values.map((value, index) => {
      if (value === null || value === undefined) return value;
      const next = (sum[index] ?? 0) + value;
      sum[index] = next;
      return next;
    });
  });
}

/** The bounds of the value axis: from zero when that does not hide the shape, never of zero height. */
export function valueRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  const spread = max - min;
  if (spread === 0) return max === 0 ? [0, 1] : max > 0 ? [0, max * 1.25] : [min * 1.25, 0];
  const low = min >= 0 && min < spread * 3 ? 0 : min - spread * 0.08;
  const high = max <= 0 && -max < spread * 3 ? 0 : max + spread * 0.08;
  return [low, high];
}

/** The bounds of a logarithmic axis: whole powers of ten around the data, never less than one of them. */
export function logRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !(min > 0) || !Number.isFinite(max)) return [1, 10];
  const low = 10 ** Math.floor(Math.log10(min));
  const high = 10 ** Math.ceil(Math.log10(max));
  return high > low ? [low, high] : [low, low * 10];
}

/** The bounds that were chosen, where they make sense, else those of the data. */
export function boundedRange(range: [number, number], shape: ChartShape): [number, number] {
  const low = shape.min !== null && (!shape.log || shape.min > 0) ? shape.min : range[0];
  const high = shape.max !== null && (!shape.log || shape.max > 0) ? shape.max : range[1];
  return high > low ? [low, high] : range;
}

/** The step at which a line ended before the chart's end, or null when it goes to the end or has no value. */
export function endOf(values: readonly LineValue[]): number | null {
  let ended = false;
  for (let index = values.length - 1; index >= 0; index -= 1) {
    const value = values[index];
    if (value === null) ended = true;
    else if (value !== undefined) return ended ? index : null;
  }
  return null;
}

/** The newest value that a line has. */
export function lastKnown(values: readonly LineValue[]): number | null {
  return values.findLast((value): value is number => value !== null && value !== undefined) ?? null;
}

/** Values without a neighbour on either side, which no stroke would show. */
export function lonelyPoints(values: readonly LineValue[]): number[] {
  const lonely: number[] = [];
  for (let index = 0; index < values.length; index += 1) {
    if (values[index] === null || values[index] === undefined) continue;
    if ((values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null) lonely.push(index);
  }
  return lonely;
}
