import { BLOCK_BYTES, BLOCK_EVENTS, LEVELS } from '../model.ts';
import { type ColumnsPart, type TextColumns, textBytes, wholeOf } from './columns.ts';

/** Lines in the order in which they fill blocks: those of each full block, and those that are left. */
export type Filled = {
  readonly blocks: readonly (readonly ColumnsPart[])[];
  readonly rest: readonly ColumnsPart[];
};

/** Cuts lines into full blocks: of {@link BLOCK_EVENTS} lines, or as soon as they reach {@link BLOCK_BYTES}. */
export function fillBlocks(pieces: readonly TextColumns[]): Filled {
  const blocks: ColumnsPart[][] = [];
  let open: ColumnsPart[] = [];
  let events = 0;
  let bytes = 0;
  for (const columns of pieces) {
    for (let from = 0; from < columns.events; ) {
      const part = filling(columns, from, BLOCK_EVENTS - events, BLOCK_BYTES - bytes);
      open.push(part);
      events += part.to - from;
      bytes += textBytes(part);
      from = part.to;
      if (events < BLOCK_EVENTS && bytes < BLOCK_BYTES) continue;
      blocks.push(open);
      open = [];
      events = 0;
      bytes = 0;
    }
  }
  return { blocks, rest: open };
}

/** The lines from `from` on with which a block has so many more lines, or at least so many more bytes, or those that are left. */
function filling(columns: TextColumns, from: number, lines: number, most: number): ColumnsPart {
  const { starts, stops } = columns;
  const last = Math.min(columns.events, from + lines);
  let to = from;
  for (let bytes = 0; to < last && bytes < most; to += 1) bytes += (stops[to] ?? 0) - (starts[to] ?? 0);
  return { columns, from, to };
}

/** Nothing is cut: the lines stay as they are. */
export function unfilled(pieces: readonly TextColumns[]): Filled {
  return { blocks: [], rest: pieces.map(wholeOf) };
}

/** The range of times of lines. */
export type TimeSpan = { readonly minTime: number; readonly maxTime: number };

/** The range of times of some lines. */
export function timeSpan(parts: readonly ColumnsPart[]): TimeSpan {
  let minTime = Number.POSITIVE_INFINITY;
  let maxTime = Number.NEGATIVE_INFINITY;
  for (const { columns, from, to } of parts)
    for (let i = from; i < to; i += 1) {
      const time = columns.times[i] ?? 0;
      if (time < minTime) minTime = time;
      if (time > maxTime) maxTime = time;
    }
  return { minTime, maxTime };
}

/** How many of some lines have each level, by its number. */
export function levelCounts(parts: readonly ColumnsPart[]): readonly number[] {
  const counts = new Array<number>(LEVELS.length).fill(0);
  for (const { columns, from, to } of parts)
    for (let i = from; i < to; i += 1) {
      const level = columns.levels[i] ?? 0;
      counts[level] = (counts[level] ?? 0) + 1;
    }
  return counts;
}

/** How many lines there are in all. */
export function eventsOf(parts: readonly ColumnsPart[]): number {
  return parts.reduce((sum, { from, to }) => sum + to - from, 0);
}
