import { expect, test } from 'vitest';
import { createHub, type ServerTransport } from '../../../main/engine/hub.ts';
import { inProcessPair } from '../../../main/engine/in-process.ts';
import { jsonLogger } from '../../../main/engine/platform/logger.ts';
import { createEngineClient } from '../../../shared/contract/client.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import { ok } from '../../../shared/errors/index.ts';
import { noTrail } from '../../helpers/no-trail.ts';

function setUp(partial: Partial<Handlers>) {
  const lines: string[] = [];
  const hub = createHub(
    // Only the methods under test are called.
    () => partial as Handlers,
    jsonLogger(
      (line) => lines.push(line),
      () => 0,
    ),
    noTrail,
  );
  const pair = inProcessPair();
  hub.attach(pair.server, 'window');
  return { hub, client: createEngineClient(pair.client), pair, lines };
}

/** A client that sends whatever a test likes. */
function rawClient(hub: ReturnType<typeof createHub>) {
  let deliver: (message: unknown) => void = () => undefined;
  const answers: unknown[] = [];
  const transport: ServerTransport = {
    send: (message) => answers.push(message),
    onMessage: (listener) => {
      deliver = listener;
    },
    onClose: () => undefined,
  };
  hub.attach(transport, 'window');
  return { send: (message: unknown) => deliver(message), answers };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

test('a call is validated, answered, and defaults are filled in', async () => {
  const seen: unknown[] = [];
  const { client } = setUp({
    'alerts.list': (params) => {
      seen.push(params);
      return ok({ alerts: [], total: 0 });
    },
  });
  expect(await client.call('alerts.list', {})).toEqual({ ok: true, value: { alerts: [], total: 0 } });
  expect(seen).toEqual([{ state: 'firing', limit: 500 }]);
});

test('bad input never reaches a handler, and the field is named', async () => {
  const { client, lines } = setUp({
    'site.watchGaps': () => {
      throw new Error('must not be called');
    },
  });
  const result = await client.call('site.watchGaps', { start: 1.5, end: 2 });
  expect(result.ok ? null : result.error).toMatchObject({ code: 'BAD_INPUT', field: 'start' });
  expect(lines.join('')).toContain('malformed request refused');
});

test('an unknown field that is as long as a book is refused in a few words', async () => {
  const { hub, lines } = setUp({});
  const raw = rawClient(hub);
  raw.send({ id: 1, method: 'site.watchGaps', params: { start: 1, end: 2, ['x'.repeat(1_000_000)]: 1 } });
  raw.send({ id: 2, method: 'hosts.add', params: { labels: { ['-'.repeat(1_000_000)]: '' } } });
  await settle();
  expect(raw.answers).toHaveLength(2);
  expect(JSON.stringify([raw.answers, lines]).length).toBeLessThan(20_000);
});

test('unknown methods, names of object members among them, are refused and logged', async () => {
  const { hub, lines } = setUp({});
  const raw = rawClient(hub);
  ['nope', '__proto__', 'constructor', 'toString'].forEach((method, id) => {
    raw.send({ id, method, params: {} });
  });
  await settle();
  expect(raw.answers).toHaveLength(4);
  for (const answer of raw.answers)
    expect(answer).toMatchObject({ ok: false, error: { code: 'UNKNOWN_METHOD' } });
  expect(lines.join('').match(/unknown method refused/g)).toHaveLength(4);
});

test('messages that are no messages are dropped and logged; the connection lives', async () => {
  const { hub, lines } = setUp({ 'alerts.list': () => ok({ alerts: [], total: 0 }) });
  const raw = rawClient(hub);
  for (const message of [null, 7, 'x', { id: -1, method: 'a' }, { id: 1, method: 'a', params: {}, more: 1 }])
    raw.send(message);
  raw.send({ id: 5, method: 'alerts.list', params: {} });
  await settle();
  expect(raw.answers).toEqual([{ id: 5, ok: true, value: { alerts: [], total: 0 } }]);
  expect(lines.join('').match(/malformed message refused/g)).toHaveLength(5);
});

test('a handler that throws is a logged bug, not a dead engine', async () => {
  const { client, lines } = setUp({
    'alerts.list': () => {
      throw new Error('boom');
    },
  });
  const result = await client.call('alerts.list', {});
  expect(result.ok ? null : result.error.code).toBe('INTERNAL');
  expect(lines.join('')).toContain('boom');
});

test('cancelling a call aborts its handler', async () => {
  let aborted = false;
  const { client } = setUp({
    'alerts.list': (_params, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          resolve(ok({ alerts: [], total: 0 }));
        });
      }),
  });
  const abort = new AbortController();
  const call = client.call('alerts.list', {}, abort.signal);
  await settle();
  abort.abort();
  const result = await call;
  expect(result.ok ? '' : result.error.code).toBe('CANCELLED');
  await settle();
  expect(aborted).toBe(true);
});

test('a lost engine ends every open call, and every later one', async () => {
  const { client, pair } = setUp({ 'alerts.list': () => new Promise(() => undefined) });
  const open = client.call('alerts.list', {});
  await settle();
  pair.close();
  for (const result of [await open, await client.call('alerts.list', {})]) {
    expect(result.ok ? '' : result.error.code).toBe('ENGINE_GONE');
  }
});

test('events reach every client, and `emit` only the caller', async () => {
  const { hub, client } = setUp({
    'logs.tail.start': (_params, { emit }) => {
      emit('logs.tail', { tailId: 't', events: [], skipped: 3 });
      return ok({ tailId: 't' });
    },
  });
  const other = rawClient(hub);
  const heard: number[] = [];
  client.on('logs.tail', ({ skipped }) => heard.push(skipped));
  await client.call('logs.tail.start', {});
  hub.broadcast('hosts.changed', { ids: ['a'] });
  await settle();
  expect(heard).toEqual([3]);
  expect(other.answers).toEqual([{ event: 'hosts.changed', payload: { ids: ['a'] } }]);
});
