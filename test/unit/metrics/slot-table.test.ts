import { expect, test } from 'vitest';
import { hashTexts, SlotTable, sameTexts } from '../../../main/engine/metrics/slot-table.ts';

/** A table over keys in a list; `hash` may be made bad, so that every key meets every other. */
function tableOf(keys: readonly (readonly string[])[], hash = hashTexts): SlotTable<readonly string[]> {
  return new SlotTable<readonly string[]>({
    hash,
    hashOf: (slot) => hash(keys[slot] ?? []),
    has: (slot, key) => sameTexts(keys[slot] ?? [], key),
  });
}

const KEYS = Array.from({ length: 3_000 }, (_, i) => [
  '__name__',
  `metric_${i % 50}`,
  'instance',
  `host-${i}`,
]);

test('finds what was added, also after it has grown, and nothing else', () => {
  const table = tableOf(KEYS);
  for (let slot = 0; slot < 2_000; slot++) table.add(slot);
  expect(table.size).toBe(2_000);
  for (const [slot, key] of KEYS.entries())
    expect(table.find([...key])).toBe(slot < 2_000 ? slot : undefined);
});

test('loses nothing when slots between others are taken out', () => {
  for (const hash of [hashTexts, () => 1_022]) {
    const count = hash === hashTexts ? 2_000 : 200;
    const table = tableOf(KEYS, hash);
    for (let slot = 0; slot < count; slot++) table.add(slot);
    for (let slot = 0; slot < count; slot += 3) table.remove(slot);
    for (let slot = 0; slot < count; slot++)
      expect(table.find(KEYS[slot] ?? [])).toBe(slot % 3 === 0 ? undefined : slot);
    for (let slot = 0; slot < count; slot += 3) table.add(slot);
    expect(table.size).toBe(count);
    for (let slot = 0; slot < count; slot++) expect(table.find(KEYS[slot] ?? [])).toBe(slot);
  }
});

test('tells apart texts that only differ in where one ends', () => {
  expect(hashTexts(['ab', 'c'])).not.toBe(hashTexts(['a', 'bc']));
  expect(sameTexts(['ab', 'c'], ['a', 'bc'])).toBe(false);
});
