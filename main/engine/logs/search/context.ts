import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { ContextCall, SearchAnswers } from '../messages.ts';
import { parseEventId } from '../model.ts';
import { clockShifts, momentOf } from './clock-shift.ts';
import { readContextCursor, type Side, writeContextCursor } from './context-cursor.ts';
import { gatherInLog } from './context-log.ts';
import { gatherInTime } from './context-time.ts';
import type { DayWithin } from './coordinator.ts';
import { type Place, type SearchTools, showEvent } from './events.ts';
import type { Neighbour, Unread } from './neighbours.ts';
import type { Breath } from './scan.ts';

/**
 * The lines around an event, oldest first: as they stood in its log, or those of its host or of all logs in the order of time. What
 * cannot be read is left out and told.
 *
 * @returns NOT_FOUND when there is no such event (any more); LOG_CURSOR_INVALID
 */
export async function context(
  tools: SearchTools,
  request: ContextCall,
  breath: Breath,
): Promise<Result<SearchAnswers['context']>> {
  const { of, asOf } = request;
  const cursor = readContextCursor(request.cursor, of);
  if (!cursor.ok) return cursor;
  const hit = findEvent(tools, request.id);
  if (!hit.ok) return hit;
  const { line, origin } = hit.value;
  const shifts = clockShifts(request.clocks);
  const moment =
    of === 'log' ? line.time : momentOf(shifts.get(origin.host) ?? null, origin, line.time, line.flags);
  const own: Place = { time: moment, key: origin.fileKey, offset: line.offset };
  const unread: Unread = new Map();
  const days = await readableDays(tools, unread, breath);
  const gather = async (side: Side, wanted: number): Promise<readonly Neighbour[]> => {
    const from = cursor.value?.place ?? own;
    if (of === 'log') return gatherInLog(days, from, side, wanted, unread);
    const scope = { host: of === 'host' ? origin.host : null, shifts };
    return gatherInTime(days, { ...scope, from, side, wanted }, unread, breath);
  };
  const side = async (name: Side, wanted: number) => {
    if (cursor.value !== null && cursor.value.side !== name) return { events: [], edge: null };
    // One more than wanted says whether there is more.
    const found = wanted === 0 ? [] : await gather(name, wanted + 1);
    const events = found.slice(0, wanted);
    const place = events.at(-1)?.place ?? cursor.value?.place ?? own;
    const edge = {
      cursor: writeContextCursor({ of, side: name, place, asOf }),
      more: wanted === 0 || found.length > wanted,
    };
    return { events, edge };
  };
  const before = await side('before', request.before);
  const after = await side('after', request.after);
  const middle: readonly Neighbour[] = cursor.value === null ? [{ place: own, line, origin }] : [];
  const shown = [...before.events.toReversed(), ...middle, ...after.events];
  return ok({
    events: shown.map((one) => {
      const event = showEvent(one.line, one.origin, tools.parserOf(one.origin.format));
      const isMoved = of !== 'log' && one.place.time !== event.time;
      return isMoved ? { ...event, correctedTime: one.place.time } : event;
    }),
    earlier: before.edge,
    later: after.edge,
    unread: [...unread].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, error]) => ({ day, error })),
  });
}

/** The event of an identifier, in the day file that the identifier names. */
function findEvent(tools: SearchTools, id: string): Result<Omit<Neighbour, 'place'>> {
  const missing = err(appError('NOT_FOUND', { what: 'event', id }));
  const place = parseEventId(id);
  if (place === null) return missing;
  const day = tools.store.day(place.day);
  if (!day.ok) return day;
  if (day.value === null) return missing;
  const heads = day.value.headsOfFile(place.key, place.offset, place.offset);
  if (!heads.ok) return heads;
  for (const { open, origin } of heads.value) {
    const lines = open();
    if (!lines.ok) return lines;
    const line = lines.value.find(({ offset }) => offset === place.offset);
    // A copy, because the line would keep its whole block in memory.
    if (line !== undefined) return ok({ line: { ...line, raw: Buffer.from(line.raw) }, origin });
  }
  return missing;
}

/** The days that hold lines and can be opened. */
async function readableDays(
  { store }: SearchTools,
  unread: Unread,
  breath: Breath,
): Promise<readonly DayWithin[]> {
  const days: DayWithin[] = [];
  for (const name of store.names()) {
    const day = store.day(name);
    const times = day.ok ? (day.value?.times() ?? ok(null)) : day;
    if (!times.ok) unread.set(name, times.error);
    else if (day.ok && day.value !== null && times.value !== null)
      days.push({ day: day.value, ...times.value });
    const pause = breath();
    if (pause !== undefined) await pause;
  }
  return days;
}
