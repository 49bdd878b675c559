import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineAccess } from '../../helpers/engine.ts';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { ended, told } from './injected.ts';

/** Every alert goes to one channel, at once. */
async function routeEverythingTo(engine: EngineAccess, channel: string): Promise<void> {
  const { config, revision } = await engine.call('notify.config.get', {});
  const set = await engine.call('notify.config.set', {
    config: {
      ...config,
      receivers: [{ name: 'only', targets: [{ kind: 'channel', channel, to: null }], sendResolved: true }],
      route: { ...config.route, receiver: 'only', groupWaitMs: 1_000, routes: [] },
    },
    revision,
  });
  expect(set.revision).not.toBeNull();
}

/** A receiver of webhooks that answers as it is told to. */
async function receiver() {
  const seen: string[] = [];
  let status = 500;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      if (status === 200) seen.push(body);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    seen,
    repair: () => {
      status = 200;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('a channel whose other side refuses is told of, also by the other channels, until it takes notices again', async () => {
  const broken = await receiver();
  const sound = await receiver();
  sound.repair();
  const engine = await startHeadlessEngine(join(temporaryFolder('no-silence-channels'), 'data'));
  try {
    const add = async (name: string, url: string): Promise<string> =>
      (await engine.call('channels.add', { name, settings: { type: 'webhook', url } })).id;
    const channel = await add('on-call', broken.url);
    await add('second', sound.url);
    await routeEverythingTo(engine, channel);
    // A host that nobody answers for is what there is to tell.
    await engine.call('hosts.add', {
      name: 'app-9',
      address: '127.0.0.1',
      tier: 'business',
      scrapes: [{ job: 'node', address: '127.0.0.1:9', intervalMs: 1_000, timeoutMs: 900 }],
    });
    await told(engine, { alertname: 'HostDown', host: 'app-9' });
    const wanted = { alertname: 'ChannelFailing', channel: 'on-call', type: 'webhook' };
    const problem = await told(engine, wanted);
    expect(problem.sentence.zh).toContain('on-call');
    // The alert of a channel that is the only receiver of everything cannot go to that channel alone.
    await expect.poll(() => sound.seen.join(), { timeout: 120_000 }).toContain('ChannelFailing');
    expect(sound.seen.join()).not.toContain('HostDown');
    broken.repair();
    await ended(engine, wanted);
    await expect.poll(() => broken.seen.join(), { timeout: 120_000 }).toContain('HostDown');
  } finally {
    expect(await engine.stop()).toBe(0);
    broken.close();
    sound.close();
  }
});
