import { expect, test } from 'vitest';
import { type Host, scrapeConfigSchema, type Target } from '#shared/contract/hosts.ts';
import { hostDependencies } from '../../../main/engine/host-dependencies.ts';
import { fakeTime } from '../../helpers/fake-time.ts';

const config = scrapeConfigSchema.parse({ job: 'node', address: '10.0.0.2:9100' });
const target = (health: Target['health']) => ({ id: 't', hostId: 'h', config, health }) as Target;
const host = (state: Host['state'], more: Partial<Host> = {}) =>
  ({ id: 'h', name: 'app', state, targets: 1, ...more }) as Host;

const over = (hosts: readonly Host[], targets: readonly Target[]) =>
  hostDependencies({
    clock: fakeTime(0).clock,
    hosts: () => hosts,
    targets: () => targets,
    logSilenceMs: (id) => (id === 's' ? 60_000 : null),
  });

test('what cuts a host off is told by its name and by the instances that are scraped of it', () => {
  const cause = { kind: 'host', id: 'w', name: 'switch' } as const;
  const cut = over([host('unreachable', { causes: [cause] })], [target('down')]);
  for (const name of ['app', '10.0.0.2:9100']) expect(cut.causesOf(name)).toEqual(['switch']);
  expect(cut.isBehind('app')).toBe(true);
  expect(cut.isUnseen('app')).toBe(false);
  expect(cut.causesOf('other')).toEqual([]);
});

test('a host is unseen until it was asked, also when a quick restart left it as dead as it was', () => {
  for (const state of ['not_watched', 'unreachable', 'down'] as const)
    for (const name of ['app', '10.0.0.2:9100'])
      expect(over([host(state)], [target('unknown')]).isUnseen(name)).toBe(true);
  // It was asked; its way is waited for.
  expect(over([host('not_watched')], [target('down')]).isUnseen('app')).toBe(true);
  expect(over([host('unreachable')], [target('down')]).isUnseen('app')).toBe(false);
  expect(over([host('up')], [target('unknown')]).isUnseen('app')).toBe(false);
  expect(over([host('not_watched', { targets: 0 })], []).isUnseen('app')).toBe(false);
});

test('how long a source may be quiet is asked by the id of its alert', () => {
  expect(over([], []).silenceMs('log_silence:s')).toBe(60_000);
  expect(over([], []).silenceMs('log_silence:other')).toBeNull();
});
