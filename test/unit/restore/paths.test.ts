import { posix } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guardedFolders, pathHazard, targetPath } from '../../../main/engine/restore/paths.ts';
import { compileSelection } from '../../../main/engine/restore/selection.ts';

test('hostile paths are refused with a reason', () => {
  const hostile = [
    '../../etc/passwd',
    '/etc/passwd',
    'a/../../b',
    'a//b',
    './a',
    '',
    'a\0b',
    `${'x'.repeat(256)}/y`,
    'a/'.repeat(5000),
    '\ud800',
  ];
  for (const path of hostile)
    expect(pathHazard(path, 'linux'), JSON.stringify(path.slice(0, 40))).not.toBeNull();
});

test('odd but honest names are safe', () => {
  for (const path of ['a b/c\nd', '中文/文件.txt', '...', 'x/\udc80y', '-rf', '.hidden/..data']) {
    expect(pathHazard(path, 'linux')).toBeNull();
  }
});

test('Windows refuses what it would read otherwise', () => {
  for (const path of ['C/a:b', 'C/con', 'C/NUL.txt', 'C/a\\..\\b', 'C/trailing.', 'C/trailing ']) {
    expect(pathHazard(path, 'win32'), path).not.toBeNull();
  }
});

test('no path that passes leads out of the chosen folder', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('.', '/', 'a', '\\', '\0', '中') }), (path) => {
      if (pathHazard(path, 'linux') !== null) return;
      const target = targetPath(path, { kind: 'folder', dir: '/restore' });
      expect(posix.normalize(target).startsWith('/restore/')).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('the promised path is the real path', () => {
  expect(targetPath('usr/include/stdio.h', { kind: 'folder', dir: '/tmp/x' })).toBe(
    '/tmp/x/usr/include/stdio.h',
  );
  expect(targetPath('usr/include/stdio.h', { kind: 'original', platform: 'linux' })).toBe(
    '/usr/include/stdio.h',
  );
  expect(targetPath('C/data/x', { kind: 'original', platform: 'win32' })).toBe('C:/data/x');
});

test('links are guarded against below the source, and below a chosen folder', () => {
  expect(guardedFolders('bin/app/conf/x', { kind: 'original', platform: 'linux' }, ['/bin/app'])).toEqual([
    '/bin/app',
    '/bin/app/conf',
  ]);
  expect(guardedFolders('a/b/x', { kind: 'folder', dir: '/t' }, ['/a'])).toEqual(['/t/a', '/t/a/b']);
});

test('a selection is a path with all below it, or a glob', () => {
  const selected = compileSelection(['/etc/nginx', 'srv/**/*.conf']);
  expect(selected('etc/nginx/sites/a')).toBe(true);
  expect(selected('etc/nginx')).toBe(true);
  expect(selected('etc/nginx2/a')).toBe(false);
  expect(selected('srv/deep/er/x.conf')).toBe(true);
  expect(selected('srv/x.txt')).toBe(false);
  expect(compileSelection([])('anything')).toBe(true);
});
