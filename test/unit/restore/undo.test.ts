import { expect, test } from 'vitest';
import type { Standing } from '../../../main/engine/restore/saved.ts';
import { decideUndo } from '../../../main/engine/restore/undo-plan.ts';

const was: Standing = {
  type: 'file',
  size: 5,
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtimeNs: '1700000000123456789',
  dev: '1',
  ino: '10',
  link: null,
};
const restored: Standing = { ...was, size: 9, ino: '11' };
const folder: Standing = { ...was, type: 'directory', size: 0 };
const decided = (...args: Parameters<typeof decideUndo>): string => {
  const { action, reason } = decideUndo(...args);
  return `${action} ${reason}`;
};

test('what is as it was is left alone, told by inode and not by looks', () => {
  expect(decided(was, was, false, 'replace')).toBe('same identical');
  expect(decided(null, null, false, 'replace')).toBe('same identical');
  expect(decided(was, { ...was, ino: '12' }, true, 'keep')).toBe('update put_back');
  expect(decided(was, { ...was, mtimeNs: '1700000000123456788' }, true, 'keep')).toBe('update put_back');
});

test('what the restore left there is taken back; what somebody changed since is kept unless it is said otherwise', () => {
  expect(decided(was, restored, true, 'keep')).toBe('update put_back');
  expect(decided(was, restored, false, 'keep')).toBe('skip changed_since');
  expect(decided(was, restored, false, 'replace')).toBe('update changed_since');
  expect(decided(null, restored, true, 'keep')).toBe('remove made_by_restore');
  expect(decided(null, restored, false, 'keep')).toBe('skip changed_since');
  expect(decided(null, restored, false, 'replace')).toBe('remove changed_since');
});

test('putting something where nothing stands loses nothing, so nobody is asked', () => {
  expect(decided(was, null, false, 'keep')).toBe('restore put_back');
  expect(decided(folder, null, false, 'keep')).toBe('restore put_back');
});

test('folders get their mode and time back whatever is in them, and are never swapped with files', () => {
  expect(decided(folder, { ...folder, mode: 0o700 }, false, 'keep')).toBe('update put_back');
  expect(decided(null, folder, false, 'keep')).toBe('remove made_by_restore');
  expect(decided(folder, restored, false, 'replace')).toBe('skip unsafe');
  expect(decided(was, folder, false, 'replace')).toBe('skip unsafe');
});
