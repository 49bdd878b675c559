import { expect, test } from 'vitest';
import type { Host } from '#shared/contract/hosts.ts';
import type { Problem } from '#shared/contract/site.ts';
import { fleetRows, nextIndex } from '../../../renderer/pages/overview/fleet-model.ts';

const host = (name: string, state: Host['state'] = 'up', stateSince = 1_000): Host => ({
  id: name,
  name,
  address: `10.0.0.${name.length}`,
  tier: 'business',
  labels: {},
  thisWorkstation: false,
  state,
  stateSince,
  targets: 1,
  targetsUp: state === 'up' ? 1 : 0,
  lastSeenAt: null,
  lastError: null,
});

const problem = (
  id: string,
  severity: Problem['severity'],
  since: number,
  labels = {},
  link = '/alerts',
): Problem => ({
  id,
  condition: 'x',
  severity,
  labels: { alertname: 'X', severity, ...labels },
  since,
  until: null,
  sentence: { zh: id, en: id },
  next: { zh: '', en: '' },
  link,
});

const nobody = { acknowledgedBy: new Map<string, string | null>(), owners: new Map<string, string>() };

test('hosts stand worst first, and of equals the one that has waited longest', () => {
  const hosts = [
    host('well-2'),
    host('well-10'),
    host('blind', 'not_watched'),
    host('late', 'down', 5_000),
    host('early', 'down', 2_000),
    host('full'),
    host('warm'),
    host('behind', 'unreachable'),
  ];
  const problems = [
    problem('late-down', 'critical', 5_000, { host: 'late' }),
    problem('early-down', 'critical', 2_000, { host: 'early' }),
    problem('disk', 'critical', 9_000, { host: 'full' }),
    problem('warm', 'warning', 9_000, { host: 'warm' }),
  ];
  const rows = fleetRows(hosts, problems, nobody);
  expect(rows.map((row) => row.host.name)).toEqual([
    'early',
    'late',
    'full',
    'behind',
    'warm',
    'blind',
    'well-2',
    'well-10',
  ]);
  expect(rows.map(({ isCalm }) => isCalm)).toEqual([false, false, false, false, false, false, true, true]);
});

test("a host has its worst problem's sentence, the count of the others, and who is on it", () => {
  const problems = [
    problem('a', 'warning', 1, { instance: 'app-2:9100' }),
    problem('b', 'critical', 7, {}, '/hosts/app-2?tab=x'),
    problem('c', 'info', 3, { host: 'app-2' }),
    problem('other', 'critical', 1, { host: 'db-1', instance: 'app-2' }),
  ];
  const of = (people: typeof nobody) => fleetRows([host('app-2')], problems, people)[0];
  expect(of(nobody)).toMatchObject({ problem: { id: 'b' }, more: 2, since: 7, onIt: null });
  const owners = new Map([['app-2', 'Wang']]);
  expect(of({ ...nobody, owners })?.onIt).toEqual({ kind: 'owner', name: 'Wang' });
  const acknowledgedBy = new Map([['b', 'Li']]);
  expect(of({ acknowledgedBy, owners })?.onIt).toEqual({ kind: 'acknowledged', name: 'Li' });
});

test('three hundred hosts are ordered at once', () => {
  const hosts = Array.from({ length: 300 }, (_, i) => host(`h-${i}`, i % 3 === 0 ? 'down' : 'up'));
  const problems = hosts
    .filter(({ state }) => state === 'down')
    .map(({ name }) => problem(`p-${name}`, 'critical', 1, { host: name }));
  const began = performance.now();
  const rows = fleetRows(hosts, problems, nobody);
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(rows.filter((row) => row.problem !== null)).toHaveLength(100);
});

test('keys move among the hosts and stay inside', () => {
  expect(nextIndex('ArrowDown', 0, 3)).toBe(1);
  expect(nextIndex('ArrowRight', 2, 3)).toBe(2);
  expect(nextIndex('ArrowUp', 0, 3)).toBe(0);
  expect(nextIndex('End', 0, 3)).toBe(2);
  expect(nextIndex('Home', 2, 3)).toBe(0);
  expect(nextIndex('a', 1, 3)).toBeNull();
  expect(nextIndex('ArrowDown', 0, 0)).toBeNull();
});
