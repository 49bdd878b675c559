import type { DayReader } from '../store/day-reader.ts';
import type { BlockHead } from '../store/heads.ts';
import type { Side } from './context-cursor.ts';
import type { DayWithin } from './coordinator.ts';
import type { Place } from './events.ts';
import { type Neighbour, noteUnread, type Unread } from './neighbours.ts';

/** How many rotations are followed from the event's own file. */
const MAX_ROTATIONS = 20;

/** Where in a log file: the file's key, and the offset of a line. */
type FilePlace = Pick<Place, 'key' | 'offset'>;

/** Lines on one side of a place in a log, nearest first, over as many rotations as it takes. */
export function gatherInLog(
  within: readonly DayWithin[],
  place: FilePlace,
  side: Side,
  wanted: number,
  unread: Unread,
): readonly Neighbour[] {
  const days = within.filter(({ day }) => day.isOpen).map(({ day }) => day);
  const found: Neighbour[] = [];
  const visited = new Set([place.key]);
  let keys = [place.key];
  let from = place.offset;
  for (let hop = 0; hop <= MAX_ROTATIONS && found.length < wanted && keys.length > 0; hop += 1) {
    for (const key of keys)
      found.push(...nearest(days, { key, offset: from }, side, wanted - found.length, unread));
    keys = neighbours(days, keys, side, unread).filter((key) => !visited.has(key));
    for (const key of keys) visited.add(key);
    from = side === 'before' ? Number.MAX_SAFE_INTEGER : -1;
  }
  return found;
}

function neighbours(
  days: readonly DayReader[],
  keys: readonly string[],
  side: Side,
  unread: Unread,
): string[] {
  const next = new Set<string>();
  for (const day of days) {
    for (const key of keys) {
      const found = day.neighbours(key);
      if (!found.ok) noteUnread(unread, day, found.error);
      else if (side === 'after') for (const other of found.value.next) next.add(other);
      else if (found.value.prev !== null) next.add(found.value.prev);
    }
  }
  return [...next];
}

/**
 * The lines of one log file nearest to an offset on one side, nearest first. Blocks of different days may overlap in
 * offsets, so a block is left unopened only when all of it is farther away than what is held already.
 */
function nearest(
  days: readonly DayReader[],
  { key, offset }: FilePlace,
  side: Side,
  wanted: number,
  unread: Unread,
): readonly Neighbour[] {
  if (wanted <= 0) return [];
  const heads: { readonly day: DayReader; readonly head: BlockHead }[] = [];
  for (const day of days) {
    const found =
      side === 'before'
        ? day.headsOfFile(key, 0, offset)
        : day.headsOfFile(key, Math.max(0, offset), Number.MAX_SAFE_INTEGER);
    if (found.ok) heads.push(...found.value.map((head) => ({ day, head })));
    else noteUnread(unread, day, found.error);
  }
  const sign = side === 'before' ? -1 : 1;
  const nearEnd = ({ lastOffset, firstOffset }: BlockHead): number =>
    side === 'before' ? lastOffset : firstOffset;
  heads.sort((a, b) => (nearEnd(a.head) - nearEnd(b.head)) * sign);
  let held: Neighbour[] = [];
  for (const { day, head } of heads) {
    const farthest = held.length >= wanted ? held[held.length - 1]?.place.offset : undefined;
    if (farthest !== undefined && (nearEnd(head) - farthest) * sign > 0) break;
    const { origin } = head;
    const lines = head.open();
    if (!lines.ok) {
      noteUnread(unread, day, lines.error);
      continue;
    }
    for (const line of lines.value)
      if ((line.offset - offset) * sign > 0)
        held.push({ place: { time: line.time, key, offset: line.offset }, line, origin });
    held.sort((a, b) => (a.place.offset - b.place.offset) * sign);
    held = held.slice(0, wanted);
  }
  return held;
}
