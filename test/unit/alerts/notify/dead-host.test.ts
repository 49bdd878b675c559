import { describe, expect, test } from 'vitest';
import { explainedAlerts } from '../../../../main/engine/alerts/notify/plan.ts';
import { inShort, NOON, notifyBench, problemOf, withRoute } from '../../../helpers/notify-bench.ts';

const MINUTE = 60_000;
const plain = withRoute({});

describe('what only says again that a host is dead', () => {
  const dead = (host: string) =>
    problemOf(`host_down:${host}`, { host, alertname: 'HostDown' }, { condition: 'host_down' });
  const check = (host: string) =>
    problemOf(
      `check_failing:${host}`,
      { host, alertname: 'CheckFailing', severity: 'warning' },
      {
        condition: 'check_failing',
      },
    );
  const ruled = (host: string, alertname = 'ProbeFailed') =>
    problemOf(
      `rule:${alertname}:${host}`,
      { host, alertname, instance: `${host}:22` },
      {
        alert: { file: 'f', group: 'g', labels: {}, annotations: {}, activeAt: NOON, value: '0' },
      },
    );

  test('300 hosts die, each with a failing check and a rule: one notice that counts hosts', () => {
    const hosts = Array.from({ length: 300 }, (_, index) => `host-${index}`);
    const bench = notifyBench({ stepMs: 5_000 });
    bench.open(...hosts.map(check));
    bench.pass(10_000);
    bench.open(...hosts.map(dead));
    bench.pass(2 * MINUTE);
    bench.open(...hosts.map((host) => ruled(host)));
    bench.pass(5 * MINUTE);
    expect(bench.left).toHaveLength(1);
    expect(bench.left[0]?.notice).toMatchObject({ counts: { firing: 300, resolved: 0, suppressed: 300 } });
    expect(bench.left[0]?.notice.title.zh).toMatch(/^300 台主机故障或不可达，如 .*（300 条告警因它而起）$/);
    expect(explainedAlerts(bench.state().alerts).size).toBe(600);
    const causes = bench.state().alerts.get('check_failing:host-7')?.causes ?? [];
    expect(causes).toMatchObject([{ kind: 'dependency', ref: 'host_down:host-7' }]);
    expect(causes[0]?.text.zh).toContain('host_down:host-7 出了问题');
    expect(bench.story('rule:ProbeFailed:host-7')).toContain('suppressed:dependency');
    // All come back; rules and checks find that out a minute later, and nobody hears of them.
    bench.end(...hosts.map((host) => `host_down:${host}`));
    bench.pass(75_000);
    bench.end(...hosts.flatMap((host) => [`check_failing:${host}`, `rule:ProbeFailed:${host}`]));
    bench.pass(10 * MINUTE);
    expect(bench.left.slice(1).map(({ notice }) => notice.kind)).toEqual(['resolved']);
  });

  test('what stays when the host is back is told', () => {
    const bench = notifyBench();
    bench.open(dead('db'), check('db'));
    bench.pass(MINUTE);
    bench.end('host_down:db');
    bench.pass(5 * MINUTE);
    expect(inShort(bench.left).at(-1)).toMatch(/ firing desktop check_failing:db$/);
  });

  test('other trouble of a dead host is told: logs, backups, disks', () => {
    const bench = notifyBench();
    const disk = problemOf('disk', { host: 'db', instance: 'db:9100', alertname: 'DataDiskLow' });
    const lines = problemOf('lines', { host: 'db', source: 's', alertname: 'PaymentErrors' });
    const other = ruled('db-2', 'Odd');
    bench.open(dead('db'), disk, lines, other);
    bench.pass(MINUTE);
    expect(bench.left.flatMap(({ alerts }) => alerts).toSorted()).toEqual(
      [disk.id, 'host_down:db', lines.id, other.id].toSorted(),
    );
  });

  test('whoever is told of a service but not of the host is told all the same; a silenced death stands for nothing', () => {
    const config = withRoute(
      {
        routes: [
          { ...plain.route, receiver: 'web', matchers: [{ name: 'alertname', op: '=', value: 'WebDown' }] },
        ],
      },
      {
        receivers: [
          ...plain.receivers,
          { name: 'web', targets: [{ kind: 'full_screen' }], sendResolved: true },
        ],
      },
    );
    const bench = notifyBench({ config });
    bench.open(dead('web-1'), ruled('web-1', 'WebDown'), ruled('web-1', 'Slow'));
    bench.pass(MINUTE);
    expect(bench.left.flatMap(({ alerts }) => alerts).toSorted()).toEqual([
      'host_down:web-1',
      'rule:WebDown:web-1',
    ]);

    const silenced = notifyBench();
    silenced.silences.push({
      ...{ id: 's', startsAt: NOON, endsAt: NOON + 1e9, by: 'Li', comment: 'known' },
      test: ({ alertname }) => alertname === 'HostDown',
    });
    silenced.open(dead('web-1'), ruled('web-1'));
    silenced.pass(MINUTE);
    expect(inShort(silenced.left)).toEqual(['20 firing desktop rule:ProbeFailed:web-1']);
  });

  test('a death that another alert inhibits stands for what those are told of who are told of the other', () => {
    const is = (value: string) => [{ name: 'alertname', op: '=' as const, value }];
    const inhibitedBy = (source: string) => ({
      ...plain,
      inhibitRules: [{ title: '', source: is(source), target: is('HostDown'), equal: [] }],
    });
    const told = (bench: ReturnType<typeof notifyBench>) => bench.left.flatMap(({ alerts }) => alerts);

    const behindSwitch = notifyBench({ config: inhibitedBy('SwitchDown') });
    behindSwitch.open(problemOf('switch', { host: 'sw', alertname: 'SwitchDown' }), dead('db'), check('db'));
    behindSwitch.pass(5 * MINUTE);
    expect(told(behindSwitch)).toEqual(['switch']);
    expect([...explainedAlerts(behindSwitch.state().alerts)].toSorted()).toEqual(
      ['check_failing:db', 'host_down:db'].toSorted(),
    );

    // The check would be told as the host, and the host as the check: nobody would hear of either.
    const inTurn = notifyBench({ config: inhibitedBy('CheckFailing') });
    inTurn.open(dead('db'), check('db'));
    inTurn.pass(5 * MINUTE);
    expect(told(inTurn)).toEqual(['check_failing:db']);
  });

  test('whoever is called at once is not left to the escalation of the host', () => {
    const is = (value: string) => [{ name: 'alertname', op: '=' as const, value }];
    const routes = [
      {
        ...plain.route,
        matchers: is('HostDown'),
        escalation: [{ afterMs: 30 * MINUTE, receiver: 'boss' }],
      },
      { ...plain.route, receiver: 'boss', matchers: is('WebDown') },
    ];
    const boss = { name: 'boss', targets: [{ kind: 'full_screen' as const }], sendResolved: true };
    const bench = notifyBench({ config: withRoute({ routes }, { receivers: [...plain.receivers, boss] }) });
    bench.open(dead('web-1'), ruled('web-1', 'WebDown'));
    bench.pass(MINUTE);
    expect(bench.left.flatMap(({ alerts }) => alerts).toSorted()).toEqual([
      'host_down:web-1',
      'rule:WebDown:web-1',
    ]);
  });

  test('a host that flaps and is up explains nothing that fails on it', () => {
    const bench = notifyBench();
    for (let time = 0; time < 6; time++) {
      bench.open(dead('db'));
      bench.pass(MINUTE);
      bench.end('host_down:db');
      bench.pass(MINUTE);
    }
    expect(bench.state().alerts.get('host_down:db')).toMatchObject({ isOpen: false, until: null });
    bench.open(check('db'));
    bench.pass(2 * MINUTE);
    expect(inShort(bench.left).at(-1)).toMatch(/ firing desktop check_failing:db$/);
  });

  test('what another machine says of a dead host is told: it lives, and knows more', () => {
    const bench = notifyBench();
    const alert = { file: 'f', group: 'g', annotations: {}, activeAt: NOON, value: '0' };
    const guest = { host: 'vm-1', alertname: 'GuestOff', instance: 'vcenter:9272' };
    bench.open(dead('vm-1'), problemOf('guest', guest, { alert: { ...alert, labels: guest } }));
    bench.pass(MINUTE);
    expect(bench.left.flatMap(({ alerts }) => alerts).toSorted()).toEqual(['guest', 'host_down:vm-1']);
  });

  test('two that inhibit each other are both in sight', () => {
    const is = (value: string) => [{ name: 'alertname', op: '=' as const, value }];
    const inhibitRules = [
      { title: '', source: is('A'), target: is('B'), equal: [] },
      { title: '', source: is('B'), target: is('A'), equal: [] },
    ];
    const bench = notifyBench({ config: { ...plain, inhibitRules } });
    bench.open(problemOf('a', { alertname: 'A' }), problemOf('b', { alertname: 'B' }));
    expect(bench.state().alerts.get('a')?.causes).toMatchObject([{ kind: 'inhibition' }]);
    expect(explainedAlerts(bench.state().alerts).size).toBe(0);
  });

  test('the setting switches it off', () => {
    const settings = { ...plain.settings, dependencies: { enabled: false, waitMs: 0 } };
    const bench = notifyBench({ config: { ...plain, settings } });
    bench.open(dead('db'), check('db'));
    bench.pass(MINUTE);
    expect(bench.left.flatMap(({ alerts }) => alerts)).toHaveLength(2);
  });
});
