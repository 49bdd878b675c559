import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type ScrapeConfig, scrapeConfigSchema } from '#shared/contract/hosts.ts';
import { createTargetProbe } from '../../main/engine/collect/probes/target-probe.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { freePort } from '../helpers/ports.ts';

const probe = createTargetProbe({ clock: systemClock, timers: systemTimers });
const never = new AbortController().signal;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume());
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return address.port;
}

const tcp = (address: string, more: Partial<ScrapeConfig> = {}): ScrapeConfig =>
  scrapeConfigSchema.parse({ job: 'switch', address, probe: { kind: 'tcp' }, timeoutMs: 2_000, ...more });

const values = (body: Uint8Array): Record<string, number> =>
  Object.fromEntries(
    Buffer.from(body)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [name = '', value = ''] = line.split(' ');
        return [name, Number(value)];
      }),
  );

test('a port that listens passes, with the series of the blackbox exporter', async () => {
  const port = await listen();
  const { body, error } = await probe(tcp(`127.0.0.1:${port}`), never);
  expect(error).toBeNull();
  const found = values(body);
  expect(found.probe_success).toBe(1);
  expect(found.probe_duration_seconds).toBeGreaterThan(0);
  expect(found.probe_duration_seconds).toBeLessThan(2);
  expect(found.probe_dns_lookup_time_seconds).toBe(0);
});

test('a name is resolved, and that is timed', async () => {
  const port = await listen();
  const { body, error } = await probe(tcp(`localhost:${port}`), never);
  expect(error).toBeNull();
  expect(values(body).probe_dns_lookup_time_seconds).toBeGreaterThan(0);
});

test('a closed port and an unknown name each say what they are', async () => {
  const port = await freePort();
  const refused = await probe(tcp(`127.0.0.1:${port}`), never);
  expect(refused.error?.code).toBe('SCRAPE_REFUSED');
  expect(values(refused.body).probe_success).toBe(0);
  const unknown = await probe(tcp('no-such-host.invalid:22'), never);
  expect(unknown.error?.code).toBe('SCRAPE_NAME_UNKNOWN');
});

test('an aborted check ends at once', async () => {
  const port = await listen();
  const abort = new AbortController();
  const running = probe(tcp(`127.0.0.1:${port}`), abort.signal);
  abort.abort();
  expect((await running).error?.code ?? 'passed').toMatch(/CANCELLED|passed/);
  const gone = AbortSignal.abort();
  expect((await probe(tcp(`127.0.0.1:${port}`), gone)).error?.code).toBe('CANCELLED');
});
