import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCounters } from '../../../main/engine/http/counters.ts';
import { createGate } from '../../../main/engine/http/gate.ts';
import { createRoutes } from '../../../main/engine/http/routes.ts';
import { systemTimers } from '../../../main/engine/platform/timers.ts';
import { type ServedApi, serveApi, storeSources } from '../../helpers/http-api.ts';
import { storeSeries } from '../../helpers/local-series.ts';
import { folderOfFile } from '../../helpers/temp-folder.ts';

const page = readFileSync(new URL('../../../docs/http-api.md', import.meta.url), 'utf8');
const documented = [...page.matchAll(/^\| ([A-Z, ]+) \| `(\/[^`]+)` \|/gm)].map(
  ([, methods = '', path = '']) => ({
    methods: methods.split(', '),
    path,
  }),
);

let api: ServedApi;
let close: () => void;

beforeAll(async () => {
  const local = await storeSeries(folderOfFile('http'), [], 7_200_000);
  close = local.close;
  api = await serveApi(storeSources(local.store));
});
afterAll(async () => {
  await api.close();
  close();
});

describe('docs/http-api.md', () => {
  test('lists every endpoint with its methods, and no other', () => {
    const routes = createRoutes({
      sources: { ...({} as ReturnType<typeof storeSources>) },
      counters: createCounters(),
      gate: createGate(1, 1),
      timers: systemTimers,
      startedAt: 0,
      hostName: '',
      listen: () => '',
    });
    const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
    const served = routes.map(({ methods, path }) => ({ methods: [...methods], path })).sort(byPath);
    expect(documented.sort(byPath)).toEqual(served);
  });

  test.each(documented)('$methods $path is there', async ({ methods, path }) => {
    const required = new URLSearchParams({ query: 'up', start: '0', end: '1', step: '1', 'match[]': 'up' });
    for (const method of methods) {
      const response = await fetch(`${api.url}${path.replace(':name', 'job')}?${required}`, { method });
      expect(response.status, await response.text()).toBe(200);
    }
    const other = await fetch(`${api.url}${path.replace(':name', 'job')}`, { method: 'DELETE' });
    expect(other.status).toBe(405);
    expect(other.headers.get('allow')?.split(', ')).toEqual([...methods, 'OPTIONS'].sort());
  });

  test('every metric that it names is served, and every other begins as it says', async () => {
    const text = await (await fetch(`${api.url}/metrics`)).text();
    const served = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
    const named = [...page.matchAll(/`((?:hmtt|process|nodejs|prometheus_rule)_[\w*]+)`/g)].map(
      ([, name = '']) => name,
    );
    const fits = (name: string) => (pattern: string) =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
    for (const pattern of named)
      expect(
        served.some((name) => fits(name)(pattern)),
        pattern,
      ).toBe(true);
    for (const name of served) expect(named.some(fits(name)), name).toBe(true);
  });
});
