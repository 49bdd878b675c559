import {
  type Interval,
  isFresh,
  joined,
  lostIntervals,
  partsByDay,
  type RawPart,
  type RollupFacts,
  without,
} from './plan.ts';
import { FIVE_MINUTES, ONE_HOUR } from './schema.ts';

/** A piece of time, (start, end], and the file that answers for it; null where the samples do. */
export type Piece<F> = Interval & { readonly file: F | null };

/** Which file answers for which time. Made anew when the partitions or the roll-up files change. */
export class Coverage<F extends RollupFacts> {
  /** Times of which samples were there once and are no longer. */
  readonly lost: readonly Interval[];
  readonly #fine: readonly (Interval & { readonly file: F })[];
  readonly #hours: readonly (Interval & { readonly file: F })[];

  constructor(partitions: readonly RawPart[], files: readonly F[]) {
    const byDay = partsByDay(partitions);
    this.lost = lostIntervals(partitions, files);
    const days = files.filter(({ resolution }) => resolution === FIVE_MINUTES);
    const fresh = days.filter((file) => isFresh(file, byDay.get(file.start) ?? []));
    this.#fine = fresh.map((file) => ({ start: file.start, end: file.end, file }));
    const nameOf = new Map(days.map(({ start, name }) => [start, name]));
    const freshNames = new Set(fresh.map(({ name }) => name));
    this.#hours = files
      .filter(({ resolution }) => resolution === ONE_HOUR)
      .flatMap((file) => {
        // A day that has changed since counts when its hours were made anew.
        const good = file.sources.filter(
          ({ start, name }) => !nameOf.has(start) || (nameOf.get(start) === name && freshNames.has(name)),
        );
        return joined(good).map(({ start, end }) => ({ start, end, file }));
      });
  }

  /** The pieces of (from, to], in order of time, for buckets of a resolution: its own files first, then finer ones. */
  pieces(resolution: number, from: number, to: number): readonly Piece<F>[] {
    const pieces: Piece<F>[] = [];
    let left: readonly Interval[] = [{ start: from, end: to }];
    for (const layer of resolution === ONE_HOUR ? [this.#hours, this.#fine] : [this.#fine]) {
      for (const { start, end, file } of layer)
        for (const gap of left) {
          const piece = { start: Math.max(start, gap.start), end: Math.min(end, gap.end), file };
          if (piece.start < piece.end) pieces.push(piece);
        }
      left = without(left, joined(layer));
    }
    for (const { start, end } of left) pieces.push({ start, end, file: null });
    return pieces.sort((a, b) => a.start - b.start);
  }

  /** Whether a file has buckets of a resolution, or finer ones, of some of (from, to]. */
  has(resolution: number, from: number, to: number): boolean {
    const overlaps = ({ start, end }: Interval): boolean => start < to && end > from;
    return this.#fine.some(overlaps) || (resolution === ONE_HOUR && this.#hours.some(overlaps));
  }

  /** The finest resolution in which all that was ever known of (from, to] is there: 0 is the samples. */
  finest(from: number, to: number): number {
    const lost = this.lost
      .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }))
      .filter(({ start, end }) => start < end);
    if (lost.length === 0) return 0;
    return without(lost, joined(this.#fine)).length === 0 ? FIVE_MINUTES : ONE_HOUR;
  }
}
