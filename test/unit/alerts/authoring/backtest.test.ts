import { expect, test } from 'vitest';
import type { Backtest } from '#shared/contract/rules-authoring.ts';
import { labelsFromRecord } from '#shared/domain/labels.ts';
import { fakeTime } from '../../../helpers/fake-time.ts';
import { openRulesBench, quietCall, type RulesBench, unwrap } from '../../../helpers/rules-bench.ts';
import { temporaryFolder } from '../../../helpers/temp-folder.ts';

const START = 1_700_000_000_000;
const STEP_MS = 5_000;

const RULES = `groups:
- name: later
  interval: 5s
  rules:
  - alert: Together
    expr: fleet:load:sum > 25
    for: 10s
- name: first
  interval: 5s
  rules:
  - {record: 'fleet:load:sum', expr: sum(load)}
  - {alert: Busy, expr: load > 10, for: 15s}
  - {alert: Kept, expr: load > 12, keep_firing_for: 30s, labels: {severity: critical, half: '{{ if gt $value 15.0 }}high{{ else }}low{{ end }}'}}
  - {alert: Gone, expr: 'absent(load{host="a"})', for: 5s}
  - {alert: Broken, expr: load / on () group_left () load}
`;

/** Rules that ask for alerts, their own and each other's: they can only be run step by step. */
const ENTANGLED = `groups:
- name: entangled
  interval: 5s
  rules:
  - {alert: Base, expr: load > 10, for: 10s}
  - {alert: Sustained, expr: 'count_over_time(ALERTS{alertname="Base",alertstate="firing"}[20s]) >= 3'}
  - {record: seen, expr: 'sum(load) + (seen or vector(0)) * 0.5'}
  - {alert: Memory, expr: seen > 40}
`;

/** The same numbers at every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function backtest(
  on: RulesBench,
  subject: { file: string } | { text: string },
  from: number,
): Promise<Backtest> {
  const answer = unwrap(
    await on.rules.handlers['rules.backtest']({ id: 'b', subject, from, to: on.time.clock.now() }, quietCall),
  );
  if (answer.result === null) throw new Error(JSON.stringify(answer.problems));
  return answer.result;
}

/** The samples of ALERTS that a backtest says there would have been. */
function expectedSamples({ rules, to }: Backtest): Record<string, number[]> {
  const times: Record<string, number[]> = {};
  for (const { alerts } of rules.filter(({ rule }) => rule !== 'Broken'))
    for (const { labels, spans } of alerts)
      for (const { activeAt, firedAt, endedAt } of spans)
        for (let at = activeAt; at < (endedAt ?? to + 1); at += STEP_MS) {
          const alertstate = firedAt !== null && at >= firedAt ? 'firing' : 'pending';
          const key = labelsFromRecord({ ...labels, __name__: 'ALERTS', alertstate }).join(' ');
          times[key] = [...(times[key] ?? []), at];
        }
  return times;
}

test.each([
  ['rule by rule', RULES, 1],
  ['rule by rule', RULES, 2],
  ['rule by rule', RULES, 3],
  ['step by step', ENTANGLED, 4],
  ['step by step', ENTANGLED, 5],
])('a backtest %s is what the rules did when they ran (%#)', async (_, text, seed) => {
  const on = await openRulesBench(temporaryFolder(), fakeTime(START));
  const hosts = ['a', 'b', 'c'];
  // A backtest begins as much earlier as rules wait; nothing is wrong then.
  for (const host of hosts) on.feed(`load{host=${host}}`, 1);
  await on.put('a.yml', text);
  await on.pass(90);
  const from = on.time.clock.now();
  const next = dice(seed);
  for (let minute = 0; minute < 12; minute++) {
    for (const host of hosts) {
      const series = `load{host=${host}}`;
      const roll = next();
      if (roll < 0.15) on.feed(series, null);
      else on.feed(series, Math.floor(next() * 20));
    }
    await on.pass(5 + Math.floor(next() * 40));
  }
  // Of a rule that fails nothing is written, though its alerts are kept.
  const ran = await on.times('ALERTS{alertname!="Broken"}[1h]');
  const result = await backtest(on, { file: 'a.yml' }, from);
  for (const times of Object.values(ran)) expect(Math.min(...times)).toBeGreaterThan(from);
  expect(Object.keys(ran).length).toBeGreaterThan(4);
  expect(expectedSamples(result)).toEqual(ran);
  expect(result.until).toBe(result.to);
  if (text === RULES)
    expect(result.rules.find(({ rule }) => rule === 'Broken')?.failures).toBeGreaterThan(20);
});

const HOT = `groups:
- name: g
  interval: 5s
  rules:
  - {alert: Hot, expr: load > 10, for: 10s, annotations: {summary: 'load {{ $value }}'}}
`;

test('says how often, how long and for which series, also for a text that was never kept', async () => {
  const on = await openRulesBench(temporaryFolder(), fakeTime(START));
  for (const value of [20, 5, 20, 5, 20]) {
    on.feed('load{host=a}', value);
    on.feed('load{host=b}', 1);
    await on.pass(30);
  }
  const result = await backtest(on, { text: HOT }, START);
  expect(result.rules).toHaveLength(1);
  const [hot] = result.rules;
  expect(hot).toMatchObject({
    rule: 'Hot',
    group: 'g',
    fired: 3,
    pendingOnly: 0,
    failures: 0,
    alertCount: 1,
  });
  expect(hot?.alerts[0]).toMatchObject({
    labels: { alertname: 'Hot', host: 'a' },
    annotations: { summary: 'load 20' },
    fired: 3,
  });
  expect(hot?.alerts[0]?.spans.at(-1)?.endedAt).toBeNull();
  expect(hot?.firingMs).toBe(
    hot?.alerts[0]?.spans.reduce(
      (sum, { firedAt, endedAt }) => sum + (endedAt ?? result.to) - (firedAt ?? 0),
      0,
    ),
  );
  // The same with a wait that no spell is long enough for.
  const patient = await backtest(on, { text: HOT.replace('for: 10s', 'for: 1m') }, START);
  expect(patient.rules[0]).toMatchObject({ fired: 0, pendingOnly: 3 });
});

test('a form is looked back on like its file; a broken text names its lines; a cancelled call ends', async () => {
  const on = await openRulesBench(temporaryFolder(), fakeTime(START));
  on.feed('load{host=a}', 20);
  await on.pass(60);
  const to = on.time.clock.now();
  const ask = (subject: object, signal = quietCall.signal) =>
    on.rules.handlers['rules.backtest'](
      { id: 'b', subject: subject as { text: string }, from: START, to },
      { ...quietCall, signal },
    );
  const form = {
    kind: 'threshold',
    name: 'F',
    matchers: [],
    forMs: 0,
    keepFiringForMs: 0,
    severity: 'info',
    advice: '',
    metric: 'load',
    of: 'value',
    windowMs: 300_000,
    sumBy: null,
    comparison: '>',
    value: 10,
  };
  expect(unwrap(await ask({ form })).result?.rules[0]).toMatchObject({ rule: 'F', fired: 1 });
  expect(
    unwrap(await ask({ text: 'groups:\n- name: g\n  rules: [{alert: A, expr: "sum("}]' })),
  ).toMatchObject({
    result: null,
    problems: [{ line: 3 }],
  });
  const cancelled = new AbortController();
  cancelled.abort();
  expect(await ask({ text: HOT }, cancelled.signal)).toMatchObject({ error: { code: 'CANCELLED' } });
});

test('a long time is looked at in wider steps, and says so', async () => {
  const on = await openRulesBench(temporaryFolder(), fakeTime(START));
  on.feed('load{host=a}', 20);
  await on.pass(5);
  const result = await backtest(on, { text: HOT }, START - 30 * 86_400_000);
  expect(result.steps).toEqual([{ group: 'g', stepMs: 55_000, coarser: true }]);
});
