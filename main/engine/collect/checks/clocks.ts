import type { ClockOffset } from '#shared/contract/checks.ts';
import type { RemoteClock } from '../probes/check-probe.ts';

/** What a clock that was read says of its offset: the true one is between the two, milliseconds that it is ahead. */
type Bounds = { readonly low: number; readonly high: number; readonly at: number };

/** Readings that are put together; over a longer time a drifting clock would contradict itself. */
const KEPT_READINGS = 40;
const KEPT_MS = 15 * 60_000;
/** The slowest check reads a clock once a day; what was read longer ago, nobody reads any more. */
const UNREAD_AFTER_MS = 2 * 86_400_000;
/** What two crystals may drift apart in a second: bounds of old readings are widened by that much. */
const DRIFT = 100e-6;

/** The clocks of hosts, as far as they tell the time. */
export type HostClocks = {
  readonly observe: (hostId: string, reading: RemoteClock) => void;
  readonly list: () => readonly ClockOffset[];
  readonly forget: (keep: ReadonlySet<string>) => void;
};

/**
 * Bounds that one reading gives: the other side looked at its clock after it was asked and before its answer was here, and showed
 * it cut down to `coarseMs`.
 */
export function boundsOf({ remoteMs, coarseMs, sentMs, receivedMs }: RemoteClock): Bounds {
  return { low: remoteMs - receivedMs, high: remoteMs + coarseMs - sentMs, at: receivedMs };
}

/**
 * The narrowest bounds that all readings allow (Marzullo 1984): whole seconds, read at many moments of a second, give the offset to
 * some ten milliseconds. Readings that contradict the newest ones mean that a clock was set; only those since then count.
 */
export function combine(readings: readonly Bounds[], now: number): Pick<Bounds, 'low' | 'high'> | null {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (const bounds of readings.toReversed()) {
    const drift = Math.abs(now - bounds.at) * DRIFT + 1;
    const nextLow = Math.max(low, bounds.low - drift);
    const nextHigh = Math.min(high, bounds.high + drift);
    if (nextLow > nextHigh) break;
    low = nextLow;
    high = nextHigh;
  }
  return Number.isFinite(low) ? { low, high } : null;
}

/** Keeps the newest readings of each host. */
export function createHostClocks(now: () => number): HostClocks {
  const hosts = new Map<string, { readonly readings: Bounds[]; by: RemoteClock['by'] }>();
  return {
    observe: (hostId, reading) => {
      const bounds = boundsOf(reading);
      // The workstation's own clock was set while it waited.
      if (bounds.low > bounds.high) return;
      const known = hosts.get(hostId) ?? { readings: [], by: reading.by };
      known.by = reading.by;
      known.readings.push(bounds);
      while (known.readings.length > KEPT_READINGS || bounds.at - (known.readings[0]?.at ?? 0) > KEPT_MS)
        known.readings.shift();
      hosts.set(hostId, known);
    },
    list: () =>
      [...hosts].flatMap(([hostId, { readings, by }]) => {
        const newest = readings.at(-1);
        const bounds = combine(readings, now());
        if (newest === undefined || bounds === null || now() - newest.at > UNREAD_AFTER_MS) return [];
        return [
          {
            hostId,
            offsetSeconds: (bounds.low + bounds.high) / 2_000,
            errorSeconds: (bounds.high - bounds.low) / 2_000,
            by,
            at: newest.at,
          },
        ];
      }),
    forget: (keep) => {
      for (const id of hosts.keys()) if (!keep.has(id)) hosts.delete(id);
    },
  };
}
