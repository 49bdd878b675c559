import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { importAlertmanager } from '../../main/engine/alerts/alertmanager-file/import-config.ts';
import { DEFAULT_CONFIG } from '../../main/engine/alerts/notify/default-config.ts';
import { compileMatchers } from '../../main/engine/alerts/notify/matchers.ts';
import { NOON, notifyBench, problemOf } from '../helpers/notify-bench.ts';
import { PATIENCE_MS } from '../helpers/patience.ts';
import { startPeer, untilAnswers } from '../helpers/peer-process.ts';
import { freePort } from '../helpers/ports.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const CONFIG = `
route:
  receiver: all
  group_by: [alertname]
  group_wait: 1s
  routes:
  - matchers: [severity="critical"]
    receiver: pager
    group_by: [alertname, host]
    continue: true
  - matchers: [team=~"web|app"]
    receiver: web
    group_by: ['...']
  - matchers: ['team="db"', 'host=~"db-[0-3]"']
    receiver: data
    group_by: [missing, team]
receivers: [{name: all}, {name: pager}, {name: web}, {name: data}]
inhibit_rules:
- source_matchers: [severity="critical"]
  target_matchers: [severity=~"warning|critical"]
  equal: [host, team]
- source_matchers: [alertname="Site"]
  target_matchers: [team=~".+", alertname!="Site"]
  equal: [site]
`;
const SILENCE = [
  { name: 'host', op: '=~' as const, value: 'db-[2-5]' },
  { name: 'team', op: '!=' as const, value: 'web' },
];

type AmGroup = {
  readonly labels: Record<string, string>;
  readonly receiver: { readonly name: string };
  readonly alerts: readonly { readonly labels: Record<string, string> }[];
};
type AmAlert = {
  readonly labels: Record<string, string>;
  readonly status: { readonly inhibitedBy: readonly string[]; readonly silencedBy: readonly string[] };
};

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of open.splice(0)) await stop();
});

async function startAlertmanager(): Promise<string> {
  const folder = temporaryFolder('alertmanager-groups');
  const port = await freePort();
  const file = join(folder, 'alertmanager.yml');
  writeFileSync(file, CONFIG);
  const peer = await startPeer(
    'prometheus-alertmanager',
    [
      ...['--config.file', file, '--storage.path', join(folder, 'data')],
      ...['--web.listen-address', `127.0.0.1:${port}`, '--cluster.listen-address', ''],
    ],
    'prometheus-alertmanager',
  );
  open.push(async () => peer.stop());
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/-/ready`, peer);
  return url;
}

const pick = <T>(values: readonly T[], at: number): T => values[at % values.length] as T;
const show = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(labels).toSorted());

/** Labels of many different alerts; which ones there are is always the same. */
function sampleAlerts(): readonly Record<string, string>[] {
  const sets = new Map<string, Record<string, string>>();
  for (let nth = 0; nth < 160; nth++) {
    const labels: Record<string, string> = {
      alertname: pick(['Down', 'Slow', 'Full', 'Site'], nth * 7),
      severity: pick(['critical', 'warning', 'info', 'warning', 'strange'], nth * 3),
      host: pick(['', 'db-1', 'db-2', 'db-7', 'web-1', 'web-2'], nth * 5 + Math.floor(nth / 6)),
      team: pick(['', 'db', 'web', 'app'], Math.floor(nth / 4)),
      site: pick(['', 'hall', 'yard'], Math.floor(nth / 11)),
    };
    const kept = Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
    sets.set(show(kept), kept);
  }
  return [...sets.values()];
}

test('over a hundred alerts in a real Alertmanager: the same groups, the same inhibited and silenced ones', async () => {
  const url = await startAlertmanager();
  const post = async (path: string, body: unknown): Promise<void> => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status, await answer.clone().text()).toBe(200);
  };
  const alerts = sampleAlerts();
  expect(alerts.length).toBeGreaterThan(100);
  await post('/api/v2/silences', {
    matchers: SILENCE.map(({ name, op, value }) => ({
      name,
      value,
      isRegex: op === '=~',
      isEqual: op !== '!=',
    })),
    startsAt: new Date(Date.now() - 1_000).toISOString(),
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    createdBy: 'test',
    comment: 'test',
  });
  await post(
    '/api/v2/alerts',
    alerts.map((labels) => ({ labels })),
  );
  const theirs = async () => {
    const groups = (await (await fetch(`${url}/api/v2/alerts/groups`)).json()) as AmGroup[];
    const listed = (await (await fetch(`${url}/api/v2/alerts`)).json()) as AmAlert[];
    return {
      groups: groups
        .flatMap((group) =>
          group.alerts.map((alert) =>
            [group.receiver.name, show(group.labels), show(alert.labels)].join(' '),
          ),
        )
        .toSorted(),
      inhibited: listed
        .filter(({ status }) => status.inhibitedBy.length > 0)
        .map(({ labels }) => show(labels))
        .toSorted(),
      silenced: listed
        .filter(({ status }) => status.silencedBy.length > 0)
        .map(({ labels }) => show(labels))
        .toSorted(),
    };
  };

  const read = importAlertmanager(CONFIG, DEFAULT_CONFIG);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const bench = notifyBench({ config: read.config });
  bench.silences.push({
    id: 's',
    startsAt: NOON,
    endsAt: NOON + 3_600_000,
    by: 'test',
    comment: 'test',
    test: compileMatchers(SILENCE),
  });
  bench.open(...alerts.map((labels, nth) => ({ ...problemOf(String(nth), {}), labels })));
  const state = bench.state();
  const ours = [...state.alerts.values()];
  const having = (kind: string): readonly string[] =>
    ours
      .filter(({ causes }) => causes.some((cause) => cause.kind === kind))
      .map(({ problem }) => show(problem.labels))
      .toSorted();
  const expected = {
    groups: ours
      .flatMap(({ groups, problem }) =>
        groups.map((key) => {
          const group = state.groups.get(key);
          const route = read.config.route.routes[group?.path[0] ?? -1] ?? read.config.route;
          return [route.receiver, show(group?.labels ?? {}), show(problem.labels)].join(' ');
        }),
      )
      .toSorted(),
    inhibited: having('inhibition'),
    silenced: having('silence'),
  };
  expect(expected.groups.length).toBeGreaterThan(alerts.length);
  expect(expected.inhibited.length).toBeGreaterThan(20);
  expect(expected.silenced.length).toBeGreaterThan(5);
  // It marks what is silenced and inhibited when a group is looked at.
  for (const end = Date.now() + PATIENCE_MS; ; await wait(250)) {
    const now = await theirs();
    if (JSON.stringify(now) !== JSON.stringify(expected) && Date.now() < end) continue;
    expect(expected).toEqual(now);
    break;
  }
});
