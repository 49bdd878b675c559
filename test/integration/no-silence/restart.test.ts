import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Problem } from '#shared/contract/site.ts';
import type { EngineAccess } from '../../helpers/engine.ts';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { PATIENCE_MS } from '../../helpers/patience.ts';
import { freePort } from '../../helpers/ports.ts';
import { folderOfFile } from '../../helpers/temp-folder.ts';
import { ended, told } from './injected.ts';

/** Makes the last sign of life of an engine that is gone older, as if it had been gone for so long. */
function wasAway(dataDir: string, ms: number): void {
  const db = new Database(join(dataDir, 'console.db'));
  const changed = db
    .prepare(
      `UPDATE setting SET value = json_set(value, '$.at', json_extract(value, '$.at') - ?) WHERE name = 'heartbeat'`,
    )
    .run(ms);
  db.close();
  expect(changed.changes).toBe(1);
}

async function answering(port: number): Promise<Server> {
  const server = createServer((_request, answer) => answer.end('up_and_well 1\n'));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

/** Every alert that there ever was of a dead host, newest first. */
async function deathsOf(engine: EngineAccess, host: string): Promise<readonly Problem[]> {
  const { alerts } = await engine.call('alerts.list', { state: 'all' });
  return alerts.filter(({ labels }) => labels.alertname === 'HostDown' && labels.host === host);
}

test('a console that was away for long keeps the alerts of hosts until it has asked them', async () => {
  const data = join(folderOfFile('no-silence-restart'), 'data');
  const ports = { dead: await freePort(), back: await freePort() };
  let engine = await startHeadlessEngine(data);
  let server: Server | null = null;
  try {
    for (const name of ['dead', 'back'] as const)
      await engine.call('hosts.add', {
        name,
        address: '127.0.0.1',
        tier: 'data',
        labels: {},
        // Slow enough for the first look after a start to come before the first answer.
        scrapes: [{ job: name, address: `127.0.0.1:${ports[name]}`, intervalMs: 5_000, timeoutMs: 1_000 }],
      });
    const down = (host: string) => ({ alertname: 'HostDown', severity: 'critical', host });
    const before = { dead: await told(engine, down('dead')), back: await told(engine, down('back')) };

    engine.close();
    await engine.kill();
    wasAway(data, 10 * 60_000);
    server = await answering(ports.back);
    engine = await startHeadlessEngine(data);

    await told(engine, { alertname: 'NotWatched', severity: 'info', reason: 'crashed' });
    await ended(engine, down('back'));
    const stateOf = async (name: string) =>
      (await engine.call('hosts.list', {})).hosts.find((host) => host.name === name)?.state;
    await expect.poll(() => stateOf('dead'), { timeout: PATIENCE_MS }).toBe('down');
    // Looked at once more with that known: it is the same alert, and the one that is over was over once.
    const { checkedAt } = await engine.call('site.overview', {});
    const lookedAgain = async () =>
      ((await engine.call('site.overview', {})).checkedAt ?? 0) > (checkedAt ?? 0);
    await expect.poll(lookedAgain, { timeout: PATIENCE_MS }).toBe(true);
    expect(await deathsOf(engine, 'dead')).toMatchObject([{ since: before.dead.since, until: null }]);
    expect(await deathsOf(engine, 'back')).toMatchObject([
      { since: before.back.since, until: expect.any(Number) },
    ]);
  } finally {
    server?.close();
    await engine.stop();
  }
});
