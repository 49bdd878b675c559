import { expect, test } from 'vitest';
import { freeNow } from '../../../main/engine/platform/large-buffers.ts';

test('a buffer is given back at once, also when less than all of it is looked at', () => {
  for (const size of [20_000, 60_000, 70_000, 1 << 20]) {
    const memory = new ArrayBuffer(size);
    freeNow(Buffer.from(memory, 0, size - 1));
    // Runtimes before Node 22 cannot.
    expect(memory.byteLength).toBe(typeof memory.transfer === 'function' ? 0 : size);
  }
});

test('a small buffer of the pool is left alone: others lie beside it', () => {
  const small = Buffer.from('of the pool');
  const beside = Buffer.from('beside it');
  freeNow(small);
  freeNow(small.subarray(3));
  expect([small.toString(), beside.toString()]).toEqual(['of the pool', 'beside it']);
});
