import { expect, test } from 'vitest';
import { decide, type Existing, entryMtimeNs } from '../../../main/engine/restore/decide.ts';
import type { PointEntry } from '../../../main/engine/restore/types.ts';

const hash = 'a'.repeat(64);
const file: PointEntry = {
  type: 'file',
  path: 'srv/data/a.txt',
  size: 5,
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: '1700000000.123456789',
  sha256: hash,
  hazard: null,
};
const there: Existing = {
  type: 'file',
  size: 5,
  mode: 0o644,
  mtimeNs: 1_700_000_000_123_456_000n,
  link: null,
  sha256: hash,
};
const decided = (entry: PointEntry, existing: Existing | null, overwrite: 'never' | 'older' | 'always') => {
  const { action, reason } = decide(entry, existing, overwrite, entry.sha256);
  return `${action} ${reason}`;
};

test('what is missing is restored, whatever the rule', () => {
  for (const rule of ['never', 'older', 'always'] as const)
    expect(decided(file, null, rule)).toBe('restore missing');
});

test('what is the same is left alone, also when the time lost its last digits', () => {
  expect(decided(file, there, 'always')).toBe('same identical');
});

test('damage that kept size and time is not taken for the same', () => {
  const damaged = { ...there, sha256: 'b'.repeat(64) };
  expect(decided(file, damaged, 'always')).toBe('update differs');
  expect(decided(file, damaged, 'never')).toBe('skip kept_existing');
});

test('"older" replaces only what is older than the archive', () => {
  const older = { ...there, size: 9, mtimeNs: entryMtimeNs(file) - 60_000_000_000n };
  const newer = { ...there, size: 9, mtimeNs: entryMtimeNs(file) + 60_000_000_000n };
  expect(decided(file, older, 'older')).toBe('update newer_in_archive');
  expect(decided(file, newer, 'older')).toBe('skip kept_newer');
  expect(decided(file, newer, 'always')).toBe('update differs');
});

test('a folder is never replaced by a file, nor a file by a folder', () => {
  const folder: Existing = { ...there, type: 'directory', sha256: null };
  expect(decided(file, folder, 'always')).toBe('skip unsafe');
  expect(decided({ ...file, type: 'directory' }, there, 'always')).toBe('skip unsafe');
});

test('links are compared by their text', () => {
  const link: PointEntry = { ...file, type: 'symlink', link: '../b', sha256: undefined };
  const standing: Existing = { ...there, type: 'symlink', link: '../b', sha256: null };
  expect(decided(link, standing, 'always')).toBe('same identical');
  expect(decided(link, { ...standing, link: '/etc/passwd' }, 'always')).toBe('update differs');
});

test('special files are named, not made', () => {
  expect(decided({ ...file, type: 'fifo' }, null, 'always')).toBe('skip unsupported');
});

test('times before 1970 are read right', () => {
  expect(entryMtimeNs({ mtime: '-1.500000000' })).toBe(-1_500_000_000n);
});

test('a folder whose time changed gets it back when everything may be replaced', () => {
  const folder: PointEntry = { ...file, type: 'directory', size: 0, sha256: undefined };
  const touched: Existing = {
    ...there,
    type: 'directory',
    mtimeNs: there.mtimeNs + 5_000_000_000n,
    sha256: null,
  };
  expect(decided(folder, touched, 'always')).toBe('update differs');
  expect(decided(folder, touched, 'never')).toBe('skip kept_existing');
  expect(decided(folder, { ...touched, mtimeNs: there.mtimeNs }, 'always')).toBe('same identical');
});
