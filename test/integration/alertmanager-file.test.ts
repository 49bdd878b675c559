import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { importAlertmanager } from '../../main/engine/alerts/alertmanager-file/import-config.ts';
import { DEFAULT_CONFIG } from '../../main/engine/alerts/notify/default-config.ts';
import { compileRouting } from '../../main/engine/alerts/notify/routing.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

/** Debian's amtool is the judge of what a configuration means. */
const AMTOOL = '/usr/bin/amtool';

beforeAll(() => {
  if (!existsSync(AMTOOL))
    throw new Error('amtool is missing: install the Debian package prometheus-alertmanager');
});

function amtool(...args: string[]): { readonly ok: boolean; readonly output: string } {
  const run = spawnSync(AMTOOL, args, { encoding: 'utf8' });
  // What it warns of goes to the standard error.
  return { ok: run.status === 0, output: run.stdout.trim() };
}

function fileOf(text: string): string {
  const file = join(temporaryFolder('alertmanager-file'), 'alertmanager.yml');
  writeFileSync(file, text);
  return file;
}

const SITE = `
global: {smtp_smarthost: 'relay:25', smtp_from: 'hmtt@site', smtp_require_tls: false, resolve_timeout: 5m}
route:
  receiver: default
  group_by: [alertname, cluster]
  group_wait: 10s
  repeat_interval: 2h
  routes:
  - matchers: ['severity=~"page|critical"']
    receiver: pager
    continue: true
  - match: {team: web}
    receiver: web
    group_by: ['...']
    routes:
    - match_re: {host: 'web-[0-9]+'}
      receiver: web-hosts
      mute_time_intervals: [nights]
    - matchers: [ kind = "slow" , 'host!=""' ]
  - matchers: ['team=~"db|data"', severity!~"info|none"]
    receiver: data
    active_time_intervals: [office]
    continue: true
  - matchers: ['host=~"db-.*"']
    receiver: db-hosts
  - matchers: ['note="a \\"quoted\\" word, and a comma"']
    receiver: quoted
  - matchers: ['absent=""', 'severity="strange"']
    receiver: strange
receivers:
- name: default
- name: pager
  webhook_configs: [{url: 'http://127.0.0.1:9/hook', max_alerts: 10}]
- name: web
  email_configs: [{to: 'web@site, second@site'}]
- name: web-hosts
- name: data
  slack_configs: [{api_url: 'http://127.0.0.1:9/slack', channel: '#a'}]
- name: db-hosts
- name: quoted
- name: strange
inhibit_rules:
- source_matchers: [severity="critical"]
  target_match: {severity: warning}
  equal: [host]
time_intervals:
- name: nights
  time_intervals: [{times: [{start_time: '22:00', end_time: '24:00'}], weekdays: ['monday:friday', sunday]}]
- name: office
  time_intervals: [{times: [{start_time: '08:00', end_time: '17:30'}], days_of_month: ['1:15', '-3:-1'], months: ['march:may', '12'], years: ['2020:2030'], location: Asia/Shanghai}]
`;

test('a whole alertmanager.yml: the same receivers as amtool for every set of labels', () => {
  const read = importAlertmanager(SITE, DEFAULT_CONFIG);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const file = fileOf(SITE);
  expect(amtool('check-config', file).ok).toBe(true);
  const routing = compileRouting(read.config, 1);
  const values: Readonly<Record<string, readonly string[]>> = {
    severity: ['', 'critical', 'pages', 'page', 'info', 'strange'],
    team: ['', 'web', 'db', 'data', 'database'],
    host: ['', 'web-12', 'db-1', 'web-x'],
    kind: ['', 'slow'],
    note: ['', 'a "quoted" word, and a comma'],
  };
  let sets: Record<string, string>[] = [{}];
  for (const [name, options] of Object.entries(values))
    sets = sets.flatMap((set) => options.map((value) => (value === '' ? set : { ...set, [name]: value })));
  // Every fifth of them is asked: amtool is a process each time.
  const asked = sets.filter((_, index) => index % 5 === 0);
  expect(asked.length).toBeGreaterThan(90);
  for (const labels of asked) {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replaceAll('"', '\\"')}"`);
    const expected = amtool('config', 'routes', 'test', `--config.file=${file}`, ...pairs).output;
    expect(
      routing
        .routesOf(labels)
        .map(({ receiver }) => receiver)
        .join(','),
      pairs.join(' '),
    ).toBe(expected);
  }
  expect(read.channels.map(({ kind, fields }) => [kind, fields])).toEqual([
    ['webhook', { url: 'http://127.0.0.1:9/hook', maxAlerts: '10' }],
    ['email', { to: 'web@site, second@site', from: 'hmtt@site', smarthost: 'relay:25', security: 'none' }],
  ]);
  expect(read.leftOut.map(({ line, field }) => [line, field])).toEqual([
    [SITE.split('\n').findIndex((line) => line.includes('slack_configs')) + 1, 'slack_configs'],
  ]);
  expect(read.config.route).toMatchObject({
    groupWaitMs: 10_000,
    groupIntervalMs: 300_000,
    repeatIntervalMs: 7_200_000,
  });
  // A receiver that has lost all its ways tells this workstation; one that never had any tells nobody.
  const targets = (name: string) => read.config.receivers.find((each) => each.name === name)?.targets;
  expect(targets('data')).toEqual([{ kind: 'channel', channel: 'desktop', to: null }]);
  expect(targets('default')).toEqual([]);
});

const GOOD = 'receivers: [{name: a}]\n';
const BROKEN: readonly (readonly [string, string])[] = [
  ['no route', GOOD],
  ['no receiver in the root', `route: {}\n${GOOD}`],
  ['an unknown receiver', `route: {receiver: b}\n${GOOD}`],
  ['an unknown receiver below', `route: {receiver: a, routes: [{receiver: b}]}\n${GOOD}`],
  ['matchers in the root', `route: {receiver: a, match: {x: y}}\n${GOOD}`],
  ['an unknown field', `route: {receiver: a, grup_by: [x]}\n${GOOD}`],
  ['an unknown field of a receiver', 'route: {receiver: a}\nreceivers: [{name: a, web_configs: []}]\n'],
  ['a receiver twice', 'route: {receiver: a}\nreceivers: [{name: a}, {name: a}]\n'],
  ['a broken expression', `route: {receiver: a, routes: [{match_re: {x: '('}}]}\n${GOOD}`],
  ['a broken matcher', `route: {receiver: a, routes: [{matchers: ['x']}]}\n${GOOD}`],
  ['a broken expression in a matcher', `route: {receiver: a, routes: [{matchers: ['x=~"["']}]}\n${GOOD}`],
  ['a duration without unit', `route: {receiver: a, group_wait: 10}\n${GOOD}`],
  ['no group_interval at all', `route: {receiver: a, group_interval: 0s}\n${GOOD}`],
  ['no repeat_interval at all', `route: {receiver: a, repeat_interval: 0s}\n${GOOD}`],
  ['a label twice', `route: {receiver: a, group_by: [x, x]}\n${GOOD}`],
  ['all labels and others', `route: {receiver: a, group_by: ['...', x]}\n${GOOD}`],
  ['no label name', `route: {receiver: a, group_by: ['a-b']}\n${GOOD}`],
  ['an unknown time interval', `route: {receiver: a, routes: [{mute_time_intervals: [x]}]}\n${GOOD}`],
  [
    'a muted root',
    `route: {receiver: a, mute_time_intervals: [x]}\n${GOOD}time_intervals: [{name: x, time_intervals: []}]\n`,
  ],
  [
    'a time interval twice',
    `route: {receiver: a}\n${GOOD}time_intervals: [{name: x, time_intervals: []}, {name: x, time_intervals: []}]\n`,
  ],
  [
    'a day that is none',
    `route: {receiver: a}\n${GOOD}time_intervals: [{name: x, time_intervals: [{weekdays: [someday]}]}]\n`,
  ],
  [
    'days backwards',
    `route: {receiver: a}\n${GOOD}time_intervals: [{name: x, time_intervals: [{weekdays: ['friday:monday']}]}]\n`,
  ],
  [
    'a time that is none',
    `route: {receiver: a}\n${GOOD}time_intervals: [{name: x, time_intervals: [{times: [{start_time: '25:00', end_time: '26:00'}]}]}]\n`,
  ],
  [
    'a zone that is none',
    `route: {receiver: a}\n${GOOD}time_intervals: [{name: x, time_intervals: [{location: Nowhere/Land}]}]\n`,
  ],
  [
    'a webhook without address',
    'route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{max_alerts: 1}]}]\n',
  ],
  [
    'a webhook to a file',
    'route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{url: "file:///etc"}]}]\n',
  ],
  ['an e-mail without relay', 'route: {receiver: a}\nreceivers: [{name: a, email_configs: [{to: x@y}]}]\n'],
  ['no YAML', 'route: {receiver: a\n'],
];

test.each(BROKEN)('refused whole, by amtool and here: %s', (_what, text) => {
  const judged = amtool('check-config', fileOf(text));
  expect(judged.ok, judged.output).toBe(false);
  const read = importAlertmanager(text, DEFAULT_CONFIG);
  expect(read.ok).toBe(false);
  if (!read.ok) expect(read.problems[0]?.line).toBeGreaterThan(0);
});
