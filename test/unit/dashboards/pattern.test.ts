import { expect, test } from 'vitest';
import { patternOf } from '#shared/domain/dashboard/pattern.ts';

test('fits bare and between slashes, with the flags that it has', () => {
  expect(patternOf('^app-\\d$')?.test('app-1')).toBe(true);
  expect(patternOf('/APP/i')?.test('app-1')).toBe(true);
  expect(patternOf('/^b/m')?.test('a\nb')).toBe(true);
  expect(patternOf('/a.b/s')?.test('a\nb')).toBe(true);
  expect(patternOf('a.b')?.test('a\nb')).toBe(false);
});

test.each([
  ['(\\w+)-(\\d)', '$2 $1', 'x app-1 y', 'x 1 app y'],
  ['(?<host>\\w+)-\\d', '[$<host>]', 'app-1', '[app]'],
  ['a', '$$&', 'banana', 'b$&nana'],
  ['na', '<$&>', 'banana', 'ba<na>na'],
  ['a', '$7', 'abc', '$7bc'],
  ['z', 'x', 'abc', 'abc'],
])('%s replaced by %s as JavaScript does it', (pattern, by, text, expected) => {
  expect(text.replace(new RegExp(pattern), by)).toBe(expected);
  expect(patternOf(pattern)?.replace(text, by)).toBe(expected);
});

test('that no expression is, or RE2 does not know, fits nothing', () => {
  for (const text of ['(', '(?=a)', '\\1']) expect(patternOf(text)).toBeNull();
});

test('takes no time on a text that was made to take it', () => {
  const began = performance.now();
  expect(patternOf('(a|aa)+$')?.test(`${'a'.repeat(5_000)}b`)).toBe(false);
  expect(performance.now() - began).toBeLessThan(10_000);
});
