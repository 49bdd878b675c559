import { expect, test } from 'vitest';
import type { LiveRule } from '#shared/contract/rules.ts';
import type { RulePolicy } from '#shared/contract/rules-authoring.ts';
import { DEFAULT_POLICY } from '../../../../main/engine/alerts/live/sight.ts';
import { fakeTime } from '../../../helpers/fake-time.ts';
import { openRulesBench, quietCall, type RulesBench, unwrap } from '../../../helpers/rules-bench.ts';
import { temporaryFolder } from '../../../helpers/temp-folder.ts';

const START = 1_700_000_000_000;
const RULES = `groups:
- name: g
  interval: 5s
  rules:
  - alert: Hot
    expr: temperature > 90
    for: 20s
    labels: {severity: warning}
`;

async function bench(policy: Partial<RulePolicy>, rules = RULES): Promise<RulesBench> {
  const made = await openRulesBench(temporaryFolder(), fakeTime(START));
  await made.put('a.yml', rules);
  unwrap(
    await made.rules.handlers['rules.policies.set'](
      { file: 'a.yml', group: 'g', rule: 'Hot', policy: { ...DEFAULT_POLICY, ...policy } },
      quietCall,
    ),
  );
  return made;
}

const rule = ({ rules }: RulesBench): LiveRule => {
  const found = rules.groups()[0]?.rules[0];
  if (found === undefined) throw new Error('no rule');
  return found;
};
const alerts = (on: RulesBench): readonly string[] =>
  rule(on).alerts.map(({ labels, state }) => `${labels.host ?? labels.rule_state} ${state}`);

test('a rule whose metric was never there says so; its alerts are none', async () => {
  const on = await bench({});
  await on.pass(40);
  // Targets have to be asked first.
  expect(rule(on).sight?.state).toBe('ok');
  await on.pass(40);
  expect(rule(on)).toMatchObject({
    state: 'inactive',
    health: 'ok',
    sight: { state: 'no_data', told: true },
  });
  on.feed('temperature{host=a}', 20);
  await on.pass(70);
  expect(rule(on).sight?.state).toBe('ok');
});

test.each([
  ['tell', 'no_data', [], true],
  ['alert', 'no_data', ['no_data firing'], false],
  ['keep', 'no_data', [], false],
  ['ok', 'no_data', [], false],
] as const)('no data: %s', async (noData, state, expected, told) => {
  const on = await bench({ noData });
  await on.pass(100);
  expect([rule(on).sight?.state, alerts(on), rule(on).sight?.told]).toEqual([state, expected, told]);
});

test('a metric that was there within the last day is stale, not without data', async () => {
  const on = await bench({ noData: 'ok' });
  on.feed('temperature{host=a}', 20);
  await on.pass(30);
  on.feed('temperature{host=a}', null);
  await on.pass(90);
  expect(rule(on)).toMatchObject({ state: 'inactive', sight: { state: 'stale', told: true } });
  on.time.sleep(25 * 3_600_000);
  await on.pass(140);
  expect(rule(on).sight).toMatchObject({ state: 'no_data', told: false });
});

/** Two hot hosts, of which one stops sending while its alert fires. */
async function oneHostGone(policy: Partial<RulePolicy>): Promise<RulesBench> {
  const on = await bench(policy);
  on.feed('temperature{host=a}', 95);
  on.feed('temperature{host=b}', 95);
  await on.pass(40);
  await on.pass(30);
  expect(alerts(on)).toEqual(['a firing', 'b firing']);
  on.feed('temperature{host=a}', null);
  await on.pass(10);
  return on;
}

test('an alert whose series ends is resolved as in Prometheus, and the rule says that it cannot see it', async () => {
  const on = await oneHostGone({});
  expect(alerts(on)).toEqual(['b firing']);
  expect(rule(on).sight).toMatchObject({
    state: 'stale',
    told: true,
    lost: [{ host: 'a', alertname: 'Hot' }],
  });
  // One that got cool is resolved and nothing is lost.
  on.feed('temperature{host=b}', 20);
  await on.pass(10);
  expect(alerts(on)).toEqual([]);
  expect(rule(on).sight?.lost).toHaveLength(1);
  // It is back and cool.
  on.feed('temperature{host=a}', 20);
  await on.pass(70);
  expect(rule(on).sight).toMatchObject({ state: 'ok', lost: [] });
});

test.each(['keep', 'alert'] as const)(
  'with %s, an alert whose series ended fires until it is known again',
  async (stale) => {
    const on = await oneHostGone({ stale });
    expect(alerts(on).toSorted()).toEqual(['a firing', 'b firing']);
    await on.pass(120);
    expect(alerts(on).toSorted()).toEqual(['a firing', 'b firing']);
    expect(Object.keys(await on.ask('ALERTS{host="a"}'))).toHaveLength(1);
    on.feed('temperature{host=a}', 20);
    await on.pass(10);
    expect(alerts(on)).toEqual(['b firing']);
  },
);

test('with keep, an alert does not fire for ever: after a day its series is forgotten', async () => {
  const on = await oneHostGone({ stale: 'keep' });
  on.time.sleep(23 * 3_600_000);
  await on.pass(70);
  expect(alerts(on)).toContain('a firing');
  on.time.sleep(2 * 3_600_000);
  await on.pass(70);
  expect(alerts(on)).toEqual(['b firing']);
});

test('a pending alert whose series ends fires at once when the policy is to alert', async () => {
  const on = await bench({ stale: 'alert' });
  on.feed('temperature{host=a}', 95);
  await on.pass(10);
  expect(alerts(on)).toEqual(['a pending']);
  on.feed('temperature{host=a}', null);
  await on.pass(6);
  expect(alerts(on)).toContain('a firing');
});

test('after a start nothing is told before the targets could be asked', async () => {
  const folder = temporaryFolder();
  const time = fakeTime(START);
  const before = await openRulesBench(folder, time);
  await before.put('a.yml', RULES);
  before.feed('temperature{host=a}', 95);
  await before.pass(100);
  await before.stop();
  time.advance(30 * 60_000);
  const after = await openRulesBench(folder, time);
  const states = new Set<string | undefined>();
  for (let second = 0; second < 90; second++) {
    // The first scrape comes after twenty seconds.
    if (second === 20) after.feed('temperature{host=a}', 95);
    await after.pass(1);
    states.add(rule(after).sight?.state);
  }
  expect(states).toEqual(new Set([undefined, 'ok']));
});

const FAILS = RULES.replace(
  'temperature > 90',
  'temperature > 90 and on () (label_replace(broken, "a", "1", "", "") / on () broken)',
);

test.each([
  ['tell', ['a firing'], true],
  ['keep', ['a firing'], false],
  ['alert', ['a firing', 'error pending'], false],
  ['ok', [], false],
] as const)('an expression that fails: %s', async (error, expected, told) => {
  const on = await bench({ error }, FAILS);
  on.feed('temperature{host=a}', 95);
  on.feed('broken{x=1}', 1);
  await on.pass(40);
  expect(alerts(on)).toEqual(['a firing']);
  on.feed('broken{x=2}', 1);
  await on.pass(10);
  expect([rule(on).health, alerts(on).toSorted(), rule(on).sight?.state, rule(on).sight?.told]).toEqual([
    'err',
    expected,
    'error',
    told,
  ]);
  on.feed('broken{x=2}', null);
  await on.pass(30);
  expect([rule(on).health, rule(on).sight?.state]).toEqual(['ok', 'ok']);
});

test('expressions that look for absence are never without data', async () => {
  const on = await bench(
    { noData: 'alert' },
    RULES.replace('temperature > 90', 'absent(temperature{host="a"}) and on () vector(1)'),
  );
  on.feed('temperature{host=a}', 20);
  await on.pass(30);
  expect(rule(on).sight?.state).toBe('ok');
  on.feed('temperature{host=a}', null);
  await on.pass(30);
  expect([rule(on).state, rule(on).sight?.state]).toEqual(['firing', 'ok']);
});

const LONG = RULES.replace('for: 20s', 'for: 30m').replace('interval: 5s', 'interval: 1m');

test.each([
  // 10 of the 30 minutes were over when the machine slept for 2 hours.
  ['prometheus', true],
  ['count', true],
  ['pause', false],
  ['restart', false],
] as const)('after a sleep: %s', async (gap, fires) => {
  const on = await bench({ gap }, LONG);
  on.feed('temperature{host=a}', 95);
  await on.pass(11 * 60, 20);
  on.time.sleep(2 * 3_600_000);
  await on.pass(2 * 60, 20);
  expect(rule(on).state).toBe(fires ? 'firing' : 'pending');
  await on.pass(19 * 60, 20);
  expect(rule(on).state).toBe(gap === 'restart' ? 'pending' : 'firing');
  await on.pass(10 * 60, 20);
  expect(rule(on).state).toBe('firing');
});

test.each([
  // 20 of the 30 minutes were over when the console stopped for two hours: longer than Prometheus remembers.
  ['prometheus', 32],
  ['restart', 32],
  ['pause', 12],
  ['count', 3],
] as const)('after two hours without the console: %s', async (gap, minutes) => {
  const folder = temporaryFolder();
  const time = fakeTime(START);
  const before = await openRulesBench(folder, time);
  await before.put('a.yml', LONG);
  const address = { file: 'a.yml', group: 'g', rule: 'Hot' };
  unwrap(
    await before.rules.handlers['rules.policies.set'](
      { ...address, policy: { ...DEFAULT_POLICY, gap } },
      quietCall,
    ),
  );
  before.feed('temperature{host=a}', 95);
  await before.pass(21 * 60, 20);
  expect(rule(before).state).toBe('pending');
  await before.stop();
  time.advance(2 * 3_600_000);
  const after = await openRulesBench(folder, time);
  after.feed('temperature{host=a}', 95);
  await after.pass((minutes - 2) * 60, 20);
  expect(rule(after).state).toBe('pending');
  await after.pass(4 * 60, 20);
  expect(rule(after).state).toBe('firing');
});
