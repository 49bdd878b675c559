import { expect, test } from 'vitest';
import { NO_DEPENDENCIES } from '../../../../main/engine/alerts/notify/causes.ts';
import { inShort, notifyBench, problemOf, withRoute } from '../../../helpers/notify-bench.ts';

const MINUTE = 60_000;
const plain = withRoute({});

test('what a dead switch explains stays explained while nobody has asked the hosts behind it since a restart', () => {
  let restarted = false;
  const bench = notifyBench({
    config: plain,
    dependencies: () => ({
      ...NO_DEPENDENCIES,
      causesOf: (host) => (!restarted && host === 'app' ? ['switch'] : []),
      isUnseen: (host) => restarted && host === 'app',
    }),
  });
  const dead = (host: string) => problemOf(`host_down:${host}`, { host, alertname: 'HostDown' });
  bench.open(dead('switch'), dead('app'));
  bench.pass(MINUTE);
  restarted = true;
  bench.pass(10 * MINUTE);
  expect(bench.left.map(({ alerts }) => alerts)).toEqual([['host_down:switch']]);
  // Its cause is over, whatever is known of the host itself.
  bench.end('host_down:switch');
  bench.pass(2 * MINUTE);
  expect(inShort(bench.left).at(-1)).toMatch(/ firing desktop host_down:app,/);
});

test('that time goes on over a restart, when it is not known yet how long it is', () => {
  let silenceMs: number | null = 15 * MINUTE;
  const bench = notifyBench({
    config: plain,
    dependencies: () => ({ ...NO_DEPENDENCIES, silenceMs: () => silenceMs }),
  });
  const dead = problemOf('host_down:app', { host: 'app', alertname: 'HostDown' }, { condition: 'host_down' });
  const silent = problemOf('a', { host: 'app', alertname: 'LogSilence' }, { condition: 'log_silence' });
  bench.open(dead, silent);
  bench.pass(MINUTE);
  bench.end('host_down:app');
  bench.pass(MINUTE);
  const before = bench.left.length;
  silenceMs = null;
  bench.pass(MINUTE);
  silenceMs = 15 * MINUTE;
  bench.pass(12 * MINUTE);
  expect(bench.left).toHaveLength(before);
  bench.pass(4 * MINUTE);
  expect(inShort(bench.left).at(-1)).toMatch(/ firing desktop a$/);
});

test('a log source whose host is back has its own time to speak again before its silence is told', () => {
  const bench = notifyBench({
    config: plain,
    dependencies: () => ({ ...NO_DEPENDENCIES, silenceMs: () => 15 * MINUTE }),
  });
  const dead = problemOf('host_down:app', { host: 'app', alertname: 'HostDown' }, { condition: 'host_down' });
  const silent = (id: string) =>
    problemOf(id, { host: 'app', alertname: 'LogSilence', source: id }, { condition: 'log_silence' });
  bench.open(dead, silent('a'), silent('b'));
  bench.pass(MINUTE);
  bench.end('host_down:app');
  bench.pass(14 * MINUTE);
  bench.end('a');
  expect(bench.left.map(({ notice, alerts }) => [notice.kind, alerts])).toEqual([
    ['firing', ['host_down:app']],
    ['resolved', ['host_down:app']],
  ]);
  bench.pass(3 * MINUTE);
  expect(inShort(bench.left).at(-1)).toMatch(/ firing desktop b$/);
});
