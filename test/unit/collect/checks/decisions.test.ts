import { expect, test } from 'vitest';
import { boundsOf, combine, createHostClocks } from '../../../../main/engine/collect/checks/clocks.ts';
import { splitCommand } from '../../../../main/engine/collect/checks/command-line.ts';
import { createLanes } from '../../../../main/engine/collect/checks/lanes.ts';
import { nextStanding, PENDING, type Standing } from '../../../../main/engine/collect/checks/state.ts';
import { readPing } from '../../../../main/engine/collect/probes/icmp.ts';
import { readHaproxyCsv, readStubStatus } from '../../../../main/engine/collect/probes/load-balancer.ts';
import { readPerfdata, readPluginOutput } from '../../../../main/engine/collect/probes/perfdata.ts';
import { isBad, readRange } from '../../../../main/engine/collect/probes/thresholds.ts';
import { keysOfDiscovery } from '../../../../main/engine/collect/probes/zabbix-discovery.ts';
import { readPacket, writePacket } from '../../../../main/engine/collect/probes/zabbix-protocol.ts';
import { clockOfBody } from '../../../../main/engine/collect/remote-clock.ts';

test('people are told after the retries, of recovery at once', () => {
  const history = ['ok', 'critical', 'critical', 'critical', 'warning', 'ok', 'critical', 'ok'] as const;
  let standing: Standing = PENDING;
  const seen = history.map((state, at) => {
    const next = nextStanding(standing, { state, at }, 2);
    standing = next.standing;
    return `${standing.state} since ${standing.since}${next.retry ? ', again soon' : ''}`;
  });
  expect(seen).toEqual([
    'ok since 0',
    'ok since 0, again soon',
    'ok since 0, again soon',
    'critical since 3',
    'warning since 4',
    'ok since 5',
    'ok since 5, again soon',
    'ok since 7'.replace('7', '5'),
  ]);
  expect(nextStanding(PENDING, { state: 'critical', at: 1 }, 0).standing.state).toBe('critical');
  expect(nextStanding(PENDING, { state: 'critical', at: 1 }, 1).standing.state).toBe('pending');
});

test('ranges are those of the plugin guidelines', () => {
  const bad = (range: string, values: readonly number[]) => {
    const read = readRange(range);
    return read === null ? null : values.filter((value) => isBad(value, read));
  };
  expect(bad('10', [-1, 0, 10, 11])).toEqual([-1, 11]);
  expect(bad('10:', [9, 10, 1e9])).toEqual([9]);
  expect(bad('~:10', [-1e9, 10, 11])).toEqual([11]);
  expect(bad('10:20', [9, 10, 20, 21])).toEqual([9, 21]);
  expect(bad('@10:20', [9, 10, 20, 21])).toEqual([10, 20]);
  expect(bad('-5:-1', [-6, -5, 0])).toEqual([-6, 0]);
  for (const wrong of ['', 'x', '20:10', '1:2:3', '~']) expect(readRange(wrong), wrong).toBeNull();
});

test('hanging checks leave room for the others', async () => {
  const lanes = createLanes({
    network: { all: 4, slow: 2 },
    process: { all: 1, slow: 1 },
    thread: { all: 1, slow: 1 },
  });
  const never = new AbortController();
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const hang = (name: string) =>
    lanes.run('network', true, never.signal, () => {
      order.push(name);
      const done = new Promise<void>((resolve) => ends.push(resolve));
      return { done, gone: done };
    });
  const quick = (name: string) =>
    lanes.run('network', false, never.signal, () => {
      order.push(name);
      return { done: Promise.resolve(), gone: Promise.resolve() };
    });
  const hanging = ['h1', 'h2', 'h3', 'h4'].map(hang);
  for (const name of ['q1', 'q2', 'q3']) expect(await quick(name)).toBe(true);
  expect(order).toEqual(['h1', 'h2', 'q1', 'q2', 'q3']);
  ends[0]?.();
  await hanging[0];
  await new Promise((resolve) => setImmediate(resolve));
  expect(order.at(-1)).toBe('h3');
  const patience = new AbortController();
  const waiting = lanes.run('network', true, patience.signal, () => {
    throw new Error('its turn never comes');
  });
  patience.abort();
  expect(await waiting).toBe(false);
});

test('whole seconds, read often, give the offset of a clock to some ten milliseconds', () => {
  const OFFSET = 3_217;
  let now = 1_700_000_000_000;
  const clocks = createHostClocks(() => now);
  for (let i = 0; i < 40; i += 1) {
    now += 15_000 + ((i * 137) % 1_000);
    const remoteMs = Math.floor((now + 2 + OFFSET) / 1_000) * 1_000;
    clocks.observe('h', { by: 'http_date', remoteMs, coarseMs: 1_000, sentMs: now, receivedMs: now + 4 });
  }
  const [clock] = clocks.list();
  expect(Math.abs((clock?.offsetSeconds ?? 0) - OFFSET / 1_000)).toBeLessThanOrEqual(
    clock?.errorSeconds ?? 0,
  );
  expect(clock?.errorSeconds).toBeLessThan(0.1);
  // A clock that is set is believed anew.
  clocks.observe('h', { by: 'node_time', remoteMs: now, coarseMs: 0, sentMs: now, receivedMs: now + 1 });
  expect(Math.abs(clocks.list()[0]?.offsetSeconds ?? 9)).toBeLessThan(0.01);
  expect(combine([], now)).toBeNull();
  const read = { by: 'zabbix', remoteMs: 1_000, coarseMs: 1_000, sentMs: 990, receivedMs: 1_010 } as const;
  expect(boundsOf(read)).toEqual({ low: -10, high: 1_010, at: 1_010 });
});

test('a clock that nobody reads any more says nothing', () => {
  let now = 1_700_000_000_000;
  const clocks = createHostClocks(() => now);
  clocks.observe('h', { by: 'http_date', remoteMs: 0, coarseMs: 1_000, sentMs: now, receivedMs: now });
  now += 24 * 3_600_000;
  expect(clocks.list()).toHaveLength(1);
  now += 25 * 3_600_000;
  expect(clocks.list()).toEqual([]);
});

test('the time is found in an exposition only as a sample', () => {
  const body = (text: string) => Buffer.from(text);
  expect(clockOfBody(body('# HELP node_time_seconds x\nnode_time_seconds 1.5e9\n'), 1, 2)?.remoteMs).toBe(
    1.5e12,
  );
  expect(clockOfBody(body('x 1\nnode_time_seconds_total 5\n'), 1, 2)).toBeNull();
  expect(clockOfBody(body(''), 1, 2)).toBeNull();
});

test('command lines are split as a shell splits them; what needs one is said', () => {
  expect(splitCommand(`/p/check_x -H 'a b' "c \\"d\\" \\x" e\\ f ""`)).toEqual({
    words: ['/p/check_x', '-H', 'a b', 'c "d" \\x', 'e f', ''],
  });
  for (const line of [
    '/bin/a | b',
    '/bin/a > f',
    '/bin/a `b`',
    '/bin/a $(b)',
    '/bin/a "$HOME"',
    "/bin/a 'b",
    '/bin/a *',
  ])
    expect(splitCommand(line), line).toHaveProperty('needsShell');
  expect(splitCommand("/bin/a '$HOME | *'")).toEqual({ words: ['/bin/a', '$HOME | *'] });
});

test('performance data as plugins write them', () => {
  expect(readPerfdata("'it''s'=1;2;3;0;10 b=U c=-1.5e3us d=,5 =3 e=1;;;;")).toMatchObject([
    { label: "it's", value: 1, unit: '', warn: '2', crit: '3', min: 0, max: 10 },
    { label: 'c', value: -1500, unit: 'us' },
    { label: 'd', value: 0.5 },
    { label: 'e', value: 1, min: null },
  ]);
  const { firstLine, longOutput, perfdata } = readPluginOutput('OK | a=1\nlong\ntext | b=2\nc=3\n');
  expect([firstLine, longOutput, perfdata.map(({ label }) => label)]).toEqual([
    'OK',
    'long\ntext',
    ['a', 'b', 'c'],
  ]);
});

test('answers of other programs', () => {
  expect(
    readPing(
      '3 packets transmitted, 2 received, 33% packet loss, time 2ms\nrtt min/avg/max/mdev = 0.1/0.2/0.3/0.0 ms',
    ),
  ).toEqual({
    sent: 3,
    received: 2,
    meanMs: 0.2,
    ttl: null,
  });
  expect(readPing('ping: x: Name or service not known')).toBeNull();
  expect(readStubStatus('<html>')).toBeNull();
  expect(readHaproxyCsv('pxname').ok).toBe(false);
  expect(keysOfDiscovery('[{"{#A}":"/x,y"},{"{#B}":"z"}]', ['k[{#A},m]'])).toMatchObject({
    ok: true,
    value: ['k["/x,y",m]'],
  });
  expect(keysOfDiscovery('nonsense', []).ok).toBe(false);
});

test('a packet that comes byte by byte is whole only at its end', () => {
  const packet = writePacket('agent.ping');
  for (let length = 1; length < packet.length; length += 1)
    expect(readPacket(packet.subarray(0, length))).toEqual({ kind: 'more' });
  expect(readPacket(packet)).toEqual({ kind: 'whole', text: 'agent.ping' });
});
