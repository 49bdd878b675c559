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
  /** False: `total` is only what was counted so far. */
  readonly exact: boolean;
  readonly cursor: string | null;
  readonly tookMs: number;
  /** When the answer came, UTC milliseconds. */
  readonly answeredAt: number | null;
  readonly loading: boolean;
  readonly loadingMore: boolean;
  /** Lines are there and the rest is being counted. */
  readonly counting: boolean;
  /** How far the search or its counting is, 0 … 1. */
  readonly share: number;
  /** The operator ended it before it was through. */
  readonly cancelled: boolean;
  readonly error: AppError | null;
};

/** Nothing was searched yet. */
const noSearch: LogsSearchState = {
  search: null,
  events: [],
  total: 0,
  exact: true,
  cursor: null,
  tookMs: 0,
  answeredAt: null,
  loading: false,
  loadingMore: false,
  counting: false,
  share: 0,
  cancelled: false,
  error: null,
};

/** Searches the logs; what was found stays when the page is left. */
export type LogsSearcher = {
  readonly store: StoreApi<LogsSearchState>;
  /** Searches; a search that still runs is given up. */
  readonly search: (client: EngineClient, search: LogsSearch) => Promise<void>;
  /** Fetches the next older page of the search shown. */
  readonly more: (client: EngineClient) => Promise<void>;
  /** Ends what runs; what was found so far stays, and says that it is not all. */
  readonly cancel: () => void;
};

/** Makes a searcher. @param now UTC milliseconds */
export function createLogsSearcher(now: () => number): LogsSearcher {
  const store = createStore<LogsSearchState>(() => noSearch);
  let running: AbortController | null = null;
  let made = 0;

  const search = async (client: EngineClient, wanted: LogsSearch): Promise<void> => {
    running?.abort();
    const own = new AbortController();
    running = own;
    made += 1;
    const searchId = `search-${made}`;
    const startedAt = now();
    const shown = store.getState().search;
    // What the clock asks again is no news: its lines are put in whole, so that the list never grows from nothing.
    const isNew = shown === null || shown.query !== wanted.query || shown.start > wanted.end;
    let streamed = 0;
    store.setState({ loading: true, loadingMore: false, counting: false, share: 0, cancelled: false });
    const unsubscribe = client.on('logs.progress', (progress) => {
      if (own !== running || progress.searchId !== searchId) return;
      store.setState(({ share }) => ({ share: Math.max(share, progress.share) }));
      if (!isNew || progress.events.length === 0) return;
      const before = streamed === 0 ? [] : store.getState().events;
      streamed += progress.events.length;
      store.setState({
        search: wanted,
        events: [...before, ...progress.events].slice(0, SEARCH_PAGE),
        total: progress.found,
        exact: false,
        cursor: null,
        tookMs: now() - startedAt,
        answeredAt: now(),
        error: null,
      });
    });
    const { query, text } = wanted;
    const answer = await client.call(
      'logs.search',
      { ...searchWindow(wanted), limit: SEARCH_PAGE, count: 'later', searchId },
      own.signal,
    );
    unsubscribe();
    if (own !== running) return;
    if (!answer.ok) {
      const error = text === query ? answer.error : await placedError(client, text, answer.error);
      if (own === running) store.setState({ loading: false, error });
      return;
    }
    const { events, total, exact, cursor, tookMs } = answer.value;
    store.setState({
      search: wanted,
      events,
      total,
      exact,
      cursor,
      tookMs,
      answeredAt: now(),
      loading: false,
      share: 0,
      error: null,
    });
    if (!exact) await count(client, wanted, own, `count-${made}`);
  };

  /** Tells how many there are, while the first page is read already. */
  const count = async (
    client: EngineClient,
    wanted: LogsSearch,
    own: AbortController,
    searchId: string,
  ): Promise<void> => {
    store.setState({ counting: true });
    const unsubscribe = client.on('logs.progress', (progress) => {
      if (own !== running || progress.searchId !== searchId) return;
      store.setState(({ total, share }) => ({
        total: Math.max(total, progress.found),
        share: Math.max(share, progress.share),
      }));
    });
    const answer = await client.call('logs.count', { ...searchWindow(wanted), searchId }, own.signal);
    unsubscribe();
    if (own !== running) return;
    if (answer.ok) store.setState({ counting: false, exact: true, total: answer.value.total });
    else store.setState({ counting: false });
  };

  const more = async (client: EngineClient): Promise<void> => {
    const { search: shown, cursor, loading, loadingMore } = store.getState();
    if (!shown || cursor === null || loading || loadingMore) return;
    const own = running;
    store.setState({ loadingMore: true });
    const answer = await client.call(
      'logs.search',
      { ...searchWindow(shown), limit: SEARCH_PAGE, count: 'later', cursor },
      own?.signal,
    );
    if (own !== running) return;
    if (!answer.ok) {
      store.setState({ loadingMore: false, error: answer.error });
      return;
    }
    store.setState((state) => {
      const events = [...state.events, ...answer.value.events];
      return {
        events,
        total: answer.value.exact ? answer.value.total : Math.max(state.total, events.length),
        exact: state.exact || answer.value.exact,
        cursor: answer.value.cursor,
        loadingMore: false,
        error: null,
      };
    });
  };

  const cancel = (): void => {
    const { loading, counting, loadingMore } = store.getState();
    if (!loading && !counting && !loadingMore) return;
    running?.abort();
    // Answers that are under way belong to nothing any more.
    running = null;
    store.setState({ loading: false, loadingMore: false, counting: false, cancelled: true });
  };

  return { store, search, more, cancel };
}

/** The error of the typed text alone, whose columns are the ones the operator sees; else the error as it was. */
async function placedError(client: EngineClient, text: string, error: AppError): Promise<AppError> {
  if (text === '') return error;
  const alone = await client.call('logs.count', { query: text, start: 0, end: 1 });
  return alone.ok || alone.error.code === 'ENGINE_GONE' ? error : alone.error;
}
