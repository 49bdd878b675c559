import { FLAG, type StoredLine } from '../model.ts';
import type { EventChanges } from '../stage.ts';

/** The arrangement of block data that is written; layout 1 is still read (docs/logs-format.md, "Block data"). */
export const LAYOUT = 2;

const LF = 10;
const EMPTY = Buffer.alloc(0);

/** The lines of a block, column by column, over one buffer: for searches that look at bytes and open few lines. */
export type BlockColumns = {
  readonly events: number;
  /** Name of the log stream of all lines. */
  readonly stream: string;
  readonly times: Float64Array;
  readonly offsets: Float64Array;
  readonly ends: Float64Array;
  readonly levels: Uint8Array;
  readonly flags: Uint8Array;
  /**
   * Line `i` is `data.subarray(starts[i], stops[i])`. The lines stand one behind the other, with one LF between two (none in
   * blocks of layout 1).
   */
  readonly starts: Uint32Array;
  readonly stops: Uint32Array;
  /** Null when no line has any. */
  readonly changes: readonly (EventChanges | null)[] | null;
  readonly data: Buffer;
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

/**
 * Arranges lines for compression, in layout {@link LAYOUT}. `lines` must not be empty; offsets rise. The result lies in
 * memory that {@link freeNow} may free.
 */
export function encodeBlock(lines: readonly StoredLine[], firstOffset: number, minTime: number): Buffer {
  // A line takes at most three varints of 53-bit values (8 bytes each), two of lengths (5 each) and three single bytes.
  let bytes = lines.length * 40 + 1;
  let changed: Buffer[] | null = null;
  for (const line of lines) {
    bytes += line.raw.length;
    if (line.changes !== null) changed ??= [];
  }
  if (changed !== null) {
    for (const line of lines) {
      const json = line.changes === null ? EMPTY : Buffer.from(JSON.stringify(line.changes));
      changed.push(json);
      bytes += json.length;
    }
  }
  const out = Buffer.allocUnsafeSlow(bytes);
  let at = 0;
  const varint = (value: number): void => {
    let rest = value;
    while (rest >= 0x80) {
      out[at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    out[at++] = rest;
  };
  const zigzag = (value: number): void => varint(value >= 0 ? value * 2 : -value * 2 - 1);
  let time = minTime;
  for (const line of lines) {
    zigzag(line.time - time);
    time = line.time;
  }
  let behind = firstOffset;
  for (const line of lines) {
    zigzag(line.offset - behind);
    behind = line.end;
  }
  for (const line of lines) zigzag(line.end - line.offset - line.raw.length);
  for (const line of lines) out[at++] = line.level;
  for (const line of lines) out[at++] = line.flags;
  for (const line of lines) varint(line.raw.length);
  out[at++] = changed === null ? 0 : 1;
  for (const json of changed ?? []) varint(json.length);
  for (const json of changed ?? []) at += json.copy(out, at);
  for (const line of lines) {
    at += line.raw.copy(out, at);
    out[at++] = LF;
  }
  return out.subarray(0, at);
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

/** One line out of the columns. */
export function lineOf(columns: BlockColumns, i: number): StoredLine {
  return {
    offset: columns.offsets[i] ?? 0,
    end: columns.ends[i] ?? 0,
    time: columns.times[i] ?? 0,
    level: columns.levels[i] ?? 0,
    flags: columns.flags[i] ?? 0,
    stream: columns.stream,
    changes: columns.changes?.[i] ?? null,
    raw: columns.data.subarray(columns.starts[i], columns.stops[i]),
  };
}

/** All lines out of the columns. */
export function linesOf(columns: BlockColumns): readonly StoredLine[] {
  return Array.from({ length: columns.events }, (_, i) => lineOf(columns, i));
}

/** Puts lines that are in memory into columns, as if they had been a block: for pending rows. */
export function columnsOf(lines: readonly StoredLine[], stream: string): BlockColumns {
  const first = lines[0];
  const minTime = lines.reduce((least, line) => Math.min(least, line.time), first?.time ?? 0);
  const firstOffset = first?.offset ?? 0;
  const frame = { layout: LAYOUT, events: lines.length, firstOffset, minTime, stream };
  return decodeColumns(encodeBlock(lines, firstOffset, minTime), frame);
}
