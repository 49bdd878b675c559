import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { type LogContextScope, logContextScopeSchema } from '#shared/contract/logs.ts';
import { namedRanges, type TimeRangeControl } from '../../components/use-time-range.ts';
import { useConnection } from '../../stores/connection.ts';
import { logsSearcher } from '../../stores/logs.ts';
import { composeQuery, type LogFilters, parseFilters, writeFilters } from './log-filters.ts';

/** The filters of the address and a way to change them. */
export function useLogFilters(): readonly [LogFilters, (filters: LogFilters) => void] {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => parseFilters(params), [params]);
  const change = useCallback((next: LogFilters) => setParams((old) => writeFilters(old, next)), [setParams]);
  return [filters, change];
}

/** A choice of the page that is kept in the address; false leaves the address without it. */
export function useAddressFlag(name: string): readonly [boolean, (on: boolean) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (on: boolean) =>
      setParams((old) => {
        const next = new URLSearchParams(old);
        if (on) next.set(name, '1');
        else next.delete(name);
        return next;
      }),
    [name, setParams],
  );
  return [params.get(name) === '1', set];
}

/** Whether times are shown as hosts wrote them, not corrected by the offsets of their clocks. */
export function useWrittenTimes(): readonly [boolean, (on: boolean) => void] {
  return useAddressFlag('written');
}

/** Whose lines are shown around one; kept in the address, so that the next line that is opened shows the same. */
export function useContextScope(): readonly [LogContextScope, (scope: LogContextScope) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (scope: LogContextScope) =>
      setParams(
        (old) => {
          const next = new URLSearchParams(old);
          if (scope === 'log') next.delete('around');
          else next.set('around', scope);
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  const known = logContextScopeSchema.safeParse(params.get('around'));
  return [known.success ? known.data : 'log', set];
}

/**
 * Runs the search of the address: at once when it changes, and with the moving clock only while nobody reads, so
 * that no line moves under the reader's eyes.
 */
export function useRunSearch(filters: LogFilters, range: TimeRangeControl, reading: boolean): () => void {
  const client = useConnection((state) => state.client);
  const query = composeQuery(filters);
  const text = filters.text.trim();
  const { start, end, name } = range;
  const [round, setRound] = useState(0);
  const identity = JSON.stringify([query, name ?? [start, end], round]);
  const asked = useRef('');
  useEffect(() => {
    if (client === null || (asked.current === identity && (reading || isBusy()))) return;
    asked.current = identity;
    // A named range ends now, not when the page last looked at its clock.
    const now = Date.now();
    const window = name === null ? { start, end } : { start: now - namedRanges[name], end: now };
    void logsSearcher.search(client, { query, text, ...window, openEnd: name !== null });
  }, [client, identity, query, text, start, end, name, reading]);
  return useCallback(() => setRound((value) => value + 1), []);
}

/** A search that takes longer than the clock's step is not begun anew by it, nor one that was cancelled. */
function isBusy(): boolean {
  const { loading, counting, cancelled } = logsSearcher.store.getState();
  return loading || counting || cancelled;
}

/** What is asked once for a query and a range, and not again with every step of the clock. */
export type StillWindow = { readonly query: string; readonly start: number; readonly end: number };

/** The query and window of the address as they were when either changed, or when `again` was called. */
export function useStillWindow(
  filters: LogFilters,
  range: TimeRangeControl,
): readonly [StillWindow, () => void] {
  const query = composeQuery(filters);
  const [round, setRound] = useState(0);
  const { name, start, end } = range;
  const key = JSON.stringify([query, name ?? [start, end], round]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the window is another one.
  const window = useMemo((): StillWindow => {
    const now = Date.now();
    const span = name === null ? { start, end } : { start: now - namedRanges[name], end: now };
    return { query, start: Math.round(span.start), end: Math.round(span.end) };
  }, [key]);
  return [window, useCallback(() => setRound((value) => value + 1), [])];
}
