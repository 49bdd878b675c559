import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { scrapeConfigSchema } from '#shared/contract/hosts.ts';
import {
  looksLikeHtml,
  redirectTarget,
  scrapeUrl,
} from '../../../main/engine/collect/http/scrape-request.ts';
import { createLargeBodySlots, readBody, SMALL_BODY } from '../../../main/engine/platform/http/read-body.ts';

describe('large bodies', () => {
  const signal = new AbortController().signal;
  const options = { encoding: null, length: null, limit: 64 << 20, signal };
  const chunks = (count: number): Readable =>
    Readable.from(Array.from({ length: count }, () => Buffer.alloc(1 << 20)));

  test('only so many are held at a time; the others wait and are then read whole', async () => {
    const slots = createLargeBodySlots(1);
    expect(await slots.enter(signal)).toBe(true);
    let done = false;
    const reading = readBody(chunks(6), { ...options, slots }).then((read) => {
      done = true;
      return read;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(done).toBe(false);
    // A small body needs no slot.
    const small = await readBody(chunks(2), { ...options, slots });
    expect(small.kind).toBe('whole');
    slots.leave();
    const read = await reading;
    expect(read.kind === 'whole' && read.body.byteLength).toBe(6 << 20);
    expect(read.kind === 'whole' && read.body.byteLength).toBeGreaterThan(SMALL_BODY);
    // The slot is free again.
    expect(await slots.enter(signal)).toBe(true);
  });

  test('waiting for a slot ends with the scrape', async () => {
    const slots = createLargeBodySlots(1);
    await slots.enter(signal);
    const abort = new AbortController();
    const reading = readBody(chunks(6), { ...options, slots, signal: abort.signal });
    setTimeout(() => abort.abort('too late'), 20);
    expect(await reading).toEqual({ kind: 'broken', cause: 'too late' });
    slots.leave();
    expect(await slots.enter(signal)).toBe(true);
  });

  test('gzip of several members is one body, and a cut one is damaged', async () => {
    const slots = createLargeBodySlots();
    const gzip = { ...options, encoding: 'gzip', slots };
    const two = Buffer.concat([gzipSync('a 1\n'), gzipSync('b 2\n')]);
    const read = await readBody(Readable.from([two]), gzip);
    expect(read.kind === 'whole' && Buffer.from(read.body).toString()).toBe('a 1\nb 2\n');
    expect((await readBody(Readable.from([two.subarray(0, 15)]), gzip)).kind).toBe('bad_gzip');
  });
});

test('the address of a target', () => {
  const url = (more: object): string =>
    scrapeUrl(scrapeConfigSchema.parse({ job: 'j', address: 'h:9100', ...more })).href;
  expect(url({})).toBe('http://h:9100/metrics');
  expect(url({ scheme: 'https', address: '[::1]:8443', metricsPath: '/a b' })).toBe(
    'https://[::1]:8443/a%20b',
  );
  expect(url({ metricsPath: '/m?x=1', params: { y: ['2', 'ä'] } })).toBe('http://h:9100/m?x=1&y=2&y=%C3%A4');
});

test('what is a web page', () => {
  const html = (text: string): boolean => looksLikeHtml(Buffer.from(text));
  expect(html('\ufeff <!DOCTYPE html>')).toBe(true);
  expect(html('<?xml version="1.0"?>')).toBe(true);
  expect(html('# HELP a <b>\na 1\n')).toBe(false);
  expect(html('a 1\n')).toBe(false);
  expect(html('')).toBe(false);
});

test('where a redirect leads', () => {
  const from = new URL('http://h:9100/metrics');
  expect(redirectTarget(302, '/x', from)?.href).toBe('http://h:9100/x');
  expect(redirectTarget(308, 'https://h/x', from)?.href).toBe('https://h/x');
  expect(redirectTarget(200, '/x', from)).toBeNull();
  expect(redirectTarget(302, null, from)).toBeNull();
  expect(redirectTarget(302, 'file:///etc/passwd', from)).toBeNull();
  expect(redirectTarget(302, 'http://[', from)).toBeNull();
});
