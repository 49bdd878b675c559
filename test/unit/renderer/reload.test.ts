import { expect, test } from 'vitest';
import { shouldReload } from '../../../renderer/app/reload.ts';

function memory(): Pick<Storage, 'getItem' | 'setItem'> {
  const items = new Map<string, string>();
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) };
}

const MISSING = 'TypeError: Failed to fetch dynamically imported module: app://console/assets/x.js';

test('a part that could not be fetched loads the window anew, once a minute at most', () => {
  const kept = memory();
  expect(shouldReload(MISSING, kept, 1_000_000)).toBe(true);
  expect(shouldReload(MISSING, kept, 1_000_000)).toBe(false);
  expect(shouldReload(MISSING, kept, 1_059_999)).toBe(false);
  expect(shouldReload(MISSING, kept, 1_060_000)).toBe(true);
  expect(shouldReload('Error: Unable to preload CSS for /assets/x.css', memory(), 0)).toBe(true);
});

test('a clock that was set back does not hold it off', () => {
  const kept = memory();
  expect(shouldReload(MISSING, kept, 9_000_000)).toBe(true);
  expect(shouldReload(MISSING, kept, 1_000_000)).toBe(true);
});

test('a program error is shown and never loads the window anew by itself', () => {
  const kept = memory();
  expect(shouldReload("TypeError: Cannot read properties of undefined (reading 'x')", kept, 0)).toBe(false);
  expect(shouldReload(MISSING, kept, 1)).toBe(true);
});
