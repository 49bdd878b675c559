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
const WAITING_BLOCKS = 16;
/** Blocks of one segment at first; its terms are sorted in memory. While more is being read, so many are waited for. */
export const BUILD_BLOCKS = 256;

/**
 * How urgent the index is: `reading` while lines arrive as fast as they can be stored, `written` when the reading is up
 * with them, `over` for a day to which nothing more comes.
 */
export type IndexMoment = 'reading' | 'written' | 'over';

const LEAST: Readonly<Record<IndexMoment, number>> = {
  reading: BUILD_BLOCKS,
  written: WAITING_BLOCKS,
  over: 1,
};
/** Segments of one size are merged when there are so many side by side. */
const MERGE_AT = 8;
/** Terms of a segment that is merged no further: making it would take too long at one go. */
const MERGE_TERMS = 40_000_000;

/**
 * Decides what to do next for a day file's index: make a segment of blocks that have none, else merge segments.
 *
 * @param segments in the order of their blocks
 */
export function planIndex(
  segments: readonly SegmentRange[],
  lastBlock: number,
  moment: IndexMoment,
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
  if (waiting >= LEAST[moment])
    return { kind: 'build', firstBlock: next, lastBlock: Math.min(lastBlock, next + BUILD_BLOCKS - 1) };
  if (moment === 'reading') return null;
  const same = sameSize(segments);
  // What is left of a day is put together, but large segments stay: the space of their old pages would stay in the file.
  const run = moment === 'over' && same.length < 2 ? smallOnes(segments) : same;
  return run.length < 2 ? null : { kind: 'merge', segments: run };
}

/** The power of {@link MERGE_AT} that a segment's blocks reach; one without terms is of no size and stays alone. */
function sizeOf(segment: SegmentRange | undefined): number {
  if (segment === undefined) return -1;
  if (segment.terms === 0) return -1 - segment.id;
  const blocks = segment.lastBlock - segment.firstBlock + 1;
  let size = 0;
  for (let least = WAITING_BLOCKS * MERGE_AT; least <= blocks; least *= MERGE_AT) size += 1;
  return size;
}

/** Neighbours of one size, where enough of them stand side by side and do not become too large. */
function sameSize(segments: readonly SegmentRange[]): readonly SegmentRange[] {
  for (let first = 0; first + MERGE_AT <= segments.length; first += 1) {
    const run = segments.slice(first, first + MERGE_AT);
    const size = sizeOf(segments[first]);
    const terms = run.reduce((sum, segment) => sum + segment.terms, 0);
    if (terms <= MERGE_TERMS && run.every((segment) => sizeOf(segment) === size)) return run;
  }
  return [];
}

/** The first neighbours that are smaller than what is made at one go. */
function smallOnes(segments: readonly SegmentRange[]): readonly SegmentRange[] {
  let run: SegmentRange[] = [];
  for (const segment of segments) {
    const small = segment.terms > 0 && segment.lastBlock - segment.firstBlock + 1 < BUILD_BLOCKS;
    if (small) run.push(segment);
    if (run.length === MERGE_AT) return run;
    if (small) continue;
    if (run.length >= 2) return run;
    run = [];
  }
  return run;
}
