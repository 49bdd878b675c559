import { posix } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathHazard } from '../../../main/engine/backup/hazards.ts';
import { guardedFolders, targetPath } from '../../../main/engine/restore/paths.ts';
import { compileSelection } from '../../../main/engine/restore/selection.ts';

test('no path without a hazard leads out of the chosen folder', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('.', '/', 'a', '\\', '\0', '中') }), (path) => {
      if (pathHazard(path, false) !== null) return;
      const target = targetPath(path, { kind: 'folder', dir: '/restore' }) ?? '';
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

test('dumps of databases go into a chosen folder, but have no original place', () => {
  const dump = '.hmtt-databases/erp/erp.pgdump';
  expect(targetPath(dump, { kind: 'folder', dir: '/tmp/x' })).toBe(`/tmp/x/${dump}`);
  expect(targetPath(dump, { kind: 'original', platform: 'linux' })).toBeNull();
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
