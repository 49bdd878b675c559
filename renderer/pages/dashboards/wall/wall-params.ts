import { rangeParams } from '../../../components/use-time-range.ts';

/** How long a dashboard hangs before the next one, milliseconds. */
const DEFAULT_EVERY_MS = 30_000;

/** What the address of a wall says: `/wall/FIRST?next=SECOND&every=30`. */
export type Wall = { readonly boards: readonly string[]; readonly everyMs: number };

/** The wall that an address says. */
export function wallOf(first: string, params: URLSearchParams): Wall {
  const seconds = Number(params.get('every'));
  const everyMs =
    Number.isSafeInteger(seconds) && seconds >= 5 && seconds <= 3_600 ? seconds * 1_000 : DEFAULT_EVERY_MS;
  return { boards: [...new Set([first, ...params.getAll('next')])].filter(Boolean), everyMs };
}

/** The address of a wall with these boards, in the present range; null without any board. */
export function wallAddress(
  boards: readonly string[],
  seconds: number,
  present: URLSearchParams,
): string | null {
  const [first, ...rest] = boards;
  if (first === undefined) return null;
  const params = new URLSearchParams();
  for (const key of rangeParams) {
    const value = present.get(key);
    if (value !== null) params.set(key, value);
  }
  for (const uid of rest) params.append('next', uid);
  if (rest.length > 0) params.set('every', String(seconds));
  const text = params.toString();
  return `/wall/${encodeURIComponent(first)}${text === '' ? '' : `?${text}`}`;
}

/** Data older than this is said to be old, milliseconds: two rounds of a slow refresh. */
const STALE_AFTER_MS = 60_000;

/**
 * Whether what a wall shows must be said to be old, and since when.
 *
 * @param at when the newest answer came; null before the first
 * @param everyMs how often the wall asks
 */
export function staleSince(at: number | null, now: number, everyMs: number): number | null {
  if (at === null) return null;
  return now - at > Math.max(STALE_AFTER_MS, everyMs * 2) ? at : null;
}
