/** A range of blocks of a day file that a segment of its index covers. */
export type SegmentRange = {
  readonly id: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly terms: number;
};

/** What is to be done next for the index of a day file. */
export type IndexJob =
  | { readonly kind: 'build'; readonly firstBlock: number; readonly lastBlock: number }
  | { readonly kind: 'merge'; readonly segments: readonly SegmentRange[] };

/** Blocks are indexed when so many wait; fewer are looked through as quickly. */
export const WAITING_BLOCKS = 16;
/** Blocks of one segment at first; its terms are sorted in memory. */
export const BUILD_BLOCKS = 512;
/** Segments of one size are merged when there are so many side by side. */
const MERGE_AT = 8;
/** Terms of a segment that is merged no further: making it would take too long at one go. */
const MERGE_TERMS = 40_000_000;

/**
 * Decides what to do next for a day file's index: make a segment of blocks that have none, else merge segments.
 *
 * @param segments in the order of their blocks
 * @param over whether nothing more is written to the day: then the last blocks are not waited for, and all is merged
 */
export function planIndex(
  segments: readonly SegmentRange[],
  lastBlock: number,
  over: boolean,
): IndexJob | null {
  let next = 1;
  for (const segment of segments) {
    if (segment.firstBlock > next)
      return {
        kind: 'build',
        firstBlock: next,
        lastBlock: Math.min(segment.firstBlock - 1, next + BUILD_BLOCKS - 1),
      };
    next = segment.lastBlock + 1;
  }
  const waiting = lastBlock - next + 1;
  if (waiting >= (over ? 1 : WAITING_BLOCKS))
    return { kind: 'build', firstBlock: next, lastBlock: Math.min(lastBlock, next + BUILD_BLOCKS - 1) };
  const run = over ? fitting(segments, segments.length) : sameSize(segments);
  return run.length < 2 ? null : { kind: 'merge', segments: run };
}

/** The power of {@link MERGE_AT} that a segment's blocks reach; one without terms is of no size and stays alone. */
function sizeOf(segment: SegmentRange): number {
  if (segment.terms === 0) return -1 - segment.id;
  const blocks = segment.lastBlock - segment.firstBlock + 1;
  let size = 0;
  for (let least = WAITING_BLOCKS * MERGE_AT; least <= blocks; least *= MERGE_AT) size += 1;
  return size;
}

/** The last segments, where enough of them are about equally large. */
function sameSize(segments: readonly SegmentRange[]): readonly SegmentRange[] {
  for (let end = segments.length; end >= MERGE_AT; end -= 1) {
    const last = segments[end - 1];
    if (last === undefined) break;
    const size = sizeOf(last);
    let first = end - 1;
    while (first > 0 && sizeOf(segments[first - 1] ?? last) === size) first -= 1;
    if (end - first >= MERGE_AT) return fitting(segments.slice(first, first + MERGE_AT), MERGE_AT);
    end = first + 1;
  }
  return [];
}

/** The first run of neighbours that may become one. */
function fitting(segments: readonly SegmentRange[], most: number): readonly SegmentRange[] {
  for (let first = 0; first < segments.length; first += 1) {
    let terms = 0;
    let end = first;
    while (end < segments.length && end - first < most) {
      const more = segments[end]?.terms ?? 0;
      terms += more;
      if (more === 0 || terms > MERGE_TERMS) break;
      end += 1;
    }
    if (end - first >= 2) return segments.slice(first, end);
  }
  return [];
}
