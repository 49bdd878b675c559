import { describe, expect, it } from 'vitest';
import type { EngineClient } from '#shared/contract/client.ts';
import type { EventPayload } from '#shared/contract/index.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { createLogsSearcher, type LogsSearch } from '../../../renderer/stores/logs-search.ts';

type Call = { readonly name: string; readonly input: Readonly<Record<string, unknown>> };

/** An engine that answers when the test says so. */
function engine() {
  const calls: Call[] = [];
  const pending: ((answer: Result<unknown>) => void)[] = [];
  const call = (name: string, input: Readonly<Record<string, unknown>>): Promise<Result<unknown>> => {
    calls.push({ name, input });
    return new Promise((resolve) => pending.push(resolve));
  };
  const answer = async (result: Result<unknown>): Promise<void> => {
    pending.shift()?.(result);
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  const heard: ((progress: EventPayload<'logs.progress'>) => void)[] = [];
  const on = (_event: string, listener: (progress: EventPayload<'logs.progress'>) => void) => {
    heard.push(listener);
    return () => void heard.splice(heard.indexOf(listener), 1);
  };
  const tell = (searchId: string, found: number, share: number, lines: readonly string[] = []): void => {
    const events = lines.map((id) => ({ id })) as unknown as EventPayload<'logs.progress'>['events'];
    for (const listener of [...heard]) listener({ searchId, found, share, events });
  };
  const client = { call: call as EngineClient['call'], on: on as EngineClient['on'] };
  return { client, calls, answer, tell, heard };
}

const search: LogsSearch = { query: 'a AND level:error', text: 'a', start: 1, end: 9, openEnd: false };
const page = (ids: readonly string[], cursor: string | null) =>
  ok({ events: ids.map((id) => ({ id })), total: 4, exact: true, cursor, tookMs: 2 });
const ids = (searcher: ReturnType<typeof createLogsSearcher>): readonly string[] =>
  searcher.store.getState().events.map((event) => event.id);

describe('searching the logs', () => {
  it('shows the first page and continues with the older one by its cursor', async () => {
    const { client, calls, answer } = engine();
    const searcher = createLogsSearcher(() => 5);
    void searcher.search(client, search);
    await answer(page(['d', 'c'], 'next'));
    expect(searcher.store.getState()).toMatchObject({ total: 4, answeredAt: 5, loading: false });
    void searcher.more(client);
    void searcher.more(client);
    expect(calls.map(({ input }) => input.cursor)).toEqual([undefined, 'next']);
    await answer(page(['b', 'a'], null));
    expect(ids(searcher)).toEqual(['d', 'c', 'b', 'a']);
    void searcher.more(client);
    expect(calls).toHaveLength(2);
  });

  it('leaves the end open when it is only the present, so that a line from the future is found', () => {
    const { client, calls } = engine();
    const searcher = createLogsSearcher(() => 5);
    void searcher.search(client, search);
    void searcher.search(client, { ...search, openEnd: true });
    expect(calls[0]?.input).toMatchObject({ start: 1, end: 9 });
    expect(calls[1]?.input).not.toHaveProperty('end');
  });

  it('keeps the old lines while a new search runs, and drops the answer of one that was given up', async () => {
    const { client, answer } = engine();
    const searcher = createLogsSearcher(() => 5);
    void searcher.search(client, search);
    await answer(page(['d'], null));
    void searcher.search(client, search);
    expect(ids(searcher)).toEqual(['d']);
    void searcher.search(client, search);
    await answer(page(['stale'], null));
    expect(ids(searcher)).toEqual(['d']);
    await answer(page(['new'], null));
    expect(ids(searcher)).toEqual(['new']);
  });

  it('tells a mistake by the columns of the typed text, and keeps what was found', async () => {
    const { client, calls, answer } = engine();
    const searcher = createLogsSearcher(() => 5);
    void searcher.search(client, search);
    await answer(page(['d'], null));
    void searcher.search(client, search);
    await answer(err(appError('LOG_QUERY_QUOTE', { column: 7 }, { field: 'query' })));
    expect(calls.at(-1)).toMatchObject({ name: 'logs.count', input: { query: 'a' } });
    await answer(err(appError('LOG_QUERY_QUOTE', { column: 2 }, { field: 'query' })));
    expect(searcher.store.getState().error?.message.en).toContain('2');
    expect(ids(searcher)).toEqual(['d']);
  });

  it('shows lines while the search runs, says "at least" while it counts, and stops listening', async () => {
    const { client, calls, answer, tell, heard } = engine();
    const searcher = createLogsSearcher(() => 5);
    void searcher.search(client, search);
    const id = String(calls[0]?.input.searchId);
    expect(calls[0]?.input.count).toBe('later');
    tell('another', 9, 0.9, ['x']);
    tell(id, 2, 0.25, ['d', 'c']);
    tell(id, 3, 0.5, ['b']);
    expect(ids(searcher)).toEqual(['d', 'c', 'b']);
    expect(searcher.store.getState()).toMatchObject({ total: 3, exact: false, loading: true, share: 0.5 });
    await answer(
      ok({ events: [{ id: 'd' }, { id: 'c' }], total: 700, exact: false, cursor: 'n', tookMs: 3 }),
    );
    expect(searcher.store.getState()).toMatchObject({
      total: 700,
      exact: false,
      counting: true,
      loading: false,
    });
    tell(String(calls[1]?.input.searchId), 900, 0.7);
    expect(searcher.store.getState()).toMatchObject({ total: 900, share: 0.7 });
    await answer(ok({ total: 1_204_331 }));
    expect(searcher.store.getState()).toMatchObject({ total: 1_204_331, exact: true, counting: false });
    expect(heard).toEqual([]);
  });

  it('keeps what was found when it is cancelled, and says that it is not all', async () => {
    const { client, calls, answer, tell } = engine();
    const searcher = createLogsSearcher(() => 5);
    void searcher.search(client, search);
    tell(String(calls[0]?.input.searchId), 1, 0.1, ['d']);
    searcher.cancel();
    expect(searcher.store.getState()).toMatchObject({ loading: false, cancelled: true, exact: false });
    await answer(page(['z'], null));
    expect(ids(searcher)).toEqual(['d']);
    void searcher.search(client, search);
    expect(searcher.store.getState().cancelled).toBe(false);
  });

  it('does not let the list grow from nothing when only the clock asks again', async () => {
    const { client, calls, answer, tell } = engine();
    const searcher = createLogsSearcher(() => 5);
    void searcher.search(client, search);
    await answer(page(['d'], null));
    void searcher.search(client, search);
    tell(String(calls.at(-1)?.input.searchId), 1, 0.5, ['e']);
    expect(ids(searcher)).toEqual(['d']);
  });
});
