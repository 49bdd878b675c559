import type { AreaHandlers } from '#shared/contract/index.ts';
import type { ClockPoints } from '#shared/domain/host-clock.ts';
import type { Clock } from '../../platform/clock.ts';
import type { HostClock } from '../messages.ts';
import { readContextCursor } from './context-cursor.ts';
import type { SearchProxy } from './proxy.ts';

/**
 * Tells how far off the clocks of hosts were, by what was measured up to `asOf`: the same for ever, whenever it is asked.
 *
 * @param span written times, UTC milliseconds
 * @param hosts null: all
 */
export type HostClocks = (
  span: { readonly start: number; readonly end: number },
  asOf: number,
  hosts: readonly string[] | null,
  signal: AbortSignal,
) => Promise<ReadonlyMap<string, { readonly points: ClockPoints }>>;

/** Clocks are looked at so far around an event; lines beyond stand where they were written. */
const CLOCKS_REACH_MS = 6 * 3_600_000;
/** Measurements of the last moments may not be stored yet. */
const SETTLED_MS = 30_000;

/** Answers which lines stand around an event. */
export function contextHandler(deps: {
  readonly searcher: SearchProxy;
  readonly clock: Clock;
  readonly clocks: HostClocks;
}): AreaHandlers<'logs'>['logs.context'] {
  const { searcher, clock } = deps;
  return async ({ id, before, after, of, corrected, cursor }, { signal }) => {
    const ask = (clocks: readonly HostClock[], asOf: number, around = { before, after, of, cursor }) =>
      searcher.call({ method: 'context', id, clocks, asOf, ...around }, signal);
    const known = readContextCursor(cursor, of);
    if (!known.ok) return known;
    const asOf = known.value?.asOf ?? clock.now() - SETTLED_MS;
    if (of === 'log' || !corrected) return ask([], asOf);
    const hit = await ask([], asOf, { before: 0, after: 0, of: 'log', cursor: undefined });
    if (!hit.ok) return hit;
    const [event] = hit.value.events;
    if (event === undefined) return hit;
    const span = { start: event.time - CLOCKS_REACH_MS, end: event.time + CLOCKS_REACH_MS };
    const histories = await deps.clocks(span, asOf, of === 'host' ? [event.host] : null, signal);
    return ask(
      [...histories].map(([host, { points }]) => ({ host, points })),
      asOf,
    );
  };
}
