import { expect, test } from 'vitest';
import { NO_DEPENDENCIES } from '../../../../main/engine/alerts/notify/causes.ts';
import { compileMatchers } from '../../../../main/engine/alerts/notify/matchers.ts';
import { windowClock } from '../../../../main/engine/alerts/notify/windows.ts';
import { inShort, NOON, notifyBench, problemOf, withRoute } from '../../../helpers/notify-bench.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const plain = withRoute({});

test('one alert: told after group_wait, repeated, told when it ends', () => {
  const bench = notifyBench({ config: plain });
  bench.open(problemOf('a', {}));
  expect(inShort(bench.pass(29_000))).toEqual([]);
  expect(inShort(bench.pass(MINUTE))).toEqual(['30 firing desktop a']);
  expect(inShort(bench.pass(5 * HOUR))).toEqual(['14430 reminder desktop a']);
  bench.end('a');
  expect(inShort(bench.pass(HOUR))).toEqual([expect.stringMatching(/resolved desktop a$/)]);
  expect(bench.state().alerts.size).toBe(0);
  expect(bench.state().groups.size).toBe(0);
  expect(bench.story('a')).toEqual([
    'observed',
    'opened',
    'routed',
    'waiting',
    'notice',
    'notice',
    'ended',
    'notice',
  ]);
});

test('an alert that ends before its group has waited is told to nobody, and the story says so', () => {
  const bench = notifyBench({ config: plain });
  bench.open(problemOf('a', {}));
  bench.pass(10_000);
  bench.end('a');
  expect(bench.pass(HOUR)).toEqual([]);
  expect(bench.trace.at(-1)?.text.en).toBe('The alert has ended before anybody was told');
});

test('news of a group wait for more of the same, and for group_interval', () => {
  const bench = notifyBench({ config: plain });
  bench.open(problemOf('a', {}));
  bench.pass(40_000);
  bench.open(problemOf('b', {}));
  bench.pass(20_000);
  bench.open(problemOf('c', {}));
  bench.pass(5 * MINUTE);
  expect(inShort(bench.left)).toEqual(['30 firing desktop a', '90 firing desktop a,b,c']);
});

test('alerts of other names are groups of their own', () => {
  const bench = notifyBench({ config: plain });
  bench.open(problemOf('a', { alertname: 'Down' }), problemOf('b', { alertname: 'Full' }));
  bench.pass(MINUTE);
  expect(inShort(bench.left)).toEqual(['30 firing desktop a', '30 firing desktop b']);
});

test('the default routing: info is only shown, critical ones fill the screen when nobody acknowledges', () => {
  const bench = notifyBench();
  bench.open(
    problemOf('note', { severity: 'info' }),
    problemOf('bad', { severity: 'critical', alertname: 'Down' }),
    problemOf('meh', { severity: 'warning', alertname: 'Slow' }),
  );
  bench.pass(HOUR);
  expect(inShort(bench.left)).toEqual([
    '20 firing desktop bad',
    '20 firing desktop meh',
    '620 escalation full-screen bad',
  ]);
  expect(bench.story('note')).toEqual(['observed', 'opened', 'routed', 'suppressed:nobody']);
});

test('who acknowledges stops repeats and escalation, is reminded, and hears of the end', () => {
  const bench = notifyBench();
  bench.open(problemOf('a', {}));
  bench.pass(MINUTE);
  bench.acknowledge(['a'], HOUR);
  bench.pass(2 * HOUR + MINUTE);
  expect(inShort(bench.left)).toEqual([
    '20 firing desktop a',
    '3660 reminder desktop a',
    '7260 reminder desktop a',
  ]);
  bench.end('a');
  expect(inShort(bench.pass(5 * MINUTE))).toEqual([expect.stringMatching(/resolved desktop a/)]);
  // The next one is a new alert: nobody is on it.
  bench.open(problemOf('a', {}));
  expect(inShort(bench.pass(MINUTE))).toEqual([expect.stringMatching(/firing desktop a/)]);
});

test('an acknowledgement that is taken back lets escalation begin again', () => {
  const bench = notifyBench();
  bench.open(problemOf('a', {}));
  bench.pass(MINUTE);
  bench.acknowledge(['a']);
  bench.pass(HOUR);
  bench.unacknowledge(['a']);
  const at = (bench.now() - NOON) / 1000;
  expect(inShort(bench.pass(HOUR))).toEqual([`${at + 600} escalation full-screen a`]);
});

test('steps of an escalation, each once, and its receivers hear of the end', () => {
  const config = withRoute(
    {
      escalation: [
        { afterMs: 20 * MINUTE, receiver: 'next' },
        { afterMs: 5 * MINUTE, receiver: 'first' },
      ],
    },
    {
      receivers: ['desktop', 'first', 'next'].map((name) => ({
        name,
        targets: [{ kind: 'channel' as const, channel: 'desktop', to: null }],
        sendResolved: true,
      })),
    },
  );
  const bench = notifyBench({ config });
  bench.open(problemOf('a', {}));
  bench.pass(10 * MINUTE);
  bench.end('a');
  bench.pass(HOUR);
  expect(inShort(bench.left)).toEqual([
    '30 firing desktop a',
    '330 escalation first a',
    '630 resolved desktop a',
    '630 resolved first a',
  ]);
});

test('a silence hides, and says at its end what fires still', () => {
  const bench = notifyBench({ config: plain });
  bench.silences.push({
    id: 's',
    startsAt: NOON,
    endsAt: NOON + HOUR,
    by: 'Li',
    comment: 'disk swap',
    test: compileMatchers([{ name: 'host', op: '=', value: 'db-1' }]),
  });
  bench.open(
    problemOf('a', { host: 'db-1' }),
    problemOf('b', { host: 'db-1' }),
    problemOf('c', { host: 'db-2' }),
  );
  bench.pass(30 * MINUTE);
  bench.end('b');
  bench.pass(HOUR);
  expect(inShort(bench.left)).toEqual(['30 firing desktop c', '3600 silence_ended desktop a']);
  expect(bench.left[1]?.notice.text.zh).toContain('disk swap');
  expect(bench.story('a')).toEqual([
    'observed',
    'opened',
    'routed',
    'suppressed:silence',
    'unsuppressed:silence',
    'notice',
  ]);
});

test('what was told before a silence is told to have ended in it', () => {
  const bench = notifyBench({ config: plain });
  bench.open(problemOf('a', {}));
  bench.pass(MINUTE);
  bench.silences.push({
    id: 's',
    startsAt: bench.now(),
    endsAt: bench.now() + HOUR,
    by: 'Li',
    comment: 'x',
    test: () => true,
  });
  bench.pass(5 * MINUTE);
  bench.end('a');
  bench.open(problemOf('b', {}));
  bench.pass(30 * MINUTE);
  expect(inShort(bench.left)).toEqual(['30 firing desktop a', '390 resolved desktop a']);
});

test('a maintenance every Sunday, and the notice at its end', () => {
  const bench = notifyBench({ config: plain, stepMs: 30_000 });
  bench.maintenances.push({
    id: 'm',
    name: 'patches',
    comment: '',
    test: compileMatchers([{ name: 'component', op: '=', value: 'web' }]),
    windows: windowClock({
      kind: 'recurring',
      cron: '0 13 * * 0',
      zone: 'UTC',
      durationMs: HOUR,
      from: null,
      until: null,
    }),
  });
  bench.pass(61 * MINUTE);
  bench.open(problemOf('a', { component: 'web' }));
  bench.pass(2 * HOUR);
  expect(inShort(bench.left)).toEqual(['7200 silence_ended desktop a']);
  expect(bench.left[0]?.notice.title.zh).toContain('仍在触发');
});

test('inhibition: the source hides the target with equal labels, none hides itself', () => {
  const bench = notifyBench({
    config: {
      ...plain,
      inhibitRules: [
        {
          title: '',
          source: [{ name: 'severity', op: '=', value: 'critical' }],
          target: [{ name: 'severity', op: '=~', value: 'critical|warning' }],
          equal: ['host'],
        },
      ],
    },
  });
  bench.open(
    problemOf('worse', { host: 'a', severity: 'critical', alertname: 'Down' }),
    problemOf('bad', { host: 'a', severity: 'warning', alertname: 'Slow' }),
    problemOf('other', { host: 'b', severity: 'warning', alertname: 'Slow' }),
  );
  bench.pass(MINUTE);
  expect(inShort(bench.left)).toEqual(['30 firing desktop worse', '30 firing desktop other']);
  expect(bench.left[0]?.notice.counts).toEqual({ firing: 1, resolved: 0, suppressed: 1 });
  bench.end('worse');
  bench.pass(2 * MINUTE);
  expect(inShort(bench.left.slice(2))).toEqual(['90 resolved desktop worse', '90 firing desktop bad,other']);
});

test('what opens and ends too often is one notice until it calms down', () => {
  const bench = notifyBench({ config: plain });
  for (let turn = 0; turn < 20; turn++) {
    bench.open(problemOf('a', {}));
    bench.pass(2 * MINUTE);
    bench.end('a');
    bench.pass(2 * MINUTE);
  }
  const flapping = bench.left.filter(({ notice }) => notice.title.en.startsWith('Flapping'));
  expect(flapping).toHaveLength(1);
  // Four openings and ends are told one by one, the fifth is called flapping, then nothing.
  expect(bench.left).toHaveLength(4 * 2 + 1);
  expect(inShort(bench.pass(HOUR))).toEqual([expect.stringMatching(/resolved desktop a/)]);
  expect(bench.story('a')).toContain('calm');
});

test('a route that is muted at night speaks in the morning', () => {
  const config = withRoute(
    {
      routes: [
        {
          ...plain.route,
          receiver: null,
          escalation: null,
          matchers: [{ name: 'team', op: '=', value: 'web' }],
          muteTimes: ['lunch'],
        },
      ],
    },
    {
      timeIntervals: [
        {
          name: 'lunch',
          zone: 'UTC',
          spans: [{ times: [{ from: 720, to: 780 }], weekdays: [], daysOfMonth: [], months: [], years: [] }],
        },
      ],
    },
  );
  const bench = notifyBench({ config });
  bench.open(problemOf('a', { team: 'web' }), problemOf('b', { team: 'db' }));
  bench.pass(2 * HOUR);
  expect(inShort(bench.left)).toEqual(['30 firing desktop b', '3630 firing desktop a']);
  expect(bench.story('a')).toEqual([
    'observed',
    'opened',
    'routed',
    'suppressed:mute_time',
    'unsuppressed:mute_time',
    'waiting',
    'notice',
  ]);
});

test('300 hosts behind one switch: one notice that names it, and every other one is explained', () => {
  const hosts = Array.from({ length: 300 }, (_, index) => `host-${index}`);
  let switchIsDead = false;
  const bench = notifyBench({
    dependencies: () => ({
      ...NO_DEPENDENCIES,
      isBehind: (host) => host !== 'switch',
      causesOf: (host) => (switchIsDead && host !== 'switch' ? ['switch'] : []),
    }),
  });
  const dead = (host: string) => problemOf(`host_down:${host}`, { host, alertname: 'HostDown' });
  bench.open(...hosts.slice(0, 200).map(dead));
  bench.pass(12_000);
  // The switch is found dead twelve seconds after the first hosts.
  switchIsDead = true;
  bench.open(dead('switch'), ...hosts.slice(200).map(dead));
  bench.pass(9 * MINUTE);
  expect(bench.left).toHaveLength(1);
  const [{ notice, second } = { notice: undefined, second: 0 }] = bench.left;
  expect(second).toBeLessThanOrEqual(60);
  expect(notice?.counts).toEqual({ firing: 1, resolved: 0, suppressed: 300 });
  expect(notice?.title.zh).toContain('switch');
  expect(notice?.title.zh).toContain('300');
  for (const host of hosts) {
    const story = bench.story(`host_down:${host}`);
    expect(story).toContain('suppressed:dependency');
    expect(story).not.toContain('notice');
  }
  // The switch comes back first, the hosts a little later: nobody is told of hosts that were only cut off.
  switchIsDead = false;
  bench.end('host_down:switch');
  bench.pass(20_000);
  bench.end(...hosts.slice(1).map((host) => `host_down:${host}`));
  bench.pass(10 * MINUTE);
  expect(inShort(bench.left.slice(1))).toEqual([
    '572 resolved desktop host_down:switch',
    // The one that stays dead is told by itself.
    '632 firing desktop host_down:host-0',
  ]);
});

test('after a restart nothing is told twice and nothing is forgotten', () => {
  const bench = notifyBench();
  bench.open(problemOf('a', {}));
  bench.pass(10_000);
  bench.restart();
  bench.pass(5 * MINUTE);
  bench.restart();
  bench.pass(4 * MINUTE);
  bench.restart();
  bench.pass(10 * MINUTE);
  expect(inShort(bench.left)).toEqual(['20 firing desktop a', '620 escalation full-screen a']);
});

test('a clock that is set back by a year does not silence anything', () => {
  const bench = notifyBench();
  bench.open(problemOf('a', {}));
  bench.pass(MINUTE);
  bench.setClock(NOON - 365 * 24 * HOUR);
  bench.open(problemOf('b', {}));
  bench.pass(20 * MINUTE);
  const kinds = bench.left.slice(1).map(({ notice, alerts }) => `${notice.kind} ${alerts.join(',')}`);
  expect(kinds).toEqual(['firing b,a', 'escalation a', 'escalation b']);
});

test('another configuration routes open alerts again, and keeps the groups that stay', () => {
  const bench = notifyBench({ config: plain });
  bench.open(problemOf('a', { team: 'web' }), problemOf('b', { team: 'db' }));
  bench.pass(MINUTE);
  bench.configure(
    withRoute(
      {
        routes: [
          {
            ...plain.route,
            receiver: 'web',
            matchers: [{ name: 'team', op: '=', value: 'web' }],
            escalation: null,
          },
        ],
      },
      {
        receivers: [
          ...plain.receivers,
          { name: 'web', targets: [{ kind: 'channel', channel: 'hook', to: null }], sendResolved: true },
        ],
      },
    ),
  );
  bench.pass(HOUR);
  expect(inShort(bench.left)).toEqual(['30 firing desktop a,b', '90 firing web a']);
});
