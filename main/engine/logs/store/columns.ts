import type { StoredLine } from '../model.ts';
import type { EventChanges } from '../stage.ts';
import { giveBackColumn } from './column-memory.ts';

/**
 * Lines of one log file in their order, column by column over the memory in which their text lies: some fifty thousand of them
 * pass through the log thread in a tenth of a second, and an object for each would cost more than all that is done with it.
 */
export type TextColumns = {
  readonly events: number;
  readonly times: Float64Array;
  readonly offsets: Float64Array;
  readonly ends: Float64Array;
  readonly levels: Uint8Array;
  readonly flags: Uint8Array;
  /** Line `i` is `data.subarray(starts[i], stops[i])`. */
  readonly starts: Uint32Array;
  readonly stops: Uint32Array;
  /** Null when no line has any. */
  readonly changes: readonly (EventChanges | null)[] | null;
  readonly data: Buffer;
};

/** Lines on their way into the store. */
export type LineColumns = TextColumns & {
  /** The name of each line's log stream; null: all go to the default stream. */
  readonly streams: readonly string[] | null;
};

/** Some of the lines of columns, from `from` up to `to`. */
export type ColumnsPart = { readonly columns: TextColumns; readonly from: number; readonly to: number };

/** All lines of columns. */
export function wholeOf(columns: TextColumns): ColumnsPart {
  return { columns, from: 0, to: columns.events };
}

const LF = 10;

/**
 * Puts columns together. All are made here, because V8 compiles what goes through them for objects made in one place, and once more
 * for those of each other.
 */
export function lineColumns(columns: TextColumns, streams: LineColumns['streams']): LineColumns {
  const { events, times, offsets, ends, levels, flags, starts, stops, changes, data } = columns;
  return { events, times, offsets, ends, levels, flags, starts, stops, changes, data, streams };
}

/** No lines. */
export const NO_LINES: LineColumns = gathered([]);

/**
 * Puts lines that are objects into columns; their text is copied, one line behind the other with one LF between two.
 *
 * @param streams the names of their log streams, where they count
 */
export function gathered(lines: readonly StoredLine[], streams: LineColumns['streams'] = null): LineColumns {
  const count = lines.length;
  let bytes = 0;
  let changed = false;
  for (const { raw, changes } of lines) {
    bytes += raw.length + 1;
    if (changes !== null) changed = true;
  }
  const data = Buffer.allocUnsafeSlow(bytes);
  const columns = lineColumns(
    {
      events: count,
      times: new Float64Array(count),
      offsets: new Float64Array(count),
      ends: new Float64Array(count),
      levels: new Uint8Array(count),
      flags: new Uint8Array(count),
      starts: new Uint32Array(count),
      stops: new Uint32Array(count),
      changes: changed ? lines.map(({ changes }) => changes) : null,
      data,
    },
    streams,
  );
  let at = 0;
  lines.forEach((line, i) => {
    columns.times[i] = line.time;
    columns.offsets[i] = line.offset;
    columns.ends[i] = line.end;
    columns.levels[i] = line.level;
    columns.flags[i] = line.flags;
    columns.starts[i] = at;
    at += line.raw.copy(data, at);
    columns.stops[i] = at;
    data[at] = LF;
    at += 1;
  });
  return columns;
}

/** The lines from `from` up to `to`, over the same memory. */
export function sliceOf(columns: LineColumns, from: number, to: number): LineColumns {
  if (from === 0 && to === columns.events) return columns;
  const part: TextColumns = {
    events: to - from,
    times: columns.times.subarray(from, to),
    offsets: columns.offsets.subarray(from, to),
    ends: columns.ends.subarray(from, to),
    levels: columns.levels.subarray(from, to),
    flags: columns.flags.subarray(from, to),
    starts: columns.starts.subarray(from, to),
    stops: columns.stops.subarray(from, to),
    changes: columns.changes?.slice(from, to) ?? null,
    data: columns.data,
  };
  return lineColumns(part, columns.streams?.slice(from, to) ?? null);
}

/** One line out of the columns; its text is not copied. */
export function lineOfStream(columns: TextColumns, i: number, stream: string): StoredLine {
  return {
    offset: columns.offsets[i] ?? 0,
    end: columns.ends[i] ?? 0,
    time: columns.times[i] ?? 0,
    level: columns.levels[i] ?? 0,
    flags: columns.flags[i] ?? 0,
    stream,
    changes: columns.changes?.[i] ?? null,
    raw: columns.data.subarray(columns.starts[i], columns.stops[i]),
  };
}

/** The log stream of a line on its way into the store. */
export function streamAt({ streams }: LineColumns, i: number): string {
  return streams?.[i] ?? '';
}

/** Less memory is left to the garbage collection. */
const LEAST_GIVEN_BACK_BYTES = 4096;

/** Gives the memory of columns back, which several may share, but not that of their text; nobody may look at them any more. */
export function giveBackColumns(all: readonly TextColumns[]): void {
  const memory = new Set<ArrayBufferLike>();
  for (const { times, offsets, ends, levels, flags, starts, stops } of all)
    for (const { buffer } of [times, offsets, ends, levels, flags, starts, stops])
      if (buffer.byteLength >= LEAST_GIVEN_BACK_BYTES) memory.add(buffer);
  for (const buffer of memory) if (buffer instanceof ArrayBuffer) giveBackColumn(buffer);
}

/** Bytes of the text of lines, without their line ends. */
export function textBytes({ columns: { starts, stops }, from, to }: ColumnsPart): number {
  let bytes = 0;
  for (let i = from; i < to; i += 1) bytes += (stops[i] ?? 0) - (starts[i] ?? 0);
  return bytes;
}

/** The lines of each log stream, in their order. */
export function byStream(columns: LineColumns): ReadonlyMap<string, TextColumns> {
  const { streams } = columns;
  if (streams === null) return new Map([['', columns]]);
  const indices = new Map<string, number[]>();
  streams.forEach((name, i) => {
    const known = indices.get(name);
    if (known) known.push(i);
    else indices.set(name, [i]);
  });
  if (indices.size === 1) return new Map([[streams[0] ?? '', columns]]);
  return new Map([...indices].map(([name, picked]) => [name, pickedOf(columns, picked)]));
}

function pickedOf(columns: TextColumns, picked: readonly number[]): TextColumns {
  const wide = (from: Float64Array): Float64Array => Float64Array.from(picked, (i) => from[i] ?? 0);
  const places = (from: Uint32Array): Uint32Array => Uint32Array.from(picked, (i) => from[i] ?? 0);
  const small = (from: Uint8Array): Uint8Array => Uint8Array.from(picked, (i) => from[i] ?? 0);
  const part: TextColumns = {
    events: picked.length,
    times: wide(columns.times),
    offsets: wide(columns.offsets),
    ends: wide(columns.ends),
    levels: small(columns.levels),
    flags: small(columns.flags),
    starts: places(columns.starts),
    stops: places(columns.stops),
    changes: columns.changes === null ? null : picked.map((i) => columns.changes?.[i] ?? null),
    data: columns.data,
  };
  return lineColumns(part, null);
}
