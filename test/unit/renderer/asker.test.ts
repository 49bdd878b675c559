import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAsker } from '../../../renderer/components/asker.ts';
import { ok, type Result } from '../../../shared/errors/index.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An engine that answers when it is told to. */
function slowEngine() {
  const calls: { input: string; signal: AbortSignal; answer: (text: string) => Promise<void> }[] = [];
  const results: string[] = [];
  const asker = createAsker<string, string>({
    call: (input, signal) =>
      new Promise<Result<string>>((resolve) => {
        calls.push({
          input,
          signal,
          answer: async (text) => {
            resolve(ok(text));
            await vi.advanceTimersByTimeAsync(0);
          },
        });
      }),
    onStart: () => undefined,
    onResult: (result) => results.push(result.ok ? result.value : result.error.code),
  });
  return { asker, calls, results };
}

describe('asking again before the answer', () => {
  it('cancels the old question, and its late answer is not heard', async () => {
    const { asker, calls, results } = slowEngine();
    asker.ask('a', { patient: false });
    asker.ask('b', { patient: false });
    expect(calls.map(({ input, signal }) => [input, signal.aborted])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    await calls[0]?.answer('late');
    await calls[1]?.answer('B');
    expect(results).toEqual(['B']);
  });

  it('with patience hears the old answer and then asks only the newest question', async () => {
    const { asker, calls, results } = slowEngine();
    asker.ask('1', { patient: true });
    asker.ask('2', { patient: true });
    asker.ask('3', { patient: true });
    expect(calls).toHaveLength(1);
    await calls[0]?.answer('one');
    expect(results).toEqual(['one']);
    expect(calls.map(({ input }) => input)).toEqual(['1', '3']);
  });
});

describe('refreshing', () => {
  it('counts from the answer, so that a slow engine is not asked twice at once', async () => {
    const { asker, calls } = slowEngine();
    asker.ask('a', { patient: false, refreshMs: 1000 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(calls).toHaveLength(1);
    await calls[0]?.answer('A');
    await vi.advanceTimersByTimeAsync(999);
    expect(calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(calls).toHaveLength(2);
  });
});

describe('closing', () => {
  it('cancels what is open, and nothing is asked or heard afterwards', async () => {
    const { asker, calls, results } = slowEngine();
    asker.ask('a', { patient: true, refreshMs: 10 });
    asker.ask('b', { patient: true });
    asker.close();
    expect(calls[0]?.signal.aborted).toBe(true);
    await calls[0]?.answer('A');
    asker.ask('c', { patient: false });
    await vi.advanceTimersByTimeAsync(100);
    expect(calls).toHaveLength(1);
    expect(results).toEqual([]);
  });
});
