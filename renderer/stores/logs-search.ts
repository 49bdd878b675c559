import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineClient } from '#shared/contract/client.ts';
import type { LogEvent } from '#shared/contract/logs.ts';
import type { AppError } from '#shared/errors/index.ts';

/** Lines fetched at once. */
export const SEARCH_PAGE = 500;

/** One search: the composed query over a fixed window. */
export type LogsSearch = {
  readonly query: string;
  /** The typed text alone; when the engine refuses the composed query, the mistake is looked for in here. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /**
   * True when `end` is only the present: then lines whose clock is ahead are found too, because a line is never hidden
   * for its time stamp.
   */
  readonly openEnd: boolean;
};

/** The part of a request that says what is searched. */
export function searchWindow({ query, start, end, openEnd }: LogsSearch) {
  return { query, start, ...(openEnd ? {} : { end }) };
}

/** What was found so far. Old lines stay while a new search runs. */
export type LogsSearchState = {
  /** The search that `events` belong to. */
  readonly search: LogsSearch | null;
  readonly events: readonly LogEvent[];
  readonly total: number;
  readonly cursor: string | null;
  readonly tookMs: number;
  /** When the answer came, UTC milliseconds. */
  readonly answeredAt: number | null;
  readonly loading: boolean;
  readonly loadingMore: boolean;
  readonly error: AppError | null;
};

/** Nothing was searched yet. */
export const noSearch: LogsSearchState = {
  search: null,
  events: [],
  total: 0,
  cursor: null,
  tookMs: 0,
  answeredAt: null,
  loading: false,
  loadingMore: false,
  error: null,
};

/** Searches the logs; what was found stays when the page is left. */
export type LogsSearcher = {
  readonly store: StoreApi<LogsSearchState>;
  /** Searches; a search that still runs is given up. */
  readonly search: (client: EngineClient, search: LogsSearch) => Promise<void>;
  /** Fetches the next older page of the search shown. */
  readonly more: (client: EngineClient) => Promise<void>;
};

/** Makes a searcher. @param now UTC milliseconds */
export function createLogsSearcher(now: () => number): LogsSearcher {
  const store = createStore<LogsSearchState>(() => noSearch);
  let running: AbortController | null = null;

  const search = async (client: EngineClient, wanted: LogsSearch): Promise<void> => {
    running?.abort();
    const own = new AbortController();
    running = own;
    store.setState({ loading: true, loadingMore: false });
    const { query, text } = wanted;
    const answer = await client.call(
      'logs.search',
      { ...searchWindow(wanted), limit: SEARCH_PAGE },
      own.signal,
    );
    if (own !== running) return;
    if (!answer.ok) {
      const error = text === query ? answer.error : await placedError(client, text, answer.error);
      if (own === running) store.setState({ loading: false, error });
      return;
    }
    const { events, total, cursor, tookMs } = answer.value;
    store.setState({
      search: wanted,
      events,
      total,
      cursor,
      tookMs,
      answeredAt: now(),
      loading: false,
      error: null,
    });
  };

  const more = async (client: EngineClient): Promise<void> => {
    const { search: shown, cursor, loading, loadingMore } = store.getState();
    if (!shown || cursor === null || loading || loadingMore) return;
    const own = running;
    store.setState({ loadingMore: true });
    const answer = await client.call(
      'logs.search',
      { ...searchWindow(shown), limit: SEARCH_PAGE, cursor },
      own?.signal,
    );
    if (own !== running) return;
    if (!answer.ok) {
      store.setState({ loadingMore: false, error: answer.error });
      return;
    }
    store.setState((state) => ({
      events: [...state.events, ...answer.value.events],
      total: answer.value.total,
      cursor: answer.value.cursor,
      loadingMore: false,
      error: null,
    }));
  };

  return { store, search, more };
}

/** The error of the typed text alone, whose columns are the ones the operator sees; else the error as it was. */
async function placedError(client: EngineClient, text: string, error: AppError): Promise<AppError> {
  if (text === '') return error;
  const alone = await client.call('logs.count', { query: text, start: 0, end: 1 });
  return alone.ok || alone.error.code === 'ENGINE_GONE' ? error : alone.error;
}
