import { freeBlock, lineOf } from '../store/block.ts';
import type { DayReader } from '../store/day-reader.ts';
import type { BlockHead } from '../store/heads.ts';
import { type ClockShift, type ClockShifts, momentOf } from './clock-shift.ts';
import type { Side } from './context-cursor.ts';
import type { DayWithin } from './coordinator.ts';
import { comparePlaces, type Place } from './events.ts';
import { type Neighbour, noteUnread, type Unread } from './neighbours.ts';
import type { Breath } from './scan.ts';

/** The first look goes this far; each further one {@link GROWTH} times as far as the one before. */
const FIRST_LOOK_MS = 1_000;
const GROWTH = 8;
/** With more heads of blocks than this, a look would take too much memory. */
const MOST_BLOCKS = 2_000;

/** Which events are looked for. */
export type TimeRequest = {
  /** Events beyond this place, in the order of moments, log files and offsets. */
  readonly from: Place;
  readonly side: Side;
  readonly wanted: number;
  /** Of one host; null: of all. */
  readonly host: string | null;
  readonly shifts: ClockShifts;
  /** Blocks of one day that a look takes in; where there are more, it does not go as far. Left out: {@link MOST_BLOCKS}. */
  readonly mostBlocks?: number;
};

/** Lines that are moved in one way: of one host, or (null) of all that no other group has. */
type Group = { readonly host: string | null; readonly shift: ClockShift | null };

/** A block with the end of it that is nearer to where the look began. */
type NearHead = { readonly day: DayReader; readonly head: BlockHead; readonly nearEnd: number };

/**
 * The events on one side of a place in the order of time, nearest first. Looks at the columns of blocks in windows that grow until
 * enough is found, and opens the blocks nearest to the place only; holds no more lines than are wanted.
 */
export async function gatherInTime(
  days: readonly DayWithin[],
  request: TimeRequest,
  unread: Unread,
  breath: Breath,
): Promise<readonly Neighbour[]> {
  const { from, side, wanted, host, shifts, mostBlocks = MOST_BLOCKS } = request;
  const sign = side === 'after' ? 1 : -1;
  const groups: Group[] =
    host !== null
      ? [{ host, shift: shifts.get(host) ?? null }]
      : [{ host: null, shift: null }, ...[...shifts].map(([name, shift]) => ({ host: name, shift }))];
  const least = Math.min(0, ...groups.map(({ shift }) => shift?.least ?? 0));
  const most = Math.max(0, ...groups.map(({ shift }) => shift?.most ?? 0));
  // No event lies beyond this moment.
  const reach = Math.max(
    ...days.map(({ minTime, maxTime }) => (side === 'after' ? maxTime - least : -(minTime - most))),
  );
  const nearest = new Nearest(from, side, wanted);
  const opened = new Set<string | BlockHead>();
  const pending: Pending = new Map();
  let near = from.time;
  for (let span = FIRST_LOOK_MS; ; span *= GROWTH) {
    const window = { near, far: near + sign * span, side, mostBlocks };
    const look = headsBetween(days, groups, window, pending, unread);
    for (const { day, head, nearEnd } of look.heads) {
      if (nearest.excludes(nearEnd)) break;
      const name = head.block === null ? head : `${day.day} ${head.block}`;
      if (!day.isOpen || opened.has(name)) continue;
      opened.add(name);
      const { origin } = head;
      const columns = head.columns();
      if (!columns.ok) {
        noteUnread(unread, day, columns.error);
        continue;
      }
      const shift = shifts.get(origin.host) ?? null;
      const { events, times, offsets, flags } = columns.value;
      for (let i = 0; i < events; i += 1) {
        const time = momentOf(shift, origin, times[i] ?? 0, flags[i] ?? 0);
        const place = { time, key: origin.fileKey, offset: offsets[i] ?? 0 };
        nearest.offer(place, () => {
          const line = lineOf(columns.value, i);
          return { place, line: { ...line, raw: Buffer.from(line.raw) }, origin };
        });
      }
      freeBlock(columns.value);
      const pause = breath();
      if (pause !== undefined) await pause;
    }
    // Nothing up to the end of the look was left out.
    if (nearest.isFullWithin(look.far) || look.far * sign >= reach) return nearest.list();
    near = look.far + sign;
    const pause = breath();
    if (pause !== undefined) await pause;
  }
}

/** Pending lines of days, read once: a line that is sealed meanwhile is seen twice, but held once. */
type Pending = Map<DayReader, readonly BlockHead[]>;

function pendingOf(day: DayReader, pending: Pending, unread: Unread): readonly BlockHead[] {
  const known = pending.get(day);
  if (known !== undefined) return known;
  const read = day.pendingHeads();
  if (!read.ok) noteUnread(unread, day, read.error);
  const heads = read.ok ? read.value : [];
  pending.set(day, heads);
  return heads;
}

/** The blocks that overlap a window of moments, nearest first; a window of too many is cut short at `far`. */
function headsBetween(
  days: readonly DayWithin[],
  groups: readonly Group[],
  window: Pick<TimeRequest, 'side'> & { near: number; far: number; mostBlocks: number },
  pending: Pending,
  unread: Unread,
): { readonly heads: readonly NearHead[]; readonly far: number } {
  const { near, side, mostBlocks } = window;
  const isAfter = side === 'after';
  const apart = new Set(groups.map(({ host }) => host));
  const heads: NearHead[] = [];
  let { far } = window;
  for (const { day, minTime, maxTime } of days) {
    for (const { host, shift } of groups) {
      const [least, most] = [shift?.least ?? 0, shift?.most ?? 0];
      const start = Math.min(near, far) + least;
      const end = Math.max(near, far) + most;
      // Deleted by retention meanwhile, or nothing of this time in it.
      if (!day.isOpen || maxTime < start || minTime > end) continue;
      // Before the blocks, so that a line which is sealed in between is not missed.
      const waiting = pendingOf(day, pending, unread).filter(
        (head) =>
          head.maxTime >= start && head.minTime <= end && (host === null || head.origin.host === host),
      );
      let found = day.headsNear({ start, end, side, host, limit: mostBlocks });
      if (found.ok && found.value.cutAt !== null) {
        // Moments of blocks that were left out begin here.
        const cut = isAfter ? found.value.cutAt - most - 1 : found.value.cutAt - least + 1;
        if (isAfter ? cut >= near : cut <= near) far = isAfter ? Math.min(far, cut) : Math.max(far, cut);
        else found = day.headsNear({ start, end, side, host, limit: -1 });
      }
      if (!found.ok) {
        noteUnread(unread, day, found.error);
        break;
      }
      for (const head of [...waiting, ...found.value.heads]) {
        if (host === null && apart.has(head.origin.host)) continue;
        heads.push({ day, head, nearEnd: isAfter ? head.minTime - most : head.maxTime - least });
      }
    }
  }
  const kept = heads.filter(({ nearEnd }) => (isAfter ? nearEnd <= far : nearEnd >= far));
  kept.sort((a, b) => (isAfter ? a.nearEnd - b.nearEnd : b.nearEnd - a.nearEnd));
  return { heads: kept, far };
}

/** The events nearest to a place on one side, no more than are wanted. */
class Nearest {
  readonly #from: Place;
  readonly #sign: 1 | -1;
  readonly #wanted: number;
  readonly #held: Neighbour[] = [];

  constructor(from: Place, side: Side, wanted: number) {
    this.#from = from;
    this.#sign = side === 'after' ? 1 : -1;
    this.#wanted = wanted;
  }

  /** Whether nothing from this moment on can come nearer than what is held. */
  excludes(moment: number): boolean {
    const worst = this.#worst();
    return worst !== null && (moment - worst.time) * this.#sign > 0;
  }

  /** Whether as many as are wanted are held, and all of them up to this moment. */
  isFullWithin(far: number): boolean {
    const worst = this.#worst();
    return worst !== null && (far - worst.time) * this.#sign >= 0;
  }

  offer(place: Place, make: () => Neighbour): void {
    if (this.#distance(place, this.#from) <= 0) return;
    const worst = this.#worst();
    if (worst !== null && this.#distance(place, worst) >= 0) return;
    let [low, high] = [0, this.#held.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const held = this.#held[middle];
      const distance = held === undefined ? 0 : this.#distance(place, held.place);
      // A line that was pending and is in a block now.
      if (distance === 0) return;
      if (distance < 0) high = middle;
      else low = middle + 1;
    }
    this.#held.splice(low, 0, make());
    this.#held.length = Math.min(this.#held.length, this.#wanted);
  }

  list(): readonly Neighbour[] {
    return this.#held;
  }

  /** Above 0: the first place is farther away. */
  #distance(a: Place, b: Place): number {
    return -this.#sign * comparePlaces(a, b);
  }

  #worst(): Place | null {
    return this.#held.length < this.#wanted ? null : (this.#held.at(-1)?.place ?? null);
  }
}
