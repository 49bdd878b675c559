import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRulesArea } from '../../../../main/engine/alerts/live/area.ts';
import { consoleMigrations } from '../../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../../main/engine/storage/sqlite.ts';
import { fakeTime } from '../../../helpers/fake-time.ts';
import {
  type RulesBench as Bench,
  quietCall as context,
  openRulesBench as open,
  unwrap as value,
} from '../../../helpers/rules-bench.ts';
import { silentLogger } from '../../../helpers/silent-logger.ts';
import { temporaryFolder } from '../../../helpers/temp-folder.ts';

const START = 1_700_000_000_000;

const LOAD = `groups:
- name: load
  interval: 5s
  rules:
  - record: load:double
    expr: load * 2
  - alert: Busy
    expr: load:double > 10
    for: 20s
    labels: {severity: warning, where: "{{ $externalLabels.site }}"}
    annotations: {summary: "load is {{ $value }}"}
`;

const phase = (bench: Bench): string => bench.rules.groups()[0]?.rules[1]?.state ?? 'none';

test('an alert goes from pending to firing to resolved, and its series with it', async () => {
  const bench = await open(temporaryFolder(), fakeTime(START));
  bench.feed('load', 3);
  expect((await bench.put('a.yml', LOAD)).problems).toEqual([]);
  expect(bench.rules.groups()[0]?.rules[0]).toMatchObject({ health: 'unknown', lastEvaluation: null });
  await bench.pass(10);
  expect(await bench.ask('load:double')).toEqual({ '__name__ load:double': 6 });
  expect(phase(bench)).toBe('inactive');
  bench.feed('load', 7);
  await bench.pass(7);
  expect(phase(bench)).toBe('pending');
  await bench.pass(22);
  const [group] = bench.rules.groups();
  expect(group?.rules[1]?.alerts).toEqual([
    {
      labels: { alertname: 'Busy', severity: 'warning', where: 'hall' },
      annotations: { summary: 'load is 14' },
      state: 'firing',
      activeAt: expect.any(Number),
      keepFiringSince: null,
      value: '1.4e+01',
    },
  ]);
  expect(Object.keys(await bench.ask('ALERTS'))).toEqual([
    '__name__ ALERTS alertname Busy alertstate firing severity warning where hall',
  ]);
  bench.feed('load', 1);
  await bench.pass(7);
  expect(phase(bench)).toBe('inactive');
  expect(await bench.ask('ALERTS')).toEqual({});
});

test('a file is refused whole, with every problem, and the one before goes on', async () => {
  const bench = await open(temporaryFolder(), fakeTime(START));
  await bench.put('a.yml', LOAD);
  const refused = await bench.put(
    'a.yml',
    `${LOAD}  - {alert: A, expr: "sum("}\n  - {record: "a-b", expr: up}\n`,
  );
  expect(refused).toMatchObject({
    file: null,
    problems: [
      { line: 12, group: 'load', rule: { number: 3, name: 'A' } },
      { line: 13, group: 'load', rule: { number: 4, name: 'a-b' } },
    ],
  });
  expect(value(await bench.rules.handlers['rules.files.get']({ name: 'a.yml' }, context)).text).toBe(LOAD);
  expect(bench.rules.groups()).toHaveLength(1);
});

test('a changed file carries its alerts over, a removed one ends its series', async () => {
  const bench = await open(temporaryFolder(), fakeTime(START));
  bench.feed('load', 7);
  await bench.put('a.yml', LOAD);
  await bench.pass(8);
  expect(phase(bench)).toBe('pending');
  const before = bench.rules.groups()[0]?.rules[1]?.alerts[0]?.activeAt;
  await bench.put('a.yml', LOAD.replace('20s', '5s').replace('load:double\n', 'load:twice\n'));
  expect(await bench.ask('load:double')).toEqual({});
  expect(bench.rules.groups()[0]?.rules[1]?.alerts[0]?.activeAt).toBe(before);
  value(await bench.rules.handlers['rules.files.remove']({ name: 'a.yml' }, context));
  expect(await bench.ask('{__name__=~"ALERTS.*|load:.*"}')).toEqual({});
  expect(bench.rules.groups()).toEqual([]);
});

test('what was missed is counted and not made up for', async () => {
  const bench = await open(temporaryFolder(), fakeTime(START));
  bench.feed('load', 3);
  await bench.put('a.yml', LOAD);
  await bench.pass(10);
  expect(bench.rules.groups()[0]?.missed).toBe(0);
  bench.time.sleep(60_000);
  await bench.pass(6);
  expect(bench.rules.groups()[0]?.missed).toBe(12);
  expect(await bench.ask('count_over_time(load:double[50s])')).toEqual({ '': expect.any(Number) });
  expect(Object.values(await bench.ask('count_over_time(load:double[50s])'))[0]).toBeLessThan(3);
});

test('a broken rule disturbs no other', async () => {
  const bench = await open(temporaryFolder(), fakeTime(START));
  bench.feed('load', 3);
  await bench.put(
    'a.yml',
    `groups:
- name: mixed
  interval: 5s
  limit: 1
  rules:
  - {record: many, expr: 'label_replace(load, "a", "1", "", "") or load'}
  - {record: broken, expr: 'load / on () {__name__=~"load|two"}'}
  - {record: fine, expr: load}
`,
  );
  bench.feed('two', 2);
  await bench.pass(10);
  const rules = bench.rules.groups()[0]?.rules ?? [];
  expect(rules.map(({ health }) => health)).toEqual(['err', 'err', 'ok']);
  expect(rules[0]?.lastError).toBe('exceeded limit of 1 with 2 series');
  expect(await bench.ask('fine')).toEqual({ '__name__ fine': 3 });
});

const SLOW = `groups:
- name: slow
  interval: 1m
  rules:
  - alert: Long
    expr: load > 5
    for: 30m
`;

test('after a restart a pending alert goes on, and a firing one fires again', async () => {
  const folder = temporaryFolder();
  const time = fakeTime(START);
  const before = await open(folder, time);
  before.feed('load', 7);
  await before.put('a.yml', SLOW);
  await before.pass(18 * 60, 20);
  const activeAt = before.rules.groups()[0]?.rules[0]?.alerts[0]?.activeAt ?? 0;
  expect(activeAt).toBeGreaterThan(START);
  await before.stop();
  time.advance(5 * 60_000);

  const after = await open(folder, time);
  after.feed('load', 7);
  await after.pass(60, 20);
  // Nothing is written before it is known since when the alert is active.
  expect(after.rules.isSettled('a.yml', 'slow')).toBe(false);
  expect(after.rules.groups()[0]?.rules[0]?.alerts[0]?.activeAt).toBeGreaterThan(time.clock.now() - 61_000);
  await after.pass(120, 20);
  const restored = after.rules.groups()[0]?.rules[0]?.alerts[0]?.activeAt ?? 0;
  // Shifted by the time without watching, up to the second evaluation.
  expect(restored - activeAt).toBeGreaterThan(5 * 60_000);
  expect(restored - activeAt).toBeLessThan(8 * 60_000 + 1000);
  await after.pass(15 * 60, 20);
  expect(after.rules.groups()[0]?.rules[0]?.state).toBe('firing');
  await after.stop();
  time.advance(5 * 60_000);

  const again = await open(folder, time);
  again.feed('load', 7);
  await again.pass(4 * 60, 20);
  expect(again.rules.groups()[0]?.rules[0]).toMatchObject({
    state: 'firing',
    alerts: [{ activeAt: Math.floor(restored / 1000) * 1000 }],
  });
  expect(again.rules.isSettled('a.yml', 'slow')).toBe(true);
});

test('a file that is changed right after a start is restored all the same', async () => {
  const folder = temporaryFolder();
  const time = fakeTime(START);
  const before = await open(folder, time);
  before.feed('load', 7);
  await before.put('a.yml', SLOW);
  await before.pass(5 * 60, 20);
  const activeAt = before.rules.groups()[0]?.rules[0]?.alerts[0]?.activeAt ?? 0;
  await before.stop();

  const after = await open(folder, time);
  after.feed('load', 7);
  await after.pass(70, 10);
  await after.put('a.yml', SLOW.replace('30m', '40m'));
  await after.pass(4 * 60, 20);
  const alert = after.rules.groups()[0]?.rules[0]?.alerts[0];
  expect((alert?.activeAt ?? 0) - activeAt).toBeLessThan(4 * 60_000);
  expect(Object.keys(await after.ask('ALERTS'))).toHaveLength(1);
});

test('groups that somebody asks for before they run are restored all the same', async () => {
  const folder = temporaryFolder();
  const time = fakeTime(START);
  const before = await open(folder, time);
  before.feed('load', 7);
  await before.put('a.yml', SLOW);
  await before.pass(40 * 60, 20);
  expect(before.rules.groups()[0]?.rules[0]?.state).toBe('firing');
  await before.stop();

  const after = await open(folder, time, undefined, async (rules) => {
    const { groups } = value(await rules.handlers['rules.groups']({}, context));
    expect(groups.map(({ name }) => name)).toEqual(['slow']);
    expect(rules.isSettled('a.yml', 'slow')).toBe(false);
  });
  after.feed('load', 7);
  await after.pass(60, 20);
  expect(after.rules.isSettled('a.yml', 'slow')).toBe(false);
  await after.pass(3 * 60, 20);
  expect(after.rules.isSettled('a.yml', 'slow')).toBe(true);
  expect(after.rules.groups()).toHaveLength(1);
  expect(after.rules.groups()[0]?.rules[0]?.state).toBe('firing');
});

test('an import takes the files of a folder, or none of them', async () => {
  const folder = temporaryFolder();
  const bench = await open(folder, fakeTime(START));
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'rules', 'a.yml'), LOAD);
  writeFileSync(join(folder, 'rules', 'b.yml'), SLOW);
  const config = join(folder, 'prometheus.yml');
  const found = value(await bench.rules.find(['rules/*.yml', 'none/*.yml'], config));
  expect(found.summary).toEqual({
    rules: [
      { file: join(folder, 'rules', 'a.yml'), groups: 1, rules: 2 },
      { file: join(folder, 'rules', 'b.yml'), groups: 1, rules: 1 },
    ],
    ruleFilesMissing: ['none/*.yml'],
  });
  found.keep();
  await bench.rules.apply();
  expect(bench.rules.groups().map(({ name, intervalMs }) => [name, intervalMs])).toEqual([
    ['load', 5000],
    ['slow', 60_000],
  ]);
  writeFileSync(join(folder, 'rules', 'b.yml'), SLOW.replace('30m', 'soon'));
  const refused = await bench.rules.find(['rules/*.yml'], config);
  expect(refused).toMatchObject({ ok: false, error: { code: 'RULES_REFUSED', line: 7 } });
  value(await bench.rules.find(['rules/a.yml'], config)).keep();
  const { files } = value(await bench.rules.handlers['rules.files.list']({}, context));
  expect(files.map(({ name, origin }) => [name, origin])).toEqual([[join(folder, 'rules', 'a.yml'), config]]);
});

test('rule files that could not be put to work are tried again, and until then nothing is settled', async () => {
  const db = openWritable(join(temporaryFolder(), 'console.db'), {
    migrations: consoleMigrations,
    synchronous: 'NORMAL',
  });
  if (!db.ok) throw new Error(db.error.code);
  const time = fakeTime(START);
  let tries = 0;
  const rules = createRulesArea({
    ...{ db: db.value, ...time, logger: silentLogger, ruleTimeoutMs: 1_000 },
    check: async () => {
      tries += 1;
      if (tries === 1) throw new Error('too many open files');
      return { ok: true, groups: [] };
    },
    builtIn: () => [{ name: 'own', text: '', addedAt: 0 }],
    defaults: () => ({ intervalMs: 15_000, externalLabels: {} }),
    externalUrl: () => '',
    query: () => Promise.resolve([]),
    write: () => Promise.resolve(),
    findLast: () => null,
    lookForInputs: () => 'none',
  });
  const settle = () => rules.handlers['rules.groups']({}, context);
  await rules.start();
  expect([rules.areRead(), rules.isSettled('own', 'g')]).toEqual([false, false]);
  time.advance(60_000);
  await settle();
  expect([rules.areRead(), rules.isSettled('own', 'g')]).toEqual([true, true]);
  time.advance(10 * 60_000);
  await settle();
  expect(tries).toBe(2);
  await rules.close();
  db.value.close();
});
