import { FLAG, LEVEL_CODE } from '../model.ts';
import type { LineParser } from '../parse/parser.ts';
import { NOT_PLAIN } from '../parse/quick.ts';
import { takeColumn } from '../store/column-memory.ts';
import { type LineColumns, lineColumns } from '../store/columns.ts';
import type { PlainLines } from '../tail/lines.ts';
import type { Placing } from './placing.ts';

/** Lines whose level, time and flags are decided, and where among them the day file changes. */
export type PlacedLines = {
  readonly columns: LineColumns;
  /** Each run of lines that go to one day file: its name, and behind which line it ends. */
  readonly runs: readonly { readonly day: string; readonly to: number }[];
  /** Lines that do not have the format. */
  readonly unmatched: number;
};

/**
 * Decides of lines that nothing has changed and no pipeline wants to see, without an object for any of them: their bytes stay
 * where they are, and a text is made only of lines that the format's reader of bytes does not know.
 */
export function placePlain(
  plain: PlainLines,
  parser: LineParser,
  placing: Placing,
  nearMs: number,
): PlacedLines {
  const { data, base, count } = plain;
  const starts = plain.starts.subarray(0, count);
  const stops = plain.stops.subarray(0, count);
  const wide = (): Float64Array => new Float64Array(takeColumn(count * 8), 0, count);
  const narrow = (): Uint8Array => new Uint8Array(takeColumn(count), 0, count);
  const [times, offsets, ends] = [wide(), wide(), wide()];
  const [levels, flags] = [narrow(), narrow()];
  const runs: { day: string; to: number }[] = [];
  const read = parser.head;
  let unmatched = 0;
  for (let i = 0; i < count; i += 1) {
    const start = starts[i] ?? 0;
    const stop = stops[i] ?? 0;
    let level = read === undefined ? NOT_PLAIN : read(data, start, stop, times, i);
    if (level === NOT_PLAIN) {
      const text = data.toString('utf8', start, stop);
      const parsed = parser.parse(text, nearMs);
      if (parsed === null && text.trim() !== '') unmatched += 1;
      placing.timed(parsed?.time ?? null);
      level = LEVEL_CODE[parsed?.level ?? 'unknown'];
    } else placing.timed(times[i] ?? 0);
    const { time } = placing;
    if (!placing.stays(time)) {
      if (i > 0) runs.push({ day: placing.day, to: i });
      placing.goOn(time);
    }
    const isCrLf = data[stop] === CR;
    times[i] = time;
    levels[i] = level;
    flags[i] = isCrLf ? placing.flags | FLAG.crlf : placing.flags;
    offsets[i] = base + start;
    ends[i] = base + stop + (isCrLf ? 2 : 1);
  }
  if (count > 0) runs.push({ day: placing.day, to: count });
  return {
    columns: lineColumns(
      { events: count, ...{ times, offsets, ends, levels, flags, starts, stops, data }, changes: null },
      null,
    ),
    runs,
    unmatched,
  };
}

const CR = 13;
