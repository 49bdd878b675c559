import { posix } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathHazard } from '../../../main/engine/backup/hazards.ts';
import { waysToRead } from '../../../main/engine/restore/any-copy.ts';
import { localAccounts, ownerOf, unknownOwners } from '../../../main/engine/restore/owners.ts';
import {
  cleanArchivePath,
  foldersBelow,
  guardedFolders,
  mappedPath,
  type TargetPlace,
  targetPath,
} from '../../../main/engine/restore/paths.ts';
import { badLineOf, extrasRequest, noExtras, pairsOf } from '../../../renderer/wizards/restore/extras.ts';

const pathText = fc.string({ unit: fc.constantFrom('.', '/', 'a', 'b', '\\', '\0', '中'), maxLength: 12 });

test('whatever is renamed and stripped, no path leads out of the target', () => {
  fc.assert(
    fc.property(pathText, pathText, pathText, pathText, (path, from, to, strip) => {
      const clean = {
        from: cleanArchivePath(from),
        to: cleanArchivePath(to),
        strip: cleanArchivePath(strip),
      };
      if (pathHazard(path, false) !== null || clean.from === null || clean.to === null) return;
      const target = targetPath(path, {
        kind: 'folder',
        dir: '/restore',
        renames: [{ from: clean.from, to: clean.to }],
        ...(clean.strip === null ? {} : { strip: clean.strip }),
      });
      if (target !== null) expect(posix.normalize(target).startsWith('/restore/')).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

test('the longest renaming counts, whole names only, and stripping drops what lies above', () => {
  const renames = [
    { from: 'srv/data', to: 'srv/old' },
    { from: 'srv/data/log', to: 'var/log' },
  ];
  expect(mappedPath('srv/data/a', { renames })).toBe('srv/old/a');
  expect(mappedPath('srv/data/log/x', { renames })).toBe('var/log/x');
  expect(mappedPath('srv/database', { renames })).toBe('srv/database');
  expect(mappedPath('srv/data/a', { strip: 'srv/data' })).toBe('a');
  expect(mappedPath('srv', { strip: 'srv/data' })).toBeNull();
  expect(mappedPath('srv/data', { strip: 'srv/data' })).toBeNull();
  expect(mappedPath('etc/x', { strip: 'srv/data' })).toBe('etc/x');
});

test('links are guarded against also where a renaming leads', () => {
  const place: TargetPlace = {
    kind: 'original',
    platform: 'linux',
    renames: [{ from: 'srv/data', to: 'srv/other' }],
  };
  expect(guardedFolders('srv/data/d/f', place, ['/srv/data'])).toEqual(['/srv/other', '/srv/other/d']);
  expect(foldersBelow('/srv/other/d/f', ['/srv/other'])).toEqual(['/srv/other/d']);
  expect(foldersBelow('/out/a/b', ['/'])).toEqual(['/out', '/out/a']);
});

test('owners: the number, the same name here, or whom somebody said', () => {
  const files: Record<string, string> = {
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\npostgres:x:2001:2001::/:/bin/sh\n',
    '/etc/group': 'root:x:0:\npostgres:x:2002:\n',
  };
  const accounts = localAccounts((file) => files[file] ?? '');
  const entry = { uid: 110, gid: 115, user: 'postgres', group: 'gone' };
  const none = { users: [], groups: [] };
  expect(ownerOf(entry, { mode: 'keep', ...none }, accounts)).toEqual({ uid: 110, gid: 115 });
  expect(ownerOf(entry, { mode: 'names', ...none }, accounts)).toEqual({ uid: 2001, gid: 115 });
  const mapped = {
    mode: 'names',
    users: [{ from: '110', to: 'root' }],
    groups: [{ from: 'gone', to: '7' }],
  } as const;
  expect(
    ownerOf(entry, { ...mapped, users: [...mapped.users], groups: [...mapped.groups] }, accounts),
  ).toEqual({
    uid: 0,
    gid: 7,
  });
  expect(
    unknownOwners({ mode: 'keep', users: [{ from: 'a', to: 'nobody-here' }], groups: [] }, accounts),
  ).toEqual(['nobody-here']);
  const nobody = localAccounts(() => {
    throw new Error('ENOENT');
  });
  expect(ownerOf(entry, { mode: 'names', ...none }, nobody)).toEqual({ uid: 110, gid: 115 });
});

test('copies are tried medium by medium, then one by one, and never without end', () => {
  const archive = (name: string, copies: string[]) => ({
    archivePath: `/first/${name}`,
    manifestSha256: name,
    copies,
  });
  const ways = waysToRead([archive('full', ['/second/full']), archive('incr', ['/second/incr'])]);
  expect(ways.map((way) => way.map(({ archivePath }) => archivePath))).toEqual([
    ['/first/full', '/first/incr'],
    ['/second/full', '/second/incr'],
    ['/second/full', '/first/incr'],
    ['/first/full', '/second/incr'],
  ]);
  const many = Array.from({ length: 200 }, (_, n) => archive(String(n), ['/a', '/b', '/c']));
  expect(waysToRead(many).length).toBeLessThanOrEqual(64);
  expect(waysToRead([archive('full', [])])).toHaveLength(1);
});

test('what is typed in the window becomes what the engine is asked, and a line that cannot be meant is named', () => {
  expect(pairsOf(' a = b \n\nc=d=e')).toEqual({
    pairs: [
      { from: 'a', to: 'b' },
      { from: 'c', to: 'd=e' },
    ],
    bad: null,
  });
  expect(badLineOf({ ...noExtras, users: 'postgres' })).toBe('postgres');
  expect(badLineOf({ ...noExtras, renames: '=x' })).toBe('=x');
  expect(extrasRequest(noExtras)).toEqual({
    strip: '',
    renames: [],
    owners: { mode: 'keep', users: [], groups: [] },
    safetyCopy: true,
    appCheck: null,
  });
});
