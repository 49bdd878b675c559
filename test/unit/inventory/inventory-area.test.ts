import { expect, test } from 'vitest';
import { component, host, refused, START, startSite, taken } from '../../helpers/inventory-site.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

/** Two application hosts behind two switches, of which app-2 has only the first. */
function siteOfSwitches() {
  const site = startSite();
  for (const name of ['sw-1', 'sw-2', 'app-1', 'app-2', 'db-1']) site.addHost(name);
  taken(site.link(host('app-1'), host('sw-1')));
  taken(site.link(host('app-1'), host('sw-2')));
  taken(site.link(host('app-2'), host('sw-1')));
  taken(site.link(host('app-1'), host('db-1'), { dependsOn: 'service', protocol: 'JDBC' }));
  for (const name of ['sw-1', 'sw-2', 'app-1', 'app-2', 'db-1']) site.checked(name, true);
  return site;
}

test('a host behind two switches is unreachable only when both are dead', () => {
  const { checked, hosts, time, stop } = siteOfSwitches();
  const state = (name: string) => hosts.list().find((one) => one.name === name);
  time.advance(5_000);
  checked('sw-1', false);
  checked('app-1', false);
  checked('app-2', false);
  expect(state('app-2')).toMatchObject({ state: 'unreachable', causes: [{ name: 'sw-1' }] });
  // sw-2 was not asked since: nothing is said of app-1 yet.
  expect(state('app-1')?.state).toBe('up');
  time.advance(1_000);
  checked('sw-2', false);
  expect(state('app-1')).toMatchObject({
    state: 'unreachable',
    causes: [{ name: 'sw-1' }, { name: 'sw-2' }],
    lastError: { code: 'HOST_BEHIND_ALL_DEAD', message: { zh: '位于 sw-1、sw-2 之后，它们都已故障。' } },
  });
  stop();
});

test('a dead database makes nobody unreachable, but says who is affected', () => {
  const { checked, hosts, node, time, stop } = siteOfSwitches();
  time.advance(5_000);
  checked('db-1', false);
  expect(hosts.list().find(({ name }) => name === 'app-1')?.state).toBe('up');
  const answer = node(host('db-1'));
  expect(answer.behind).toEqual([]);
  expect(answer.affected.map(({ name }) => name)).toEqual(['app-1']);
  stop();
});

test('a node tells what is behind it and who has another way', () => {
  const { node, topology, stop } = siteOfSwitches();
  const answer = node(host('sw-1'));
  expect(answer.behind.map(({ name }) => name)).toEqual(['app-2']);
  expect(answer.affected.map(({ name }) => name)).toEqual(['app-1']);
  expect(answer.card).toMatchObject({ hostId: 'sw-1', version: 0, kind: 'other' });
  expect(answer.links).toHaveLength(2);
  expect(topology().links.find(({ protocol }) => protocol === 'JDBC')).toMatchObject({
    dependsOn: 'service',
    state: 'alive',
    ms: 3,
  });
  stop();
});

test('a circle is refused with the names on it', () => {
  const { link, stop } = siteOfSwitches();
  taken(link(host('sw-1'), host('db-1')));
  const error = refused(link(host('db-1'), host('app-2')));
  expect(error.code).toBe('INVENTORY_CYCLE');
  expect(error.message.en).toMatch(/(app-2|sw-1|db-1) → .* → .* → \1/);
  // Calls may go round: they say nothing about who is reached over whom.
  taken(link(host('db-1'), host('app-2'), { dependsOn: 'no' }));
  stop();
});

test('unknown names, links to itself and doubled links are refused', () => {
  const { link, stop } = siteOfSwitches();
  expect(refused(link(host('app-1'), host('nowhere')))).toMatchObject({
    code: 'INVENTORY_UNKNOWN',
    field: 'to',
    message: { en: 'There is no host or component "nowhere".' },
  });
  expect(refused(link(host('app-1'), host('app-1'))).code).toBe('INVENTORY_LINK_TO_ITSELF');
  expect(refused(link(host('app-1'), host('sw-1'))).code).toBe('INVENTORY_LINK_TAKEN');
  stop();
});

test('a change names the version it was made from, and is recorded field by field', () => {
  const { putCard, history, time, stop } = siteOfSwitches();
  taken(putCard({ hostId: 'app-1', owner: '张三', kind: 'application_server' }));
  time.advance(1_000);
  expect(refused(putCard({ hostId: 'app-1', owner: '李四' })).code).toBe('INVENTORY_CHANGED_MEANWHILE');
  expect(taken(putCard({ hostId: 'app-1', owner: '李四', kind: 'application_server' }, 1)).version).toBe(2);
  expect(history('app-1')).toEqual([
    {
      at: START + 1_000,
      what: 'card',
      id: 'app-1',
      name: 'app-1',
      action: 'changed',
      fields: [{ field: 'owner', before: '张三', after: '李四' }],
    },
    expect.objectContaining({ action: 'added' }),
  ]);
  stop();
});

test('a component lives with its host, and dies of its own target', () => {
  const { putComponent, hosts, topology, checked, time, stop } = siteOfSwitches();
  const target = hosts.targets().find(({ hostId }) => hostId === 'db-1')?.id ?? '';
  taken(
    putComponent({
      name: 'postgres',
      kind: 'database_server',
      tier: 'data',
      hostId: 'db-1',
      targetId: target,
    }),
  );
  taken(putComponent({ name: 'pgbouncer', hostId: 'db-1' }));
  expect(refused(putComponent({ name: 'db-1' })).code).toBe('INVENTORY_NAME_TAKEN');
  expect(refused(putComponent({ name: 'x', hostId: 'app-1', targetId: target })).code).toBe(
    'INVENTORY_TARGET_ELSEWHERE',
  );
  const state = (name: string) => topology().nodes.find((one) => one.name === name);
  expect(state('postgres')?.state).toBe('up');
  expect(state('pgbouncer')?.state).toBe('up');
  time.advance(5_000);
  checked('db-1', false);
  expect(state('pgbouncer')).toMatchObject({ state: 'unreachable', causes: [{ name: 'db-1' }] });
  stop();
});

test('what leaned on a removed host goes with it; the rest survives a restart', () => {
  const folder = temporaryFolder();
  const first = startSite(folder);
  for (const name of ['sw-1', 'app-1', 'app-2']) first.addHost(name);
  taken(first.link(host('app-1'), host('sw-1')));
  taken(first.putComponent({ name: 'tomcat', hostId: 'app-1' }));
  taken(first.link(component('tomcat'), host('app-2'), { dependsOn: 'no', protocol: 'HTTP' }));
  taken(first.putCard({ hostId: 'app-1', owner: 'ops' }));
  first.removeHost('sw-1');
  expect(first.all().links).toHaveLength(1);
  const before = first.all();
  first.stop();
  const second = startSite(folder);
  expect(second.all()).toEqual(before);
  second.removeHost('app-1');
  expect(second.all()).toMatchObject({ cards: [], components: [{ name: 'tomcat', hostId: null }] });
  second.stop();
});
