import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { PATIENCE_MS } from '../../helpers/patience.ts';
import { freePort } from '../../helpers/ports.ts';
import { folderOfFile } from '../../helpers/temp-folder.ts';
import { ended, told } from './injected.ts';

// Side by side, because both wait most of the time.
test.concurrent('a console that is killed is told by another one, and by itself when it is back', async () => {
  const folder = folderOfFile('no-silence-life');
  const data = join(folder, 'first');
  const second = await startHeadlessEngine(join(folder, 'second'));
  let first = await startHeadlessEngine(data);
  try {
    await first.call('signals.watchdog.set', { everyMs: 1_000 });
    await second.call('signals.watchdog.set', {
      everyMs: 1_000,
      peers: [{ name: 'first', file: join(data, 'heartbeat.json'), maxAgeMs: 5_000 }],
    });
    const beating = async () => (await second.call('signals.watchdog.get', {})).peers[0]?.aliveAt ?? null;
    const end = Date.now() + PATIENCE_MS;
    while ((await beating()) === null && Date.now() < end) await wait(200);
    expect(await beating()).not.toBeNull();
    first.close();
    await first.kill();
    const dead = { alertname: 'ConsoleDead', severity: 'critical', console: 'first' };
    await told(second, dead);
    // Long enough for a gap in the watching.
    await wait(21_000);
    first = await startHeadlessEngine(data);
    await told(first, { alertname: 'EngineCrashed', severity: 'warning' });
    await told(first, { alertname: 'NotWatched', severity: 'info', reason: 'crashed' });
    await ended(second, dead);
  } finally {
    expect(await first.stop()).toBe(0);
    expect(await second.stop()).toBe(0);
  }
});

test.concurrent('an HTTP API whose port is taken is told until it listens', async () => {
  const data = join(folderOfFile('no-silence-api'), 'data');
  const free = await startHeadlessEngine(data, []);
  const port = await freePort();
  await free.call('api.set', { enabled: true, address: '127.0.0.1', port });
  free.close();
  expect(await free.stop()).toBe(0);

  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
  const engine = await startHeadlessEngine(data, []);
  try {
    const down = { alertname: 'ApiDown', severity: 'warning', code: 'API_PORT_IN_USE' };
    await told(engine, down);
    await new Promise((resolve) => taken.close(resolve));
    await ended(engine, down);
  } finally {
    expect(await engine.stop()).toBe(0);
  }
});
