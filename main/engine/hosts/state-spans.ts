import type { HostState, StateSpan } from '#shared/contract/hosts.ts';

/** A stretch of time in which nobody watched, UTC milliseconds. */
export type Blind = { readonly from: number; readonly to: number };

/** The history of one host, oldest first; the last span is open (`to` null). */
export type Spans = readonly StateSpan[];

/**
 * Continues a history with the state found at `at`.
 *
 * The same state goes on; another one closes the span before it. A time before the open span's start (the clock was set
 * back) changes the state from that start on, so that the history never overlaps.
 */
export function planNextState(spans: Spans, state: HostState, at: number): Spans {
  const last = spans.at(-1);
  if (!last) return [{ state, from: at, to: null }];
  if (last.state === state && last.to === null) return spans;
  const when = Math.max(at, last.from);
  const before = spans.slice(0, -1);
  const closed = when > last.from ? [{ ...last, to: last.to ?? when }] : [];
  return merge([...before, ...closed, { state, from: when, to: null }]);
}

/**
 * Cuts a blind stretch out of a history: what was held to be known in it becomes `not_watched`.
 *
 * @param knownAgain when the host was observed for the first time after the stretch, or null: then it stays
 *   `not_watched` until it is
 */
export function planBlind(spans: Spans, blind: Blind, knownAgain: number | null): Spans {
  if (blind.to <= blind.from) return spans;
  const result: StateSpan[] = [];
  let reachesOver: StateSpan | null = null;
  for (const span of spans) {
    const end = span.to ?? Number.POSITIVE_INFINITY;
    if (end <= blind.from || span.from >= blind.to) {
      result.push(span);
      continue;
    }
    if (span.from < blind.from) result.push({ ...span, to: blind.from });
    if (end > blind.to) reachesOver = { ...span, from: blind.to };
  }
  const first = spans[0];
  // Before a host existed there was nothing to watch.
  const from = first ? Math.max(blind.from, first.from) : blind.to;
  if (from < blind.to) {
    const dark: StateSpan = { state: 'not_watched', from, to: blind.to };
    result.push(dark);
    if (reachesOver) {
      if (reachesOver.to !== null || knownAgain !== null) {
        const known = Math.min(
          Math.max(knownAgain ?? blind.to, blind.to),
          reachesOver.to ?? Number.POSITIVE_INFINITY,
        );
        result[result.length - 1] = { ...dark, to: known };
        result.push({ ...reachesOver, from: known });
      } else result[result.length - 1] = { ...dark, to: null };
    }
  }
  return merge(result.sort((a, b) => a.from - b.from));
}

/**
 * The newest state that somebody saw, and since when: a stretch in which nobody watched ends no state that was found again behind it.
 *
 * @returns null when nothing was ever seen
 */
export function lastSeen(spans: Spans): Pick<StateSpan, 'state' | 'from'> | null {
  const seen = spans.filter(({ state }) => state !== 'not_watched');
  const newest = seen.at(-1);
  if (!newest) return null;
  const other = seen.findLastIndex(({ state }) => state !== newest.state);
  return seen[other + 1] ?? newest;
}

/** Joins neighbours of the same state and drops empty spans. */
function merge(spans: Spans): Spans {
  const joined: StateSpan[] = [];
  for (const span of spans) {
    if (span.to !== null && span.to <= span.from) continue;
    const last = joined.at(-1);
    if (last && last.state === span.state && last.to === span.from)
      joined[joined.length - 1] = { ...last, to: span.to };
    else joined.push(span);
  }
  return joined;
}
