import { describe, expect, it } from 'vitest';
import { startIngest } from '../../../main/engine/logs/ingest/proxy.ts';
import type { FromSearch, ToIngest, ToSearch } from '../../../main/engine/logs/messages.ts';
import { startSearch } from '../../../main/engine/logs/search/proxy.ts';
import type { Timers } from '../../../main/engine/platform/timers.ts';
import { TaskFailure, type TaskStarter } from '../../../main/engine/platform/worker-tasks.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';

/** Threads that do nothing by themselves: the test plays their part. */
function playedThreads() {
  const threads: {
    readonly task: string;
    readonly posted: unknown[];
    readonly say: (message: unknown) => void;
    readonly die: (why: string) => void;
    cancelled: boolean;
  }[] = [];
  const tasks: TaskStarter = <R>(task: string, _data: unknown, onMessage?: (message: unknown) => void) => {
    let end: (value: R) => void = () => undefined;
    let fail: (thrown: unknown) => void = () => undefined;
    const result = new Promise<R>((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
    const thread = {
      task,
      posted: [] as unknown[],
      say: (message: unknown) => onMessage?.(message),
      die: (why: string) => fail(new TaskFailure(task, why)),
      cancelled: false,
    };
    threads.push(thread);
    return {
      result,
      post: (message) => thread.posted.push(message),
      cancel: () => {
        thread.cancelled = true;
        end(null as R);
      },
    };
  };
  return { threads, tasks };
}

function playedTimers() {
  const waiting: { ms: number; call: () => void }[] = [];
  const timers: Timers = {
    after: (ms, call) => {
      const entry = { ms, call };
      waiting.push(entry);
      return () => {
        if (waiting.includes(entry)) waiting.splice(waiting.indexOf(entry), 1);
      };
    },
    every: () => () => undefined,
  };
  return { timers, waiting };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;

describe('the reading thread', () => {
  const begin = () => {
    const { threads, tasks } = playedThreads();
    const { timers, waiting } = playedTimers();
    const changed: string[][] = [];
    const proxy = startIngest({
      tasks,
      timers,
      logger: silentLogger,
      start: () => ({
        folder: '/nowhere',
        sources: [],
        retention: { defaultDays: 180, lockDays: 0, streams: [] },
        follow: true,
      }),
      sourcesChanged: (ids) => changed.push([...ids]),
      dayRemoved: () => undefined,
    });
    return { threads, waiting, changed, proxy };
  };
  const source = {
    id: 's',
    detectedFormat: null,
    state: 'ok',
    error: null,
    files: [],
    lines: 1,
    lastEventAt: null,
    lagBytes: 0,
  };

  it('is started again when it dies, later each time; waiting calls get an answer, tails go on', async () => {
    const { threads, waiting, changed, proxy } = begin();
    proxy.ensure();
    threads[0]?.say({ kind: 'status', sources: [source], linesPerSecond: 7 });
    expect(proxy.linesPerSecond()).toBe(7);
    const heard: number[] = [];
    let isFollowed = false;
    const followed = proxy.startTail('t1', 'level:error', (events, skipped) =>
      heard.push(events.length + skipped),
    );
    void followed.then(() => {
      isFollowed = true;
    });
    const sync = proxy.sync(never);
    threads[0]?.die('out of memory');
    expect((await sync).ok).toBe(false);
    await settle();
    expect(proxy.status().get('s')).toMatchObject({ state: 'error', error: { code: 'LOG_INGEST_STOPPED' } });
    expect(changed.at(-1)).toEqual(['s']);
    expect(waiting.map((entry) => entry.ms)).toEqual([500]);
    waiting.shift()?.call();
    expect(threads.length).toBe(2);
    expect(threads[1]?.posted).toContainEqual({ kind: 'tail-start', tail: 't1', query: 'level:error' });
    // Nobody is told that lines are followed before the thread compares them.
    expect(isFollowed).toBe(false);
    threads[1]?.say({ kind: 'tail-started', tail: 't1' });
    await followed;
    threads[1]?.say({ kind: 'tail', tail: 't1', events: [], skipped: 3 });
    expect(heard).toEqual([3]);
    threads[1]?.die('again');
    await settle();
    expect(waiting.map((entry) => entry.ms)).toEqual([1000]);
    waiting.shift()?.call();
    // A thread that reports has recovered: the next death waits as briefly as the first.
    threads[2]?.say({ kind: 'status', sources: [source], linesPerSecond: 0 });
    threads[2]?.die('once more');
    await settle();
    expect(waiting.map((entry) => entry.ms)).toEqual([500]);
  });

  it('answers a sync, hears cancellation, and ends for good when closed', async () => {
    const { threads, waiting, proxy } = begin();
    const answered = proxy.sync(never);
    const order = threads[0]?.posted[0] as ToIngest & { kind: 'sync' };
    threads[0]?.say({
      kind: 'synced',
      call: order.call,
      outcome: { ok: true, value: { lines: 2, bytes: 9, files: 1 } },
    });
    expect(await answered).toEqual({ ok: true, value: { lines: 2, bytes: 9, files: 1 } });
    const abort = new AbortController();
    const cancelled = proxy.sync(abort.signal);
    abort.abort();
    expect(await cancelled).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
    const open = proxy.sync(never);
    await proxy.close();
    expect(await open).toMatchObject({ ok: false });
    expect(threads[0]?.cancelled).toBe(true);
    expect(waiting).toEqual([]);
    proxy.ensure();
    expect(threads.length).toBe(1);
  });
});

describe('the search thread', () => {
  it('starts with the first search, answers by call, and is replaced after a death', async () => {
    const { threads, tasks } = playedThreads();
    const proxy = startSearch(tasks, '/nowhere', silentLogger);
    expect(threads.length).toBe(0);
    const window = { query: '', start: undefined, end: undefined };
    const first = proxy.call({ method: 'count', ...window }, never);
    const second = proxy.call({ method: 'count', ...window }, never);
    const calls = threads[0]?.posted.map((message) => (message as ToSearch & { kind: 'call' }).call) ?? [];
    threads[0]?.say({
      kind: 'answer',
      call: calls[1] ?? 0,
      outcome: { ok: true, value: { total: 5 } },
    } satisfies FromSearch);
    expect(await second).toEqual({ ok: true, value: { total: 5 } });
    threads[0]?.die('bug');
    expect(await first).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
    void proxy.call({ method: 'count', ...window }, never);
    expect(threads.length).toBe(2);
    await proxy.close();
    expect(await proxy.call({ method: 'count', ...window }, never)).toMatchObject({
      error: { code: 'CANCELLED' },
    });
  });
});
