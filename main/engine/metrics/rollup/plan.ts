import type { RollupOrder } from './build.ts';
import { DAY_MS, FIVE_MINUTES, HOURS_SPAN, ONE_HOUR, type RollupPart, type RollupSpan } from './schema.ts';

/** A partition, as far as roll-ups look at it. */
export type RawPart = RollupPart & {
  readonly path: string;
  /** Names of the files that it takes the place of. */
  readonly sources: readonly string[];
};

/** A roll-up file, as far as planning looks at it. */
export type RollupFacts = RollupSpan & {
  readonly name: string;
  readonly path: string;
  readonly sources: readonly RollupPart[];
};

/** Time from `start` (excluded) to `end` (included), UTC milliseconds. */
export type Interval = { readonly start: number; readonly end: number };

/** How long roll-ups of five minutes and of an hour are kept, milliseconds. */
export type RollupRetention = { readonly fine: number; readonly hours: number };

/** What there is, and up to when no sample can come any more. */
export type RollupState = {
  readonly partitions: readonly RawPart[];
  readonly rollups: readonly RollupFacts[];
  /** The times between which new samples may still be sealed; nothing comes before or after. */
  readonly open: { readonly from: number; readonly to: number };
  readonly keep: RollupRetention;
};

/** The starts of the days whose buckets the samples of [start, end) fall into: buckets are closed on the right. */
export function daysOf({ start, end }: RollupPart): readonly number[] {
  const days: number[] = [];
  for (let day = (Math.ceil(start / DAY_MS) - 1) * DAY_MS; day < end - 1; day += DAY_MS) days.push(day);
  return days;
}

const NAME = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.(\d+)s/;

/** The files that a partition's samples were sealed into: itself, or those that it was merged from. */
function piecesOf(part: RawPart): readonly RollupPart[] {
  if (part.sources.length === 0) return [part];
  return part.sources.map((name) => {
    // Those files are gone, and only their names still tell of which time they were.
    const [, date, hour, minute, second, length] = NAME.exec(name) ?? [];
    const start = Date.parse(`${date}T${hour}:${minute}:${second}Z`);
    if (Number.isNaN(start)) return { name, start: part.start, end: part.end };
    return { name, start, end: start + Number(length) * 1000 };
  });
}

/** Those of a partition's pieces that have samples of a day. */
function piecesIn(part: RawPart, day: number): readonly RollupPart[] {
  return piecesOf(part).filter((piece) => daysOf(piece).includes(day));
}

/** Partitions by the day that they have samples of. */
export function partsByDay(partitions: readonly RawPart[]): ReadonlyMap<number, readonly RawPart[]> {
  const byDay = new Map<number, RawPart[]>();
  for (const part of partitions)
    for (const day of daysOf(part)) {
      const there = byDay.get(day);
      if (there === undefined) byDay.set(day, [part]);
      else there.push(part);
    }
  return byDay;
}

/** Whether a day's file holds all that is known of the day: nothing new has come since it was made. */
export function isFresh(file: RollupFacts, parts: readonly RawPart[]): boolean {
  const known = new Set(file.sources.map(({ name }) => name));
  const fresh = parts.every((part) => piecesIn(part, file.start).every(({ name }) => known.has(name)));
  if (fresh) return true;
  // What came after some of the day's partitions had gone cannot be put together with them any more.
  return lostSources(file, parts).length > 0;
}

/** What a day's file was made from and is no longer there. */
function lostSources(file: RollupFacts, parts: readonly RawPart[]): readonly RollupPart[] {
  const there = new Set(parts.flatMap((part) => piecesOf(part).map(({ name }) => name)));
  return file.sources.filter(({ name }) => !there.has(name));
}

/** The starts of `spanMs` long pieces that newer ones together push out of the time that is kept. */
export function beyond(starts: Iterable<number>, spanMs: number, keepMs: number): ReadonlySet<number> {
  const newestFirst = [...new Set(starts)].sort((a, b) => b - a);
  return new Set(newestFirst.slice(Math.ceil(keepMs / spanMs)));
}

const hoursStart = (day: number): number => Math.floor(day / HOURS_SPAN) * HOURS_SPAN;

/** Looks at a state as a whole: which days are done, and what is to be done next. */
export class RollupPlanner {
  readonly #state: RollupState;
  readonly #byDay: ReadonlyMap<number, readonly RawPart[]>;
  /** Days of which no file of five minutes is kept, and spans of which no file of hours is. */
  readonly #noFine: ReadonlySet<number>;
  readonly #noHours: ReadonlySet<number>;

  constructor(state: RollupState) {
    this.#state = state;
    this.#byDay = partsByDay(state.partitions);
    const fine = state.rollups.filter(({ resolution }) => resolution === FIVE_MINUTES);
    const days = [...this.#byDay.keys(), ...fine.map(({ start }) => start)];
    this.#noFine = beyond(days, DAY_MS, state.keep.fine);
    const hours = state.rollups.filter(({ resolution }) => resolution === ONE_HOUR);
    this.#noHours = beyond(
      [...days.map(hoursStart), ...hours.map(({ start }) => start)],
      HOURS_SPAN,
      state.keep.hours,
    );
  }

  /**
   * The next file to build in a folder, or null when there is nothing to do.
   *
   * Days come first, the oldest first, so that a backlog ends in one file of hours and not in thirty; only a day that will
   * soon go again is put into its hours at once.
   */
  next(): RollupOrder | null {
    for (const day of [...this.#byDay.keys()].sort((a, b) => a - b)) {
      if (!this.#isSettled(day) || this.#isDone(day)) continue;
      const waiting = this.#noFine.has(day) ? this.#hours() : null;
      return waiting ?? dayOrder(day, this.#byDay.get(day) ?? [], this.#dayFile(day));
    }
    return this.#hours();
  }

  /** Whether nothing is lost to roll-ups when a partition is removed. */
  mayRemove(part: RawPart): boolean {
    return daysOf(part).every((day) => !this.#isSettled(day) || this.#isDone(day));
  }

  /** The roll-up files that are no longer kept. */
  expired(): readonly RollupFacts[] {
    return this.#state.rollups.filter(({ resolution, start, name }) => {
      if (resolution === ONE_HOUR) return this.#noHours.has(start);
      if (!this.#noFine.has(start)) return false;
      // Five minutes go only when the hours have them.
      return this.#noHours.has(hoursStart(start)) || this.#isInHours(start, name);
    });
  }

  /** Files of five minutes, the oldest first, of days that have no samples any more and whose hours are there. */
  spare(): readonly RollupFacts[] {
    const spare = this.#state.rollups.filter(
      ({ resolution, start, name }) =>
        resolution === FIVE_MINUTES && !this.#byDay.has(start) && this.#isInHours(start, name),
    );
    return spare.sort((a, b) => a.start - b.start);
  }

  #isSettled(day: number): boolean {
    const { from, to } = this.#state.open;
    return day + DAY_MS < from || day > to;
  }

  /** Whether a day needs no work: it is in a fresh file, or only hours are kept of its time and it is in those. */
  #isDone(day: number): boolean {
    if (this.#noHours.has(hoursStart(day))) return true;
    const file = this.#dayFile(day);
    if (file === undefined) return this.#noFine.has(day) && this.#inHours(day);
    return isFresh(file, this.#byDay.get(day) ?? []);
  }

  #dayFile(day: number): RollupFacts | undefined {
    return this.#state.rollups.find(({ resolution, start }) => resolution === FIVE_MINUTES && start === day);
  }

  #hoursFile(start: number): RollupFacts | undefined {
    return this.#state.rollups.find((file) => file.resolution === ONE_HOUR && file.start === start);
  }

  /** Whether the hours were made from this very file of the day. */
  #isInHours(day: number, name: string): boolean {
    return this.#hoursFile(hoursStart(day))?.sources.some((source) => source.name === name) ?? false;
  }

  #inHours(day: number): boolean {
    return this.#hoursFile(hoursStart(day))?.sources.some(({ start }) => start === day) ?? false;
  }

  /** A file of hours that lacks a day, or has one that was made anew. */
  #hours(): RollupOrder | null {
    const bySpan = new Map<number, RollupFacts[]>();
    for (const file of this.#state.rollups) {
      const start = hoursStart(file.start);
      if (file.resolution !== FIVE_MINUTES || this.#noHours.has(start)) continue;
      const there = bySpan.get(start);
      if (there === undefined) bySpan.set(start, [file]);
      else there.push(file);
    }
    for (const [start, days] of bySpan) {
      const coarse = this.#hoursFile(start);
      const known = new Set(coarse?.sources.map(({ name }) => name));
      const missing = days.filter(({ name }) => !known.has(name)).sort((a, b) => a.start - b.start);
      if (missing.length > 0) return hoursOrder(start, missing, coarse);
    }
    return null;
  }
}

function dayOrder(day: number, parts: readonly RawPart[], file: RollupFacts | undefined): RollupOrder {
  const sources = parts.flatMap((part) => piecesIn(part, day));
  return {
    resolution: FIVE_MINUTES,
    start: day,
    end: day + DAY_MS,
    generation: (file?.generation ?? 0) + 1,
    from: parts.map(({ path }) => path),
    previous: null,
    sources: sources.map(({ name, start, end }) => ({ name, start, end })),
    replaced: [],
  };
}

function hoursOrder(
  start: number,
  missing: readonly RollupFacts[],
  previous: RollupFacts | undefined,
): RollupOrder {
  const added = missing.map((file) => ({ name: file.name, start: file.start, end: file.end }));
  const days = new Set(added.map((day) => day.start));
  return {
    resolution: ONE_HOUR,
    start,
    end: start + HOURS_SPAN,
    generation: (previous?.generation ?? 0) + 1,
    from: missing.map(({ path }) => path),
    previous: previous?.path ?? null,
    sources: [...(previous?.sources ?? []).filter((source) => !days.has(source.start)), ...added],
    replaced: added,
  };
}

/** Sorts intervals and joins those that touch. */
export function joined(intervals: readonly Interval[]): readonly Interval[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else if (end > start) result.push({ start, end });
  }
  return result;
}

/** The parts of `from` that are in none of `taken`; both are joined. */
export function without(from: readonly Interval[], taken: readonly Interval[]): readonly Interval[] {
  const left: Interval[] = [];
  for (const { start, end } of from) {
    let at = start;
    for (const one of taken) {
      if (one.end <= at || one.start >= end) continue;
      if (one.start > at) left.push({ start: at, end: one.start });
      at = Math.max(at, one.end);
    }
    if (at < end) left.push({ start: at, end });
  }
  return left;
}

/** The times of which samples were there when they were rolled up, and are no longer. */
export function lostIntervals(
  partitions: readonly RawPart[],
  rollups: readonly RollupFacts[],
): readonly Interval[] {
  const byDay = partsByDay(partitions);
  const lost: Interval[] = [];
  const fineDays = new Set<number>();
  for (const file of rollups) {
    if (file.resolution !== FIVE_MINUTES) continue;
    fineDays.add(file.start);
    for (const { start, end } of lostSources(file, byDay.get(file.start) ?? []))
      lost.push({ start: Math.max(start - 1, file.start), end: Math.min(end - 1, file.end) });
  }
  const there = joined(partitions.map(({ start, end }) => ({ start: start - 1, end: end - 1 })));
  for (const file of rollups) {
    if (file.resolution !== ONE_HOUR) continue;
    const days = file.sources.filter(({ start }) => !fineDays.has(start));
    // Nothing says any more what those days were made from; where there are partitions, they are taken to be all.
    lost.push(...without(joined(days), there));
  }
  return joined(lost);
}
