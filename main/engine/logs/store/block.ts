import { freeNow } from '../../platform/large-buffers.ts';
import { FLAG, type StoredLine } from '../model.ts';
import type { EventChanges } from '../stage.ts';
import { type ColumnsPart, gathered, lineOfStream, type TextColumns, textBytes } from './columns.ts';

/** The arrangement of block data that is written; layout 1 is still read (docs/logs-format.md, "Block data"). */
export const LAYOUT = 2;

const LF = 10;
const EMPTY = Buffer.alloc(0);

/** The lines of a block, over one buffer: for searches that look at bytes and open few lines. */
export type BlockColumns = TextColumns & {
  /** Name of the log stream of all lines. */
  readonly stream: string;
};

/** What is known of a block outside its data. */
export type BlockFrame = {
  readonly layout: number;
  readonly events: number;
  readonly firstOffset: number;
  readonly minTime: number;
  readonly stream: string;
};

/** Says whether block data of this layout can be read. */
export function knowsLayout(layout: number): boolean {
  return layout === 1 || layout === LAYOUT;
}

/** Where block data is arranged; the memory is used again for the next block. */
let scratch = Buffer.alloc(0);

/** Block data, and where in it the text of the lines begins, each followed by LF; null where lines carry changes besides. */
type EncodedBlock = { readonly data: Buffer; readonly text: number | null };

/**
 * Arranges lines for compression, in layout {@link LAYOUT}. There must be at least one; offsets rise. The result is valid until
 * the next call.
 */
export function encodeBlock(
  parts: readonly ColumnsPart[],
  firstOffset: number,
  minTime: number,
): EncodedBlock {
  const changes = changesOf(parts);
  const room = roomFor(parts) + (changes?.reduce((sum, json) => sum + json.length, 0) ?? 0);
  if (scratch.length < room) scratch = Buffer.allocUnsafeSlow(Math.ceil(room / SCRATCH_STEP) * SCRATCH_STEP);
  const out = scratch;
  let at = putNumbers(out, parts, firstOffset, minTime);
  out[at++] = changes === null ? 0 : 1;
  for (const json of changes ?? []) at = putVarint(out, at, json.length);
  for (const json of changes ?? []) at += json.copy(out, at);
  const text = changes === null ? at : null;
  for (const part of parts) at = putText(out, at, part);
  return { data: out.subarray(0, at), text };
}

const SCRATCH_STEP = 64 * 1024;

/** A line takes at most three varints of 53-bit values (8 bytes each), two of lengths (5 each) and three single bytes. */
function roomFor(parts: readonly ColumnsPart[]): number {
  return parts.reduce((sum, part) => sum + (part.to - part.from) * 40 + textBytes(part), 1);
}

/** The JSON of each line's changes; null where no line has any. */
function changesOf(parts: readonly ColumnsPart[]): readonly Buffer[] | null {
  if (parts.every(({ columns }) => columns.changes === null)) return null;
  let any = false;
  const list: Buffer[] = [];
  for (const { columns, from, to } of parts)
    for (let i = from; i < to; i += 1) {
      const changes = columns.changes?.[i] ?? null;
      any ||= changes !== null;
      list.push(changes === null ? EMPTY : Buffer.from(JSON.stringify(changes)));
    }
  return any ? list : null;
}

function putVarint(out: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 0x80) {
    out[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  out[at++] = rest;
  return at;
}

function putZigzag(out: Buffer, at: number, value: number): number {
  // Most are small and of one byte.
  if (value >= 0 && value < 0x40) {
    out[at] = value * 2;
    return at + 1;
  }
  return putVarint(out, at, value >= 0 ? value * 2 : -value * 2 - 1);
}

/** Writes the columns of numbers; says where they end. */
function putNumbers(
  out: Buffer,
  parts: readonly ColumnsPart[],
  firstOffset: number,
  minTime: number,
): number {
  let at = 0;
  let before = minTime;
  for (const { columns, from, to } of parts)
    for (let i = from; i < to; i += 1) {
      const time = columns.times[i] ?? 0;
      at = putZigzag(out, at, time - before);
      before = time;
    }
  let behind = firstOffset;
  for (const { columns, from, to } of parts)
    for (let i = from; i < to; i += 1) {
      at = putZigzag(out, at, (columns.offsets[i] ?? 0) - behind);
      behind = columns.ends[i] ?? 0;
    }
  for (const { columns, from, to } of parts)
    for (let i = from; i < to; i += 1) {
      const length = (columns.stops[i] ?? 0) - (columns.starts[i] ?? 0);
      at = putZigzag(out, at, (columns.ends[i] ?? 0) - (columns.offsets[i] ?? 0) - length);
    }
  for (const { columns, from, to } of parts) {
    out.set(columns.levels.subarray(from, to), at);
    at += to - from;
  }
  for (const { columns, from, to } of parts) {
    out.set(columns.flags.subarray(from, to), at);
    at += to - from;
  }
  for (const { columns, from, to } of parts)
    for (let i = from; i < to; i += 1)
      at = putVarint(out, at, (columns.stops[i] ?? 0) - (columns.starts[i] ?? 0));
  return at;
}

/** Writes the text of lines, each followed by LF; at once where it lies in memory like that. */
function putText(out: Buffer, start: number, { columns, from, to }: ColumnsPart): number {
  const { data, starts, stops } = columns;
  const first = starts[from] ?? 0;
  const last = stops[to - 1] ?? 0;
  let isOne = data[last] === LF;
  for (let i = from + 1; isOne && i < to; i += 1) {
    const stop = stops[i - 1] ?? 0;
    isOne = data[stop] === LF && starts[i] === stop + 1;
  }
  if (isOne) return start + data.copy(out, start, first, last + 1);
  let at = start;
  for (let i = from; i < to; i += 1) {
    at += data.copy(out, at, starts[i], stops[i]);
    out[at++] = LF;
  }
  return at;
}

/**
 * Where the text of layout 2 begins in block data, in which every line is followed by LF. Null where lines carry changes, which
 * are to be read, too, and for layout 1, in which nothing stands between two lines.
 */
export function textStart(
  data: Buffer,
  { layout, events }: Pick<BlockFrame, 'layout' | 'events'>,
): number | null {
  if (layout !== LAYOUT) return null;
  let at = 0;
  const skip = (numbers: number): void => {
    for (let left = numbers; left > 0; at += 1) {
      const byte = data[at];
      if (byte === undefined) throw new Error('log block ends early');
      if (byte < 0x80) left -= 1;
    }
  };
  // Times, offsets and ends; levels and flags; lengths.
  skip(events * 3);
  at += events * 2;
  skip(events);
  return data[at] === 0 ? at + 1 : null;
}

/** Takes block data apart. Throws on data that is not a block: its CRC was checked before, so that is a bug. */
export function decodeColumns(data: Buffer, frame: BlockFrame): BlockColumns {
  const { events, stream } = frame;
  const first = frame.layout === 1;
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = data[at++];
      if (byte === undefined) throw new Error('log block ends early');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  };
  const zigzag = (): number => {
    const value = varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const times = new Float64Array(events);
  const offsets = new Float64Array(events);
  const ends = new Float64Array(events);
  const starts = new Uint32Array(events);
  const stops = new Uint32Array(events);
  let time = frame.minTime;
  for (let i = 0; i < events; i += 1) {
    time += zigzag();
    times[i] = time;
  }
  // Numbers of layout 2 that are relative to the line's end wait in their columns until the lengths are known.
  for (let i = 0; i < events; i += 1) offsets[i] = first ? varint() : zigzag();
  if (!first) for (let i = 0; i < events; i += 1) ends[i] = zigzag();
  const levels = data.subarray(at, at + events);
  const flags = data.subarray(at + events, at + events * 2);
  at += events * 2;
  for (let i = 0; i < events; i += 1) stops[i] = varint();
  let changes: (EventChanges | null)[] | null = null;
  if (!first && data[at++] === 1) {
    const lengths = Array.from({ length: events }, varint);
    changes = lengths.map((length) => {
      const json = data.toString('utf8', at, at + length);
      at += length;
      return length === 0 ? null : (JSON.parse(json) as EventChanges);
    });
  }
  let behind = frame.firstOffset;
  for (let i = 0; i < events; i += 1) {
    const length = stops[i] ?? 0;
    starts[i] = at;
    stops[i] = at + length;
    at += first ? length : length + 1;
    const offset = behind + (offsets[i] ?? 0);
    offsets[i] = offset;
    // Layout 1 knew only where lines begin; their ends are as good as certain, the line end being one byte or two.
    ends[i] = first ? offset + length + lineEnd(flags[i] ?? 0) : offset + length + (ends[i] ?? 0);
    behind = first ? offset : (ends[i] ?? 0);
  }
  if (at !== data.length) throw new Error('log block has bytes left over');
  return { events, stream, times, offsets, ends, levels, flags, starts, stops, changes, data };
}

/** Bytes of the line end of a line that was stored without saying where it ends. */
export function lineEnd(flags: number): number {
  return (flags & FLAG.crlf) === 0 ? 1 : 2;
}

/** Gives the memory of an opened block back at once; nobody may look at it any more. */
export function freeBlock({ data, times, offsets, ends, starts, stops }: BlockColumns): void {
  // Waiting for garbage collection would hold some hundred blocks in each thread.
  freeNow(data);
  for (const column of [times, offsets, ends, starts, stops]) freeNow(new Uint8Array(column.buffer));
}

/** One line out of the columns. */
export function lineOf(columns: BlockColumns, i: number): StoredLine {
  return lineOfStream(columns, i, columns.stream);
}

/** All lines out of the columns. */
export function linesOf(columns: BlockColumns): readonly StoredLine[] {
  return Array.from({ length: columns.events }, (_, i) => lineOf(columns, i));
}

/** Puts lines that are in memory into columns, as if they had been a block: for pending rows. */
export function columnsOf(lines: readonly StoredLine[], stream: string): BlockColumns {
  return { ...gathered(lines), stream };
}
