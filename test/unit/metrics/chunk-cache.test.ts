import { expect, test } from 'vitest';
import { ChunkCache } from '../../../main/engine/metrics/chunk-cache.ts';

const chunk = (start: number, bytes: number) => ({
  start,
  end: start + 10,
  data: new Uint8Array(bytes).fill(start),
});

test('gives back what was kept, bytes and times', () => {
  const cache = new ChunkCache(10_000);
  cache.keep(1, [chunk(3, 20), chunk(40, 5)]);
  const found = cache.get(1) ?? [];
  expect(found.map(({ start, end }) => [start, end])).toEqual([
    [3, 13],
    [40, 50],
  ]);
  expect(found.map(({ data }) => [...data])).toEqual([
    Array.from({ length: 20 }, () => 3),
    Array.from({ length: 5 }, () => 40),
  ]);
  expect(cache.get(2)).toBeUndefined();
});

test('keeps to its limit, and lets go of what was not used for longest', () => {
  const cache = new ChunkCache(10_000);
  for (let key = 0; key < 100; key++) {
    cache.keep(key, [chunk(key, 1_000)]);
    cache.get(0);
    expect(cache.cost).toBeLessThanOrEqual(10_000);
  }
  expect(cache.get(0)).toBeDefined();
  expect(cache.get(99)).toBeDefined();
  expect(cache.get(50)).toBeUndefined();
});

test('a chunk too large for it is handed on and not kept', () => {
  const cache = new ChunkCache(100);
  expect(cache.keep(1, [chunk(1, 5_000)])).toHaveLength(1);
  expect(cache.cost).toBe(0);
  expect(cache.get(1)).toBeUndefined();
});

test('what is kept again or forgotten counts once', () => {
  const cache = new ChunkCache(10_000);
  cache.keep(1, [chunk(1, 100)]);
  const once = cache.cost;
  cache.keep(1, [chunk(1, 100)]);
  expect(cache.cost).toBe(once);
  cache.forget(1);
  cache.forget(1);
  expect(cache.cost).toBe(0);
});
