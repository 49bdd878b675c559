import { describe, expect, test } from 'vitest';
import { jsonPairs, jsonSampleTime, jsonString } from '#shared/units/json-text.ts';
import { isLoopback, namesLoopback, parseListen } from '../../../main/engine/http/address.ts';
import { success } from '../../../main/engine/http/answer.ts';
import { createGate } from '../../../main/engine/http/gate.ts';
import { goTime } from '../../../main/engine/http/go-time.ts';
import { chooseEncoding } from '../../../main/engine/http/send.ts';
import { carriesToken, hashToken, newToken } from '../../../main/engine/http/token.ts';

const never = new AbortController().signal;

describe('the gate', () => {
  test('lets so many in, then one for each that leaves, in order', async () => {
    const gate = createGate(2, 2);
    const first = await gate.enter(never);
    await gate.enter(never);
    const order: string[] = [];
    const third = gate.enter(never).then((leave) => {
      order.push('third');
      return leave;
    });
    void gate.enter(never).then(() => order.push('fourth'));
    expect(await gate.enter(never)).toBe('full');
    expect([gate.running, gate.waiting]).toEqual([2, 2]);
    if (typeof first === 'function') first();
    const leave = await third;
    expect([gate.running, gate.waiting, order]).toEqual([2, 1, ['third']]);
    if (typeof leave === 'function') leave();
    await Promise.resolve();
    expect([gate.running, gate.waiting]).toEqual([2, 0]);
  });

  test('who gives up while waiting takes no turn', async () => {
    const gate = createGate(1, 5);
    const leave = await gate.enter(never);
    const abort = new AbortController();
    const waiting = gate.enter(abort.signal);
    abort.abort();
    expect(await waiting).toBe('aborted');
    expect(await gate.enter(abort.signal)).toBe('aborted');
    if (typeof leave === 'function') leave();
    expect([gate.running, gate.waiting]).toEqual([0, 0]);
  });
});

describe('addresses', () => {
  test.each([
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['localhost:9090', { host: 'localhost', port: 9090 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['127.0.0.1', null],
    ['127.0.0.1:65536', null],
    [':9090', null],
    ['::1:9090', null],
    ['a b:1', null],
  ])('%s', (text, wanted) => {
    expect(parseListen(text)).toEqual(wanted);
  });

  test('loopback is told from everything else', () => {
    for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '::1']) expect(isLoopback(host)).toBe(true);
    for (const host of ['0.0.0.0', '::', '127.0.0.1.evil.example', '10.0.0.1', ''])
      expect(isLoopback(host)).toBe(false);
    for (const header of ['localhost:9090', '127.0.0.1', '[::1]:80'])
      expect(namesLoopback(header)).toBe(true);
    for (const header of ['evil.example', 'localhost.evil.example:80', undefined, ''])
      expect(namesLoopback(header)).toBe(false);
  });
});

describe('tokens', () => {
  test('only the whole token opens', () => {
    const { token, hash } = newToken();
    expect(token).toMatch(/^hmtt_[\w-]{43}$/);
    expect(hashToken(token)).toBe(hash);
    expect(carriesToken(`Bearer ${token}`, hash)).toBe(true);
    expect(carriesToken(`bearer  ${token}`, hash)).toBe(true);
    for (const header of [
      undefined,
      '',
      token,
      `Basic ${token}`,
      `Bearer ${token}x`,
      `Bearer ${token.slice(1)}`,
      'Bearer ',
    ])
      expect(carriesToken(header, hash)).toBe(false);
    expect(newToken().token).not.toBe(token);
  });
});

describe('texts', () => {
  test('JSON strings are escaped as Go does', () => {
    expect(jsonString('plain')).toBe('"plain"');
    expect(jsonString('<a href="x">&\u2028')).toBe('"\\u003ca href=\\"x\\"\\u003e\\u0026\\u2028"');
    expect(jsonString('\b\f\n\r\t\u0001\\b')).toBe('"\\u0008\\u000c\\n\\r\\t\\u0001\\\\b"');
    expect(jsonPairs(['a', '1', 'b', '"'])).toBe('{"a":"1","b":"\\""}');
    expect(jsonPairs([])).toBe('{}');
  });

  test('times of samples have three decimals or none', () => {
    expect([0, 1_000, 1_500, 1_001, -5_001, -1].map(jsonSampleTime)).toEqual([
      '0',
      '1',
      '1.500',
      '1.001',
      '-5.001',
      '-0.001',
    ]);
    expect(
      ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.120Z'].map((text) => goTime(Date.parse(text))),
    ).toEqual(['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.12Z']);
  });

  test('a success is one piece when its data is', () => {
    expect([...success('[]').pieces]).toEqual(['{"status":"success","data":[]}']);
    expect([...success(['[', ']']).pieces].join('')).toBe('{"status":"success","data":[]}');
    expect([...success(['[]']).pieces]).toHaveLength(1);
    expect([...success(['[', ']'], ['a <b>', 'c']).pieces].join('')).toBe(
      '{"status":"success","data":[],"warnings":["a \\u003cb\\u003e","c"]}',
    );
  });

  test('the first known encoding is taken', () => {
    expect(['gzip', 'br, deflate, gzip', 'gzip;q=0', '', undefined].map(chooseEncoding)).toEqual([
      'gzip',
      'deflate',
      null,
      null,
      null,
    ]);
  });
});
