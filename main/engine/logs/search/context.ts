import type { LogEvent } from '#shared/contract/logs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { parseEventId, type StoredLine } from '../model.ts';
import type { DayReader } from '../store/day-reader.ts';
import type { BlockHead, LineOrigin } from '../store/heads.ts';
import { type SearchTools, showEvent } from './events.ts';

/** How many rotations are followed from the event's own file. */
const MAX_ROTATIONS = 20;

type Found = { readonly line: StoredLine; readonly origin: LineOrigin };
type Side = 'before' | 'after';

/**
 * The lines around an event as they stood in its log file, oldest first; where the file begins or ends, those of the
 * file that stood there before or after it.
 *
 * @returns NOT_FOUND when there is no such event (any more)
 */
export function context(
  tools: SearchTools,
  request: { readonly id: string; readonly before: number; readonly after: number },
): Result<{ readonly events: LogEvent[] }> {
  const missing = appError('NOT_FOUND', { what: 'event', id: request.id });
  const place = parseEventId(request.id);
  if (place === null) return err(missing);
  const days = tools.store.days();
  if (!days.ok) return days;
  const own = nearest(days.value, place.key, place.offset, 1, 'after', true);
  if (!own.ok) return own;
  const event = own.value[0];
  if (event?.line.offset !== place.offset) return err(missing);
  const before = gather(days.value, place, request.before, 'before');
  if (!before.ok) return before;
  const after = gather(days.value, place, request.after, 'after');
  if (!after.ok) return after;
  const found = [...before.value.reverse(), event, ...after.value];
  return ok({
    events: found.map(({ line, origin }) => showEvent(line, origin, tools.parserOf(origin.format))),
  });
}

/** Collects lines on one side, nearest first, over as many rotations as it takes. */
function gather(
  days: readonly DayReader[],
  place: { readonly key: string; readonly offset: number },
  wanted: number,
  side: Side,
): Result<Found[]> {
  const found: Found[] = [];
  const visited = new Set([place.key]);
  let keys = [place.key];
  let from = place.offset;
  for (let hop = 0; hop <= MAX_ROTATIONS && found.length < wanted && keys.length > 0; hop += 1) {
    for (const key of keys) {
      const more = nearest(days, key, from, wanted - found.length, side, false);
      if (!more.ok) return more;
      found.push(...more.value);
    }
    const next = neighbours(days, keys, side);
    if (!next.ok) return next;
    keys = next.value.filter((key) => !visited.has(key));
    for (const key of keys) visited.add(key);
    from = side === 'before' ? Number.MAX_SAFE_INTEGER : -1;
  }
  return ok(found);
}

function neighbours(days: readonly DayReader[], keys: readonly string[], side: Side): Result<string[]> {
  const next = new Set<string>();
  for (const day of days) {
    for (const key of keys) {
      const found = day.neighbours(key);
      if (!found.ok) return found;
      if (side === 'before' && found.value.prev !== null) next.add(found.value.prev);
      else if (side === 'after') for (const other of found.value.next) next.add(other);
    }
  }
  return ok([...next]);
}

/**
 * The lines of one log file nearest to an offset on one side, nearest first. Blocks of different days may overlap in
 * offsets, so a block is left unopened only when all of it is farther away than what is held already.
 */
function nearest(
  days: readonly DayReader[],
  key: string,
  offset: number,
  wanted: number,
  side: Side,
  inclusive: boolean,
): Result<Found[]> {
  if (wanted <= 0) return ok([]);
  const heads: BlockHead[] = [];
  for (const day of days) {
    const found =
      side === 'before'
        ? day.headsOfFile(key, 0, offset)
        : day.headsOfFile(key, Math.max(0, offset), Number.MAX_SAFE_INTEGER);
    if (!found.ok) return found;
    heads.push(...found.value);
  }
  heads.sort((a, b) => (side === 'before' ? b.lastOffset - a.lastOffset : a.firstOffset - b.firstOffset));
  const sign = side === 'before' ? -1 : 1;
  const fits = (line: StoredLine): boolean =>
    (inclusive && line.offset === offset) || (line.offset - offset) * sign > 0;
  let held: Found[] = [];
  for (const head of heads) {
    const farthest = held.length >= wanted ? held[held.length - 1]?.line.offset : undefined;
    const nearestOfHead = side === 'before' ? head.lastOffset : head.firstOffset;
    if (farthest !== undefined && (nearestOfHead - farthest) * sign > 0) break;
    const lines = head.open();
    if (!lines.ok) return lines;
    held.push(...lines.value.filter(fits).map((line) => ({ line, origin: head.origin })));
    held.sort((a, b) => (a.line.offset - b.line.offset) * sign);
    held = held.slice(0, wanted);
  }
  return ok(held);
}
