import { expect, test } from 'vitest';
import { absolutePath, timestamp } from '#shared/contract/define.ts';
import { isTargetAddress } from '#shared/contract/hosts.ts';

test.each([
  'app-1:9100',
  '10.0.1.11:9100',
  '[fe80::1]:9100',
  'db.site.internal:443',
  '主机:80',
  'this-workstation:0',
])('a target can be asked at %s', (address) => {
  expect(isTargetAddress(address)).toBe(true);
});

test.each([
  '',
  'app-1',
  ':9100',
  'http://app-1:80',
  '10.0.0.300:9100',
  '08:80',
  '[::g]:80',
  '[1::2::3]:80',
  'app-1:65536',
  'user@app-1:80',
  'a b:80',
  'a#b:80',
  'a?b:80',
  'a\\b:80',
  `${'x'.repeat(400)}:80`,
])('nothing can be asked at %s', (address) => {
  expect(isTargetAddress(address)).toBe(false);
});

test('a path from the root of Linux or Windows is absolute, one from anywhere else is not', () => {
  for (const path of ['/', '/var/log/*.log', 'C:\\logs', 'd:/logs', '\\\\server\\share'])
    expect(absolutePath.safeParse(path).success, path).toBe(true);
  for (const path of ['', 'logs', './logs', '../logs', 'C:logs', '~/logs', `/${'x'.repeat(4096)}`])
    expect(absolutePath.safeParse(path).success, path).toBe(false);
});

test('a moment that no Date can hold is no time stamp', () => {
  for (const moment of [0, -1, 8.64e15, -8.64e15]) expect(timestamp.safeParse(moment).success).toBe(true);
  for (const moment of [8.64e15 + 1, Number.MIN_SAFE_INTEGER, 0.5, Number.NaN])
    expect(timestamp.safeParse(moment).success).toBe(false);
});
