import type { FormatSpec } from '../model.ts';
import type { LineColumns } from './columns.ts';
import type { Segment } from './day.ts';

/** Segments of one log file that were put together: the last one's position, and the lines of all that have some. */
export type JoinedSegment = Omit<Segment, 'lines'> & { readonly pieces: readonly LineColumns[] };

/**
 * Puts the segments of one log file together, so that its lines fill blocks instead of waiting as pending rows between
 * one segment and the next. Segments of other log files may stand between them.
 */
export function joined(segments: readonly Segment[]): readonly JoinedSegment[] {
  const done: JoinedSegment[] = [];
  const last = new Map<string, number>();
  for (const { lines, ...segment } of segments) {
    const pieces = lines.events === 0 ? [] : [lines];
    const { key } = segment.position;
    const at = last.get(key);
    const before = at === undefined ? undefined : done[at];
    if (at !== undefined && before !== undefined && sameFormat(before.format, segment.format))
      done[at] = { ...segment, pieces: [...before.pieces, ...pieces] };
    else {
      last.set(key, done.length);
      done.push({ ...segment, pieces });
    }
  }
  return done;
}

function sameFormat(a: FormatSpec, b: FormatSpec): boolean {
  return a.spec === b.spec && a.zone === b.zone;
}
