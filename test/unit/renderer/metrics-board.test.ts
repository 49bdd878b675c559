import { describe, expect, it } from 'vitest';
import { engineClient } from '../../../renderer/pages/metrics/editor/engine-client.ts';
import {
  createQueryBoard,
  onlyMoved,
  type QueryAnswer,
  type RangeQuestion,
} from '../../../renderer/stores/query-board.ts';
import type { Columns } from '../../../shared/contract/metrics.ts';
import { appError, err, ok, type Result } from '../../../shared/errors/index.ts';

const question = (expr: string, change: Partial<RangeQuestion> = {}): RangeQuestion => ({
  expr,
  start: 0,
  end: 60_000,
  stepMs: 1_000,
  maxSeries: 10,
  ...change,
});

const columns = (tookMs: number): Columns => ({ times: [], series: [], seriesOmitted: 0, tookMs });

/** A board whose calls are answered by hand. */
function bench() {
  const calls: {
    readonly asked: RangeQuestion;
    readonly signal: AbortSignal;
    readonly answer: (result: Result<Columns>) => Promise<void>;
  }[] = [];
  let answers: ReadonlyMap<string, QueryAnswer> = new Map();
  const board = createQueryBoard({
    call: (asked, signal) =>
      new Promise((resolve) => {
        calls.push({
          asked,
          signal,
          answer: async (result) => {
            resolve(result);
            await new Promise((done) => setTimeout(done));
          },
        });
      }),
    now: () => 5,
    onChange: (next) => {
      answers = next;
    },
  });
  return { board, calls, answers: () => answers };
}

describe('the queries of the page', () => {
  it('are asked at once, each answer stands as soon as it is there, and what is not asked any more is forgotten', async () => {
    const { board, calls, answers } = bench();
    board.ask([question('a'), question('b')]);
    await calls[1]?.answer(ok(columns(2)));
    expect(answers().get('a')).toMatchObject({ columns: null, loading: true });
    expect(answers().get('b')).toMatchObject({ columns: { tookMs: 2 }, at: 5, loading: false });
    board.ask([question('b')]);
    expect(calls[0]?.signal.aborted).toBe(true);
    expect([...answers().keys()]).toEqual(['b']);
    expect(calls).toHaveLength(2);
  });

  it('a zoom cancels the open question; the clock alone does not', async () => {
    const { board, calls } = bench();
    board.ask([question('a')]);
    board.ask([question('a', { start: 5_000, end: 65_000 })]);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.signal.aborted).toBe(false);
    board.ask([question('a', { start: 20_000, end: 30_000 })]);
    expect(calls[0]?.signal.aborted).toBe(true);
    expect(calls[1]?.asked.start).toBe(20_000);
  });

  it('keep what is known when a later attempt fails', async () => {
    const { board, calls, answers } = bench();
    board.ask([question('a')]);
    await calls[0]?.answer(ok(columns(1)));
    board.ask([question('a', { end: 90_000 })]);
    await calls[1]?.answer(err(appError('PROMQL_TIMEOUT', { seconds: 1 })));
    expect(answers().get('a')).toMatchObject({ columns: { tookMs: 1 }, error: { code: 'PROMQL_TIMEOUT' } });
  });

  it('are asked once more when an expression is run as it stands', async () => {
    const { board, calls, answers } = bench();
    board.ask([question('a')]);
    await calls[0]?.answer(err(appError('PROMQL_TIMEOUT', { seconds: 1 })));
    board.ask([question('a')]);
    expect(calls).toHaveLength(1);
    board.again('a');
    board.again('unknown');
    expect(calls).toHaveLength(2);
    await calls[1]?.answer(ok(columns(1)));
    expect(answers().get('a')).toMatchObject({ columns: { tookMs: 1 }, error: null });
  });

  it('know when only the clock moved', () => {
    const before = question('a');
    expect(onlyMoved(before, question('a', { start: 5_000, end: 65_000 }))).toBe(true);
    expect(onlyMoved(before, question('a', { start: 500_000, end: 560_000 }))).toBe(false);
    expect(onlyMoved(before, question('a', { stepMs: 5_000 }))).toBe(false);
    expect(onlyMoved(before, question('a', { start: 10_000, end: 20_000 }))).toBe(false);
  });
});

describe('what the completion asks', () => {
  it('goes to the contract with the selector that is being typed, and names are asked for once', async () => {
    const asked: unknown[] = [];
    const client = engineClient({
      ask: async (name, input) => {
        asked.push([name, input]);
        return err(appError('ENGINE_GONE'));
      },
      now: () => 0,
      conditionOf: ({ type, name, value }) => (type === 1 ? { label: name, operator: '=', value } : null),
    });
    expect(await client.metricNames()).toEqual([]);
    expect(await client.metricMetadata()).toEqual({});
    await client.labelValues('mode', 'cpu', [
      { type: 1, name: 'mode', value: 'x' },
      { type: 1, name: 'host', value: 'a"b' },
      { type: 9, name: 'unfinished', value: '' },
    ] as never);
    await client.labelNames();
    expect(asked).toEqual([
      ['metrics.names', { limit: 20_000 }],
      ['metrics.labelValues', { label: 'mode', matchers: ['cpu{host="a\\"b"}'], limit: 20_000 }],
      ['metrics.labelNames', { matchers: [], limit: 20_000 }],
    ]);
  });
});
