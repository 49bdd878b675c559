import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { watchdogSettingsSchema } from '#shared/contract/signals.ts';
import { createWatchdog } from '../../../main/engine/alerts/watchdog.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const NOW = Date.UTC(2026, 10, 22, 3);

function anyConsole() {
  const folder = temporaryFolder('watchdog');
  const time = fakeTime(NOW);
  const kept = new Map<string, string>();
  const sent: { url: string; method: string; body: string }[] = [];
  const world = { lookedAt: NOW as number | null, refuse: false };
  const watchdog = createWatchdog({
    folder,
    store: { get: (name) => kept.get(name) ?? null, set: (name, value) => void kept.set(name, value) },
    ...time,
    logger: silentLogger,
    host: 'ops-1',
    version: '1.0.0',
    lookedAt: () => world.lookedAt,
    problems: () => 3,
    send: async (url, method, body) => {
      if (world.refuse) throw new Error('HTTP 503');
      sent.push({ url, method, body });
    },
  });
  const names = () =>
    watchdog.problems(time.clock.now()).map(({ condition, about }) => ({ condition, ...about }));
  return { folder, time, sent, world, watchdog, names };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('the heartbeat is written again and again, as long as the console looks after the site', () => {
  const { folder, time, world, watchdog } = anyConsole();
  watchdog.start();
  const beat = (path = join(folder, 'heartbeat.json')) => JSON.parse(readFileSync(path, 'utf8'));
  expect(beat()).toMatchObject({ at: NOW, host: 'ops-1', version: '1.0.0', everyMs: 10_000, problems: 3 });
  world.lookedAt = NOW + 15_000;
  time.advance(20_000);
  expect(beat().at).toBe(NOW + 20_000);
  // A timer that goes on while nobody looks any more is no sign of life.
  time.advance(300_000);
  expect(beat().at).toBeLessThanOrEqual(NOW + 15_000 + 120_000);
  watchdog.close();
});

test('a second file and a server get each beat; that one of them does not is told', async () => {
  const { folder, time, sent, world, watchdog, names } = anyConsole();
  const file = join(folder, 'share', 'ops-1.json');
  const url = 'http://127.0.0.1:9/beat';
  watchdog.start();
  watchdog.set(watchdogSettingsSchema.parse({ file, url, everyMs: 5_000 }));
  await settle();
  expect(names()).toEqual([{ condition: 'heartbeat_failed', code: 'WATCHDOG_NOT_WRITTEN' }]);
  expect(sent).toMatchObject([{ url, method: 'POST' }]);
  mkdirSync(join(folder, 'share'));
  world.refuse = true;
  time.advance(5_000);
  await settle();
  expect(names()).toEqual([{ condition: 'heartbeat_failed', code: 'WATCHDOG_NOT_SENT' }]);
  world.refuse = false;
  time.advance(5_000);
  await settle();
  expect(names()).toEqual([]);
  expect(JSON.parse(readFileSync(file, 'utf8')).at).toBe(NOW + 10_000);
  watchdog.close();
});

test('another console that falls silent is told, and so is one that never spoke', () => {
  const { folder, time, watchdog, names } = anyConsole();
  const file = join(folder, 'other.json');
  watchdog.start();
  watchdog.set(watchdogSettingsSchema.parse({ peers: [{ name: 'ops-2', file, maxAgeMs: 30_000 }] }));
  time.advance(30_000);
  expect(names()).toEqual([]);
  time.advance(10_000);
  expect(names()).toEqual([{ condition: 'console_dead', console: 'ops-2' }]);
  writeFileSync(file, JSON.stringify({ at: time.clock.now() }));
  time.advance(10_000);
  expect(names()).toEqual([]);
  // Half a file is no sign of life, and takes none away.
  writeFileSync(file, '{"at":');
  time.advance(10_000);
  expect(names()).toEqual([]);
  expect(watchdog.state().peers[0]).toMatchObject({ error: { code: 'WATCHDOG_UNREADABLE' } });
  time.advance(20_000);
  expect(names()).toEqual([{ condition: 'console_dead', console: 'ops-2' }]);
  watchdog.close();
});

test('the alert that always fires is there when it is asked for', () => {
  const { watchdog, names } = anyConsole();
  expect(names()).toEqual([]);
  watchdog.set(watchdogSettingsSchema.parse({ alert: true }));
  expect(names()).toEqual([{ condition: 'watchdog' }]);
});
