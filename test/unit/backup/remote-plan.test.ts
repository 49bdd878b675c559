import { describe, expect, it } from 'vitest';
import { lacksSources } from '#shared/domain/lacking-sources.ts';
import type { RemoteFacts } from '../../../main/engine/backup/remote/files.ts';
import { mirrorRoots, planPath } from '../../../main/engine/backup/remote/plan.ts';

const file: RemoteFacts = { type: 'file', size: 10, mode: 0o644, uid: 1, gid: 1, mtimeMs: 5_000 };
const folder: RemoteFacts = { ...file, type: 'directory' };
const owners = { keepsOwners: true };

describe('a path of a host', () => {
  it.each([
    ['a new file', file, null, 'fetch'],
    ['the same file', file, file, 'keep'],
    ['the same within its second', file, { ...file, mtimeMs: 5_400 }, 'keep'],
    ['a longer file', { ...file, size: 11 }, file, 'fetch'],
    ['a newer file', { ...file, mtimeMs: 6_000 }, file, 'fetch'],
    ['an older file', { ...file, mtimeMs: 4_000 }, file, 'fetch'],
    ['other permissions', { ...file, mode: 0o600 }, file, 'describe'],
    ['another owner', { ...file, uid: 2 }, file, 'describe'],
    ['a file where a folder was', file, folder, 'fetch'],
    ['a file where a link was', file, { ...file, type: 'symlink' }, 'fetch'],
    ['a new folder', folder, null, 'make folder'],
    ['the same folder', folder, folder, 'describe'],
    ['a folder where a file was', folder, file, 'make folder'],
    ['a link', { ...file, type: 'symlink' }, file, 'link'],
    ['a socket', { ...file, type: 'other' }, null, 'refuse'],
  ] as const)('%s', (_, remote, mirrored, step) => {
    expect(planPath(remote, mirrored, owners)).toBe(step);
  });

  it('keeps its owner only where a console can give it one', () => {
    expect(planPath({ ...file, uid: 2 }, file, { keepsOwners: false })).toBe('keep');
  });
});

describe('roots', () => {
  it('are those that lie in no other', () => {
    expect(mirrorRoots(['/srv/app/', '/srv//app', '/srv/app/data', '/srv/apple', '/etc'])).toEqual([
      'etc',
      'srv/app',
      'srv/apple',
    ]);
    expect(mirrorRoots(['/srv', '/'])).toEqual(['']);
  });
});

describe('a point that lacks a host', () => {
  const lacks = (...paths: string[]): boolean => lacksSources({ skipped: paths.map((path) => ({ path })) });

  it('is one whose host could not be read at all', () => {
    expect(lacks('.hmtt-remote/app-1')).toBe(true);
    expect(lacks('.hmtt-remote/app-1/srv/secret', 'srv/.hmtt-remote/x')).toBe(false);
    expect(lacks('.hmtt-databases/main')).toBe(true);
  });
});
