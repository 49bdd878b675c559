import { expect, test } from 'vitest';
import { appError } from '#shared/errors/index.ts';
import type { HostPaths } from '../../../main/engine/hosts/paths.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { context, input, START, scrape, startOn } from '../../helpers/hosts-area.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const behindSwitch: HostPaths = {
  causesOf: (id, life) =>
    id !== 'sw-1' && life.host('sw-1') === 'dead' ? [{ kind: 'host', id: 'sw-1', name: 'sw-1' }] : [],
  waysOf: (id) => (id.startsWith('app') ? ['sw-1'] : []),
  dependentsOf: (id) => (id === 'sw-1' ? ['app-1', 'app-2'] : []),
};

/** A site of a switch and two hosts behind it, all of them up. */
function switchSite(folder = temporaryFolder()) {
  const site = startOn(folder);
  const refused = appError('SCRAPE_REFUSED', { address: 'app-1:9100' });
  for (const name of ['sw-1', 'app-1', 'app-2'])
    site.area.handlers['hosts.add'](input(name, [scrape(name, `${name}:9100`)]), context);
  site.area.setPaths(behindSwitch);
  for (const name of ['sw-1', 'app-1', 'app-2']) site.scraped(name);
  const host = (id: string) => site.area.list().find((one) => one.id === id);
  return { ...site, refused, host };
}

test('hosts behind a dead switch go from up to unreachable without ever being called down', () => {
  const { time, scraped, asked, refused, host, wanted, stop } = switchSite();
  time.advance(5_000);
  scraped('app-1', refused);
  // Nothing new is said, not even that a target fails, until the switch was asked out of its turn.
  expect(host('app-1')).toMatchObject({ state: 'up', targetsUp: 1 });
  expect(asked).toEqual([wanted().find(({ config }) => config.job === 'sw-1')?.id]);
  time.advance(1_000);
  scraped('sw-1', refused);
  expect(host('sw-1')).toMatchObject({ state: 'down' });
  expect(host('app-1')).toMatchObject({
    state: 'unreachable',
    stateSince: START + 5_000,
    causes: [{ kind: 'host', id: 'sw-1', name: 'sw-1' }],
    lastError: { code: 'HOST_BEHIND_DEAD', message: { zh: '位于 sw-1 之后，sw-1 已故障。' } },
  });
  // The other has not failed yet; when it does, its cause is known at once.
  expect(host('app-2')?.state).toBe('up');
  time.advance(1_000);
  scraped('app-2', refused);
  expect(host('app-2')).toMatchObject({ state: 'unreachable', causes: [{ id: 'sw-1' }] });
  stop();
});

test('a host that dies alone is down as soon as its switch was found alive', () => {
  const { time, scraped, refused, host, stop } = switchSite();
  time.advance(5_000);
  scraped('app-1', refused);
  time.advance(200);
  scraped('sw-1');
  expect(host('app-1')).toMatchObject({
    state: 'down',
    stateSince: START + 5_000,
    lastError: { code: 'SCRAPE_REFUSED' },
  });
  expect(host('app-1')?.causes).toBeUndefined();
  stop();
});

test('after the switch comes back a host is unreachable until it is asked again', () => {
  const { time, scraped, refused, host, stop } = switchSite();
  time.advance(5_000);
  scraped('sw-1', refused);
  for (const name of ['app-1', 'app-2']) scraped(name, refused);
  time.advance(60_000);
  scraped('sw-1');
  expect(host('app-1')).toMatchObject({ state: 'unreachable', causes: [{ id: 'sw-1' }] });
  time.advance(1_000);
  scraped('app-1');
  scraped('app-2', refused);
  expect(host('app-1')?.state).toBe('up');
  expect(host('app-2')).toMatchObject({ state: 'down', lastError: { code: 'SCRAPE_REFUSED' } });
  stop();
});

test('hosts are judged anew when somebody says what stands behind what', () => {
  const { area, time, scraped, refused, host, stop } = switchSite();
  area.setPaths({ causesOf: () => [], waysOf: () => [], dependentsOf: () => [] });
  time.advance(5_000);
  scraped('sw-1', refused);
  scraped('app-1', refused);
  expect(host('app-1')?.state).toBe('down');
  area.setPaths(behindSwitch);
  expect(host('app-1')?.state).toBe('unreachable');
  stop();
});

test('a host that was down before the console was away stays down when its switch has died meanwhile', () => {
  const folder = temporaryFolder();
  const first = switchSite(folder);
  first.time.advance(5_000);
  first.scraped('app-1', first.refused);
  first.scraped('sw-1');
  expect(first.host('app-1')?.state).toBe('down');
  first.time.advance(300_000);
  first.stop();
  const gap = { from: START + 305_000, to: START + 900_000, reason: 'stopped' as const };
  // Twice, as when the console is started and at once again.
  for (const at of [gap.to, gap.to + 1_000]) {
    const again = startOn(folder, fakeTime(at));
    const state = (id: string) => again.area.list().find((one) => one.id === id)?.state;
    again.area.setPaths(behindSwitch);
    if (at === gap.to) again.area.recordGap(gap);
    expect(['app-1', 'app-2'].map(state)).toEqual(['not_watched', 'not_watched']);
    if (at !== gap.to) {
      again.scraped('app-1', first.refused);
      again.scraped('app-2', first.refused);
      expect(['app-1', 'app-2'].map(state)).toEqual(['not_watched', 'not_watched']);
      again.scraped('sw-1', first.refused);
      expect(['app-1', 'app-2'].map(state)).toEqual(['down', 'unreachable']);
    }
    again.stop();
  }
});
