import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ScrapeConfig, scrapeConfigSchema } from '#shared/contract/hosts.ts';
import type { AppError } from '#shared/errors/index.ts';
import { createScrapeClient, type ScrapeClient } from '../../main/engine/collect/http/scrape-client.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import {
  type Answer,
  cutShort,
  drip,
  type FaultyServer,
  GOOD_BODY,
  good,
  redirectLoop,
  reset,
  silence,
  startFaultyServer,
  startFullBacklog,
  startTalker,
  status,
  stream,
  text,
} from '../helpers/faulty-server.ts';
import { freePort } from '../helpers/ports.ts';

const MIB = 1 << 20;

let client: ScrapeClient;
let server: FaultyServer;

beforeAll(async () => {
  client = createScrapeClient({ clock: systemClock, timers: systemTimers });
  server = await startFaultyServer(good);
});
afterEach(() => {
  server.answer = good;
  server.requests.length = 0;
});
afterAll(async () => {
  await client.close();
  await server.close();
});

function config(more: Partial<Record<keyof ScrapeConfig, unknown>> = {}): ScrapeConfig {
  return scrapeConfigSchema.parse({ job: 'test', address: server.address, timeoutMs: 2_000, ...more });
}

const never = new AbortController().signal;

/** Scrapes once; gives the error, which must speak both languages and say what to do. */
async function failure(target: ScrapeConfig): Promise<AppError> {
  const answer = await client.fetch(target, never);
  if (answer.ok) throw new Error(`answered ${Buffer.from(answer.value.body).toString().slice(0, 200)}`);
  const { error } = answer;
  for (const part of [error.message, error.hint]) {
    expect(part.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(part.en).toMatch(/[a-z]{3}/);
    // A placeholder that was not filled would show.
    expect(part.zh + part.en).not.toMatch(/\{\w+\}/);
  }
  return error;
}

/** The next good scrape works, on the same client. */
async function expectGoodAfter(): Promise<void> {
  server.answer = good;
  const answer = await client.fetch(config(), never);
  expect(answer.ok && Buffer.from(answer.value.body).toString()).toBe(GOOD_BODY);
}

describe('answers that are no metrics', () => {
  const cases: readonly (readonly [string, Answer, string, RegExp])[] = [
    ['status 500', status(500), 'SCRAPE_HTTP_STATUS', /HTTP 500/],
    ['status 503', status(503), 'SCRAPE_HTTP_STATUS', /HTTP 503/],
    ['status 204', status(204), 'SCRAPE_HTTP_STATUS', /HTTP 204/],
    ['status 404', status(404), 'SCRAPE_NOT_FOUND', /404/],
    ['status 401', status(401), 'SCRAPE_UNAUTHORIZED', /401/],
    ['a web page', text('<!doctype html><html>', 'text/html; charset=utf-8'), 'SCRAPE_HTML', /web page/],
    ['a web page without type', text('\n  <html><body>'), 'SCRAPE_HTML', /web page/],
    ['a redirect loop', redirectLoop, 'SCRAPE_REDIRECT_LOOP', /redirects more than 10/],
    [
      'a redirect elsewhere',
      status(302, { location: 'http://other.example:9100/metrics' }),
      'SCRAPE_REDIRECT_ELSEWHERE',
      /other\.example/,
    ],
    ['an unknown encoding', status(200, { 'content-encoding': 'br' }), 'SCRAPE_BAD_ENCODING', /br/],
    ['broken gzip', status(200, { 'content-encoding': 'gzip' }), 'SCRAPE_BAD_GZIP', /gzip/],
    ['a broken connection', reset, 'SCRAPE_RESET', /broke the connection/],
    ['an answer cut short', cutShort, 'SCRAPE_CUT_SHORT', /before it was complete/],
  ];
  test.each(cases)('%s', async (_name, answer, code, sentence) => {
    server.answer = answer;
    const error = await failure(config());
    expect(error.code).toBe(code);
    expect(error.message.en).toMatch(sentence);
    await expectGoodAfter();
  });

  test('something that is not HTTP', async () => {
    const talker = await startTalker('SSH-2.0-OpenSSH_9.2\r\n');
    expect((await failure(config({ address: talker.address }))).code).toBe('SCRAPE_NOT_HTTP');
    await talker.close();
  });
});

describe('answers that do not end in time', () => {
  test.each([
    ['silence', silence],
    ['a slow drip', drip],
  ] as const)('%s', async (_name, answer) => {
    server.answer = answer;
    const start = performance.now();
    const error = await failure(config({ timeoutMs: 500 }));
    expect(error.code).toBe('SCRAPE_TIMEOUT');
    expect(error.message.en).toContain('0.5 s');
    expect(performance.now() - start).toBeLessThan(5_000);
    await expectGoodAfter();
  });
});

describe('answers that are too big', () => {
  /** Runs with the peak of resident memory beside it. */
  async function growthDuring(work: () => Promise<void>): Promise<number> {
    const before = process.memoryUsage.rss();
    let peak = before;
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 5);
    await work();
    clearInterval(timer);
    return peak - before;
  }

  test.each([
    ['an endless body', stream(Number.POSITIVE_INFINITY)],
    ['1 GB without a length', stream(1e9)],
    ['a gzip bomb', stream(Number.POSITIVE_INFINITY, { gzip: true })],
  ] as const)('%s is cut at the default bound of 64 MiB', async (_name, answer) => {
    server.answer = answer;
    const growth = await growthDuring(async () => {
      const error = await failure(config({ timeoutMs: 30_000 }));
      expect(error.code).toBe('SCRAPE_TOO_BIG');
      expect(error.message.en).toContain('64.0 MiB');
    });
    // The server of the test lives in the same process, so its buffers count too, and garbage that waits to be collected.
    expect(growth).toBeLessThan(500 * MIB);
    await expectGoodAfter();
  });

  test('1 GB that is announced is not even read', async () => {
    server.answer = stream(1e9, { length: 1e9 });
    const start = performance.now();
    expect((await failure(config())).code).toBe('SCRAPE_TOO_BIG');
    expect(performance.now() - start).toBeLessThan(10_000);
    await expectGoodAfter();
  });

  test("a target's own body_size_limit holds, after decompression", async () => {
    server.answer = stream(3 * MIB, { gzip: true });
    expect((await failure(config({ bodySizeLimit: 2 * MIB }))).code).toBe('SCRAPE_TOO_BIG');
    const whole = await client.fetch(config({ bodySizeLimit: 4 * MIB }), never);
    expect(whole.ok && whole.value.body.byteLength).toBeGreaterThan(2 * MIB);
  });

  test('ten endless bodies at the same time stay within memory, and a good target is not held up', async () => {
    const endless = await startFaultyServer(stream(Number.POSITIVE_INFINITY));
    const growth = await growthDuring(async () => {
      const bad = Array.from({ length: 10 }, () =>
        client.fetch(config({ address: endless.address, timeoutMs: 60_000 }), never),
      );
      await expectGoodAfter();
      for (const answer of await Promise.all(bad))
        expect(!answer.ok && answer.error.code).toBe('SCRAPE_TOO_BIG');
    });
    expect(growth).toBeLessThan(500 * MIB);
    await endless.close();
  });
});

describe('hosts that are not there', () => {
  test('a closed port', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const error = await failure(config({ address }));
    expect(error.code).toBe('SCRAPE_REFUSED');
    expect(error.message.en).toContain(address);
  });

  test('a name that does not exist', async () => {
    const error = await failure(config({ address: 'no-such-host.invalid:9100' }));
    expect(['SCRAPE_NAME_UNKNOWN', 'SCRAPE_NAME_TIMEOUT']).toContain(error.code);
    expect(error.message.en).toContain('no-such-host.invalid');
  });

  test('an address without a path to it', async () => {
    // No TCP connection goes to the broadcast address; the kernel says so at once, whatever the routes are.
    const error = await failure(config({ address: '255.255.255.255:9100' }));
    expect(error.code).toBe('SCRAPE_NO_ROUTE');
    expect(error.message.en).toContain('255.255.255.255:9100');
  });

  test('a host that never answers the connection', async () => {
    // A full backlog makes the kernel drop further connections, as a firewall would.
    const full = await startFullBacklog();
    const start = performance.now();
    const error = await failure(config({ address: full.address, timeoutMs: 500 }));
    expect(error.code).toBe('SCRAPE_CONNECT_TIMEOUT');
    expect(performance.now() - start).toBeLessThan(5_000);
    await full.close();
  });
});

describe('what is asked', () => {
  test('headers as Prometheus sends them, parameters, and a kept connection', async () => {
    const before = server.connections();
    for (let n = 0; n < 3; n += 1)
      await client.fetch(config({ params: { module: ['http_2xx'], target: ['a b'] } }), never);
    const request = server.requests[0];
    expect(request?.url).toBe('/metrics?module=http_2xx&target=a+b');
    expect(request?.headers.accept).toContain('application/openmetrics-text;version=1.0.0');
    expect(request?.headers['accept-encoding']).toBe('gzip');
    expect(request?.headers['x-prometheus-scrape-timeout-seconds']).toBe('2');
    expect(server.connections() - before).toBeLessThanOrEqual(1);
  });

  test('a proxy in the environment is not used', async () => {
    const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    for (const name of names) process.env[name] = 'http://127.0.0.1:9';
    try {
      await expectGoodAfter();
    } finally {
      for (const name of names) delete process.env[name];
    }
  });

  test('a redirect within the host is followed, with the login', async () => {
    server.answer = (request, response) => {
      if (request.url === '/metrics') {
        response.writeHead(301, { location: '/real' });
        response.end();
      } else if (request.headers.authorization === 'Bearer secret') good(request, response);
      else status(401)(request, response);
    };
    const answer = await client.fetch(config({ bearerToken: 'secret' }), never);
    expect(answer.ok).toBe(true);
  });

  test('a server that closes its kept connections is asked again', async () => {
    await expectGoodAfter();
    server.requests[0]?.socket.destroy();
    await expectGoodAfter();
  });

  test('an abort from outside ends the scrape as cancelled', async () => {
    server.answer = silence;
    const abort = new AbortController();
    const answer = client.fetch(config(), abort.signal);
    setTimeout(() => abort.abort(), 100);
    const ended = await answer;
    expect(!ended.ok && ended.error.code).toBe('CANCELLED');
  });
});
