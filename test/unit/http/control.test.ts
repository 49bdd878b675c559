import { createServer, request as httpRequest } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { ApiState } from '#shared/contract/api.ts';
import type { CallContext } from '#shared/contract/index.ts';
import type { Result } from '#shared/errors/index.ts';
import type { HttpArea } from '../../../main/engine/http/control.ts';
import { makeHttpArea, memorySettings, serveApi, storeSources } from '../../helpers/http-api.ts';
import { storeSeries } from '../../helpers/local-series.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const context: CallContext = {
  signal: new AbortController().signal,
  closed: new AbortController().signal,
  emit: () => undefined,
};
const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function sources() {
  const local = await storeSeries(temporaryFolder('http'), [], 7_200_000);
  cleanups.push(local.close);
  return storeSources(local.store);
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

async function make(
  store = memorySettings(),
): Promise<{ area: HttpArea; set: (more: object) => Promise<Result<ApiState>> }> {
  const area = makeHttpArea(await sources(), store);
  cleanups.push(area.close);
  const set = async (more: object) =>
    area.handlers['api.set']({ enabled: true, address: '127.0.0.1', port: 0, ...more }, context);
  return { area, set };
}

const status = async (url: string | null, headers: Record<string, string> = {}): Promise<number> =>
  (await fetch(`${url}/-/ready`, { headers })).status;

/** A request whose Host header is made up; fetch does not allow that. */
function withHost(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(`${url}/api/v1/query?query=1`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });
}

describe('the switch', () => {
  test('is off at first, and goes on and off while the engine runs', async () => {
    const { area, set } = await make();
    expect(value(await area.start(null))).toBeUndefined();
    expect(value(await area.handlers['api.state']({}, context))).toEqual({
      settings: { enabled: false, address: '127.0.0.1', port: 9091 },
      url: null,
      error: null,
      tokenSince: null,
      isFixed: false,
    });
    const on = value(await set({}));
    expect(await status(on.url)).toBe(200);
    const off = value(await set({ enabled: false }));
    expect(off.url).toBeNull();
    await expect(status(on.url)).rejects.toThrow();
  });

  test('is remembered, and what cannot be used is shown and does not stop the engine', async () => {
    const store = memorySettings();
    const { area, set } = await make(store);
    const port = Number(
      value(await set({}))
        .url?.split(':')
        .at(-1),
    );
    await set({ port });
    await area.close();

    const next = await make(store);
    value(await next.area.start(null));
    expect(next.area.url()).toBe(`http://127.0.0.1:${port}`);

    const third = await make(store);
    value(await third.area.start(null));
    const state = value(await third.area.handlers['api.state']({}, context));
    expect(state).toMatchObject({ url: null, error: { code: 'API_PORT_IN_USE' } });
    expect(state.error?.message.zh).toContain(String(port));
  });

  test('a port that is taken is refused, and the old address goes on', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => void taken.close());
    const address = taken.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const { area, set } = await make();
    const before = value(await set({}));
    expect(await set({ port })).toMatchObject({
      ok: false,
      error: { code: 'API_PORT_IN_USE', field: 'port' },
    });
    expect(value(await area.handlers['api.state']({}, context)).settings).toEqual(before.settings);
    expect(await status(area.url())).toBe(200);
  });

  test('other addresses need a token, which is shown once and kept as a hash', async () => {
    const store = memorySettings();
    const { area, set } = await make(store);
    expect(await set({ address: '0.0.0.0' })).toMatchObject({
      ok: false,
      error: { code: 'API_TOKEN_NEEDED', field: 'address' },
    });
    await set({});
    const { token, state } = value(await area.handlers['api.newToken']({}, context));
    expect(state.tokenSince).not.toBeNull();
    expect(store.get('api')).not.toContain(token);
    expect(await status(area.url())).toBe(401);
    expect(await status(area.url(), { authorization: `Bearer ${token}` })).toBe(200);
    const open = value(await set({ address: '0.0.0.0' }));
    const url = open.url?.replace('0.0.0.0', '127.0.0.1') ?? null;
    expect(await status(url, { authorization: `Bearer ${token}` })).toBe(200);
    expect(await area.handlers['api.removeToken']({}, context)).toMatchObject({
      ok: false,
      error: { code: 'API_TOKEN_NEEDED' },
    });
    const second = value(await area.handlers['api.newToken']({}, context)).token;
    const now = area.url()?.replace('0.0.0.0', '127.0.0.1') ?? null;
    expect(await status(now, { authorization: `Bearer ${token}` })).toBe(401);
    expect(await status(now, { authorization: `Bearer ${second}` })).toBe(200);
    await set({});
    expect(value(await area.handlers['api.removeToken']({}, context)).tokenSince).toBeNull();
    expect(await status(area.url())).toBe(200);
  });

  test('the command line decides alone', async () => {
    const { area, set } = await make();
    value(await area.start({ address: '127.0.0.1:0', token: 'x'.repeat(16) }));
    expect(await status(area.url())).toBe(401);
    expect(await set({})).toMatchObject({ ok: false, error: { code: 'API_FIXED' } });
    for (const [wanted, code] of [
      [{ address: '127.0.0.1', token: null }, 'BAD_INPUT'],
      [{ address: '0.0.0.0:0', token: null }, 'API_TOKEN_NEEDED'],
      [{ address: '0.0.0.0:0', token: 'short' }, 'API_TOKEN_BAD'],
      [{ address: '203.0.113.1:0', token: 'x'.repeat(16) }, 'API_CANNOT_LISTEN'],
    ] as const)
      expect(await (await make()).area.start(wanted)).toMatchObject({ ok: false, error: { code } });
  });
});

describe('who may ask', () => {
  test('names of other machines, and pages of other sites, are turned away', async () => {
    const api = await serveApi(await sources());
    cleanups.push(api.close);
    expect(await withHost(api.url, { host: 'evil.example' })).toBe(403);
    expect(await withHost(api.url, { host: 'localhost.evil.example' })).toBe(403);
    expect(await withHost(api.url, { host: 'localhost:9091' })).toBe(200);
    expect(await withHost(api.url, { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await withHost(api.url, { 'sec-fetch-site': 'same-origin' })).toBe(200);
    const reply = await fetch(`${api.url}/api/v1/query?query=1`, {
      headers: { origin: 'http://evil.example' },
    });
    expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('what is too large is refused', async () => {
    const api = await serveApi(await sources());
    cleanups.push(api.close);
    const post = (body: string) =>
      fetch(`${api.url}/api/v1/query`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      });
    const large = await post(`query=1&x=${'y'.repeat(1_100_000)}`);
    expect(large.status).toBe(400);
    expect(await large.json()).toMatchObject({
      errorType: 'bad_data',
      error: expect.stringContaining('too large'),
    });
    const long = await post(`query=${'1%2B'.repeat(60_000)}1`);
    expect(long.status).toBe(400);
    expect(await long.text()).toContain('longer than');
    const header = await fetch(`${api.url}/api/v1/query?query=1`, {
      headers: { 'x-long': 'y'.repeat(70_000) },
    });
    expect(header.status).toBe(431);
  });
});

test('before the rule files are read the API is not ready, and says no alert and no rule', async () => {
  let areRulesRead = false;
  const api = await serveApi({ ...(await sources()), areRulesRead: () => areRulesRead });
  cleanups.push(api.close);
  const answers = () =>
    Promise.all(
      ['/-/healthy', '/-/ready', '/api/v1/rules', '/api/v1/alerts', '/api/v1/query?query=1'].map(
        async (path) => (await fetch(`${api.url}${path}`)).status,
      ),
    );
  expect(await answers()).toEqual([200, 503, 503, 503, 200]);
  const refused = await (await fetch(`${api.url}/api/v1/alerts`)).json();
  expect(refused).toMatchObject({ status: 'error', errorType: 'unavailable' });
  areRulesRead = true;
  expect(await answers()).toEqual([200, 200, 200, 200, 200]);
});
