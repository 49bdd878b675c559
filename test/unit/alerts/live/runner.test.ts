import { expect, test } from 'vitest';
import { createGroupRunner } from '../../../../main/engine/alerts/live/runner.ts';
import { groupSlots } from '../../../../main/engine/alerts/live/slot.ts';
import { FRESH_RULE } from '../../../../main/engine/alerts/rules/group.ts';
import type { Rule } from '../../../../main/engine/alerts/rules/model.ts';
import { fakeTime } from '../../../helpers/fake-time.ts';
import { silentLogger } from '../../../helpers/silent-logger.ts';

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

const recording = (name: string): Rule => ({ kind: 'recording', name, expr: name, labels: [] });

test('a rule that never answers, and one that explodes, fail in time; the others are evaluated', async () => {
  const start = 1_700_000_000_000;
  const time = fakeTime(start);
  const written: string[] = [];
  const runner = createGroupRunner(
    {
      file: 'a.yml',
      group: {
        name: 'g',
        intervalMs: 5_000,
        limit: 0,
        rules: [recording('hangs'), recording('explodes'), recording('fine')],
      },
      intervalMs: 5_000,
      externalLabels: {},
      policies: {},
    },
    {
      mustRestore: false,
      rules: ['hangs', 'explodes', 'fine'].map((name) => ({
        rule: recording(name),
        state: FRESH_RULE,
        evaluatedAt: null,
        evaluationMs: 0,
      })),
    },
    {
      ...time,
      logger: silentLogger,
      query: (expr) => {
        if (expr === 'hangs') return new Promise(() => undefined);
        if (expr === 'explodes') throw new TypeError('boom');
        return Promise.resolve([{ labels: [], value: 1 }]);
      },
      write: async (_at, series) => void written.push(...series.map(({ labels }) => labels.join('='))),
      findLast: () => null,
      lookForInputs: () => 'present',
      externalUrl: () => '',
      ruleTimeoutMs: 2_000,
    },
  );
  runner.start();
  time.advance(groupSlots('a.yml', 'g', 5_000).after(start) - start);
  await settle();
  expect(written).toEqual([]);
  time.advance(2_000);
  await settle();
  expect(runner.view().rules.map(({ state }) => state.why)).toEqual([
    'the rule took longer than 2 s',
    'boom',
    null,
  ]);
  expect(written).toEqual(['__name__=fine']);
  expect(runner.view().missed).toBe(0);

  // Stopping does not wait for what hangs.
  time.advance(3_500);
  await settle();
  await runner.stop();
  time.advance(60_000);
  await settle();
  expect(written).toEqual(['__name__=fine']);
});

test('an interval that no timer can wait for is waited for in parts', async () => {
  const DAY_MS = 86_400_000;
  const time = fakeTime(1_700_000_000_000);
  const waits: number[] = [];
  const written: number[] = [];
  const rule = recording('fine');
  const runner = createGroupRunner(
    {
      file: 'a.yml',
      group: { name: 'g', intervalMs: 60 * DAY_MS, limit: 0, rules: [rule] },
      intervalMs: 60 * DAY_MS,
      externalLabels: {},
      policies: {},
    },
    { mustRestore: false, rules: [{ rule, state: FRESH_RULE, evaluatedAt: null, evaluationMs: 0 }] },
    {
      clock: time.clock,
      timers: {
        ...time.timers,
        after: (ms, call) => {
          waits.push(ms);
          return time.timers.after(ms, call);
        },
      },
      logger: silentLogger,
      query: async () => [{ labels: [], value: 1 }],
      write: async (at) => void written.push(at),
      findLast: () => null,
      lookForInputs: () => 'present',
      externalUrl: () => '',
      ruleTimeoutMs: 2_000,
    },
  );
  runner.start();
  for (let day = 0; day < 125; day++) {
    time.advance(DAY_MS);
    await settle();
  }
  // Node.js calls at once when a timer is to wait longer than this.
  expect(Math.max(...waits)).toBeLessThan(2 ** 31);
  expect(written).toHaveLength(2);
  expect((written[1] ?? 0) - (written[0] ?? 0)).toBe(60 * DAY_MS);
  await runner.stop();
});
