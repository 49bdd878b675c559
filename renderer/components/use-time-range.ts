import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { useNow } from './use-now.ts';

/** The named ranges, in milliseconds back from now. */
export const namedRanges = {
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '6h': 21_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
} as const;
export type RangeName = keyof typeof namedRanges;

export const rangeNames = Object.keys(namedRanges) as readonly RangeName[];

/** The time that a page looks at; it lives in the address as `range=1h` or `from=…&to=…`, and `live=0` when paused. */
export type TimeRange = {
  readonly start: number;
  readonly end: number;
  /** Null for a range that was picked in a chart. */
  readonly name: RangeName | null;
  readonly live: boolean;
  /** How often a live page should ask again, milliseconds. */
  readonly refreshMs: number;
};

const DEFAULT: RangeName = '1h';

/** The range that an address says; anything that is not one is the default. */
export function parseRange(params: URLSearchParams, now: number): TimeRange {
  const from = Number(params.get('from'));
  const to = Number(params.get('to'));
  if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && from > 0 && to > from) {
    return { start: from, end: to, name: null, live: false, refreshMs: refreshFor(to - from) };
  }
  const asked = params.get('range');
  const name = rangeNames.find((known) => known === asked) ?? DEFAULT;
  const span = namedRanges[name];
  return { start: now - span, end: now, name, live: params.get('live') !== '0', refreshMs: refreshFor(span) };
}

/** How often a range of this length is worth asking again: a 400th of it, between 5 s and 5 min. */
function refreshFor(span: number): number {
  return Math.min(300_000, Math.max(5_000, Math.round(span / 400)));
}

/** Parameters of the address that belong to the time range. */
export const rangeParams = ['range', 'from', 'to', 'live'] as const;

export type TimeRangeControl = TimeRange & {
  readonly setNamed: (name: RangeName) => void;
  readonly setSpan: (start: number, end: number) => void;
  readonly setLive: (live: boolean) => void;
};

/** The time range of the address, moving with the clock while live. */
export function useTimeRange(): TimeRangeControl {
  const [params, setParams] = useSearchParams();
  const still = parseRange(params, 0);
  const now = useNow(still.live ? still.refreshMs : 3_600_000);
  const range = useMemo(() => parseRange(params, now), [params, now]);
  const edit = useCallback(
    (change: (next: URLSearchParams) => void) =>
      setParams((old) => {
        const next = new URLSearchParams(old);
        change(next);
        return next;
      }),
    [setParams],
  );
  return useMemo(
    () => ({
      ...range,
      setNamed: (name) =>
        edit((next) => {
          for (const key of rangeParams) next.delete(key);
          next.set('range', name);
        }),
      setSpan: (start, end) =>
        edit((next) => {
          next.delete('range');
          next.delete('live');
          next.set('from', String(Math.round(start)));
          next.set('to', String(Math.round(end)));
        }),
      setLive: (live) =>
        edit((next) => {
          if (live) {
            for (const key of ['from', 'to', 'live']) next.delete(key);
          } else next.set('live', '0');
        }),
    }),
    [range, edit],
  );
}

/** The time-range part of an address, to be carried to another page: `?range=6h` or nothing. */
export function useRangeSearch(): string {
  const [params] = useSearchParams();
  return useMemo(() => {
    const kept = new URLSearchParams();
    for (const key of rangeParams) {
      const value = params.get(key);
      if (value !== null) kept.set(key, value);
    }
    const text = kept.toString();
    return text === '' ? '' : `?${text}`;
  }, [params]);
}
