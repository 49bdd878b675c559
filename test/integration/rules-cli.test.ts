import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hmtt } from '../helpers/headless-engine.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const GOOD = `groups:
- name: g
  interval: 30s
  rules:
  - record: job:up:sum
    expr: sum by (job) (up)
  - alert: Down
    expr: up == 0
    for: 2m
    annotations: {summary: "{{ $labels.instance }} is down"}
`;

/** Rule files that both sides must refuse, each for a reason of its own. */
const BAD: Readonly<Record<string, string>> = {
  syntax: 'groups: [',
  'unknown field': 'groups:\n- name: g\n  rulez: []\n',
  'unknown field of a rule': 'groups:\n- name: g\n  rules: [{alert: A, expr: up, foor: 1m}]\n',
  'no name': 'groups:\n- rules: []\n',
  'name twice': 'groups:\n- name: g\n- name: g\n',
  'both kinds': 'groups:\n- name: g\n  rules: [{alert: A, record: b, expr: up}]\n',
  'neither kind': 'groups:\n- name: g\n  rules: [{expr: up}]\n',
  'no expression': 'groups:\n- name: g\n  rules: [{alert: A}]\n',
  'bad expression': 'groups:\n- name: g\n  rules: [{alert: A, expr: "sum("}]\n',
  'bad duration': 'groups:\n- name: g\n  rules: [{alert: A, expr: up, for: soon}]\n',
  'bad interval': 'groups:\n- name: g\n  interval: 5 minutes\n',
  'bad limit': 'groups:\n- name: g\n  limit: many\n',
  'for in a recording rule': 'groups:\n- name: g\n  rules: [{record: a, expr: up, for: 1m}]\n',
  'keep_firing_for in a recording rule':
    'groups:\n- name: g\n  rules: [{record: a, expr: up, keep_firing_for: 1m}]\n',
  'annotations in a recording rule':
    'groups:\n- name: g\n  rules: [{record: a, expr: up, annotations: {a: b}}]\n',
  'bad metric name': 'groups:\n- name: g\n  rules: [{record: "a-b", expr: up}]\n',
  'bad label name': 'groups:\n- name: g\n  rules: [{alert: A, expr: up, labels: {"a-b": c}}]\n',
  'label __name__': 'groups:\n- name: g\n  rules: [{alert: A, expr: up, labels: {__name__: c}}]\n',
  'bad annotation name': 'groups:\n- name: g\n  rules: [{alert: A, expr: up, annotations: {"a b": c}}]\n',
  'bad template': 'groups:\n- name: g\n  rules: [{alert: A, expr: up, annotations: {a: "{{ nope }}"}}]\n',
  'a list instead of a map': 'groups:\n- name: g\n  rules: [{alert: A, expr: up, labels: [a]}]\n',
  'a text instead of a list': 'groups: none\n',
};

/** Files that both sides take. */
const TAKEN: Readonly<Record<string, string>> = {
  usual: GOOD,
  empty: '',
  'no groups': 'groups: []\n',
  'only a comment': '# nothing\n',
  'a number as name': 'groups:\n- name: 5\n  rules: [{alert: 7, expr: 1}]\n',
  'zero durations':
    'groups:\n- name: g\n  interval: 0s\n  rules: [{alert: A, expr: up, for: 0, keep_firing_for: 0s}]\n',
  anchors:
    'groups:\n- name: g\n  rules:\n  - {alert: A, expr: up, labels: &l {a: b}}\n  - {alert: B, expr: up, labels: *l}\n',
};

function promtool(dir: string, ...args: string[]): number | null {
  const run = spawnSync('promtool', args, { cwd: dir });
  if (run.error !== undefined) throw new Error('promtool is needed by this test: apt-get install prometheus');
  return run.status;
}

it(`rules check takes ${Object.keys(TAKEN).length} and refuses ${Object.keys(BAD).length} as promtool does, and names file, line and rule`, async () => {
  const dir = temporaryFolder('rules');
  const files = Object.entries({ ...TAKEN, ...BAD }).map(([name, text], index) => {
    const file = `${index}.yml`;
    writeFileSync(join(dir, file), text);
    return { name, file };
  });
  const run = await hmtt(
    join(dir, 'data'),
    '--json',
    'rules',
    'check',
    ...files.map(({ file }) => join(dir, file)),
  );
  expect(run.code).toBe(1);
  const checked: { readonly problems: readonly string[] }[] = JSON.parse(run.stdout).files;
  for (const [index, { name, file }] of files.entries()) {
    const refused = promtool(dir, 'check', 'rules', file) !== 0;
    expect([name, (checked[index]?.problems.length ?? 0) > 0]).toEqual([name, refused]);
    for (const problem of checked[index]?.problems ?? []) expect(problem).toMatch(/\.yml:\d+:/);
  }
  const sound = await hmtt(join(dir, 'data'), 'rules', 'check', join(dir, '0.yml'));
  expect([sound.code, sound.stdout]).toEqual([0, expect.stringContaining('SUCCESS: 2 rules found')]);
});

it('rules test passes and fails as promtool does', async () => {
  const dir = temporaryFolder('rules');
  writeFileSync(join(dir, 'rules.yml'), GOOD);
  const test = (labels: string): string => `rule_files: ['rul*.yml']
evaluation_interval: 1m
tests:
- interval: 1m
  input_series: [{series: 'up{instance="a"}', values: '1 0 0 0 0'}]
  alert_rule_test:
  - eval_time: 3m
    alertname: Down
    exp_alerts: [{exp_labels: {instance: ${labels}}, exp_annotations: {summary: a is down}}]
  promql_expr_test:
  - {expr: 'job:up:sum', eval_time: 1m, exp_samples: [{labels: 'job:up:sum', value: 0}]}
`;
  writeFileSync(join(dir, 'good.yml'), test('a'));
  writeFileSync(join(dir, 'bad.yml'), test('b'));
  const data = join(dir, 'data');
  const good = await hmtt(data, 'rules', 'test', join(dir, 'good.yml'));
  expect([good.code, promtool(dir, 'test', 'rules', 'good.yml')]).toEqual([0, 0]);
  const bad = await hmtt(data, 'rules', 'test', join(dir, 'bad.yml'));
  expect([bad.code, promtool(dir, 'test', 'rules', 'bad.yml')]).toEqual([1, 1]);
  expect(bad.stdout).toContain('Labels:{alertname="Down", instance="a"}');
  expect(bad.stderr).toContain('error[RULE_TESTS_FAILED]');
});
