import type { BigIntStats } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgeChange, type Present } from '../../../main/engine/backup/change-detection.ts';
import { FactsList, factsOf } from '../../../main/engine/backup/facts-list.ts';
import type { IndexRow } from '../../../main/engine/backup/index-file.ts';
import { walkOrder } from '../../../main/engine/backup/walk-order.ts';
import { xattrsDigest } from '../../../main/engine/backup/xattrs/xattrs.ts';

const known: IndexRow = {
  name: Buffer.from('f'),
  type: 'file',
  size: 10,
  mode: 0o644,
  uid: 1,
  gid: 2,
  mtime: '5.000000007',
  sha256: Buffer.alloc(32),
  link: null,
  device: null,
  facts: '9:8',
  xattrs: null,
};

/** What `lstat` would say of the known file, with members replaced. */
function present(
  extra: Partial<Record<keyof BigIntStats, unknown>> = {},
  rest: Partial<Present> = {},
): Present {
  const kind = (extra as { kind?: string }).kind ?? 'file';
  const stats = {
    size: 10n,
    mode: 0o100644n,
    uid: 1n,
    gid: 2n,
    mtimeNs: 5_000_000_007n,
    nlink: 1n,
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'directory',
    isSymbolicLink: () => kind === 'symlink',
    isFIFO: () => kind === 'fifo',
    isSocket: () => kind === 'socket',
    ...extra,
  } as unknown as BigIntStats;
  return { stats, facts: '9:8', ...rest };
}

const kind = (name: string) => ({ kind: name }) as object;

describe('comparing a file with what the parent knows', () => {
  it.each([
    ['nothing changed', known, present(), 'same'],
    ['size', known, present({ size: 11n }), 'differs'],
    ['mode', known, present({ mode: 0o100600n }), 'differs'],
    ['owner', known, present({ uid: 3n }), 'differs'],
    ['group', known, present({ gid: 3n }), 'differs'],
    ['a nanosecond of mtime', known, present({ mtimeNs: 5_000_000_008n }), 'differs'],
    ['inode or ctime alone', known, present({}, { facts: '9:9' }), 'doubt'],
    ['facts too young to tell', known, present({}, { facts: null }), 'doubt'],
    ['facts lost with the catalogue', { ...known, facts: null }, present(), 'doubt'],
    ['both unknown', { ...known, facts: null }, present({}, { facts: null }), 'doubt'],
    ['one of several names, unchanged', known, present({ nlink: 2n }), 'same'],
    ['one of several names, ctime changed', known, present({ nlink: 2n }, { facts: '9:9' }), 'differs'],
    [
      'the last name left of several',
      { ...known, type: 'hardlink' as const },
      present({}, { facts: '9:9' }),
      'differs',
    ],
    ['a folder in its place', known, present(kind('directory')), 'replaced'],
    ['a link in its place', known, present(kind('symlink'), { link: 'x' }), 'replaced'],
  ])('%s', (_what, row, now, change) => {
    expect(judgeChange(row, now, 'metadata')).toBe(change);
  });

  it('is something else when its extended attributes differ, and only where they were read', () => {
    const xattrs = { 'user.a': 'YQ==' };
    const digest = xattrsDigest(xattrs);
    expect(judgeChange(known, present({}, { xattrs: {} }), 'metadata')).toBe('same');
    expect(judgeChange(known, present({}, { xattrs }), 'metadata')).toBe('differs');
    expect(judgeChange({ ...known, xattrs: digest }, present({}, { xattrs }), 'metadata')).toBe('same');
    expect(judgeChange({ ...known, xattrs: digest }, present({}, { xattrs: {} }), 'metadata')).toBe(
      'differs',
    );
    expect(judgeChange({ ...known, xattrs: digest }, present(), 'metadata')).toBe('same');
  });

  it('asks the content of every file when told so', () => {
    expect(judgeChange(known, present(), 'content')).toBe('doubt');
    expect(judgeChange(known, present({ size: 1n }), 'content')).toBe('differs');
  });

  it('compares links by where they lead', () => {
    const link = { ...known, type: 'symlink' as const, link: Buffer.from('there') };
    expect(judgeChange(link, present(kind('symlink'), { link: 'there' }), 'metadata')).toBe('same');
    expect(judgeChange(link, present(kind('symlink'), { link: 'here' }), 'metadata')).toBe('differs');
  });
});

describe('facts', () => {
  it('are none for a file that changed a moment ago, or in the future', () => {
    const stats = (ctimeNs: bigint) => ({ ino: 7n, ctimeNs }) as BigIntStats;
    expect(factsOf(stats(1_000_000_000_000n), 1_002_000)).toBe('7:1000000000000');
    expect(factsOf(stats(1_000_000_000_001n), 1_002_000)).toBeNull();
    expect(factsOf(stats(5_000_000_000_000n), 1_002_000)).toBeNull();
  });

  it('come back from the list as they were put in, whatever their number', () => {
    const list = new FactsList();
    const of = (index: number): string | null =>
      index % 3 === 0 ? null : `${2n ** 64n - 1n - BigInt(index)}:${index % 2 === 0 ? '-' : ''}${index}99`;
    for (let index = 0; index < 5_000; index += 1) list.add(of(index));
    for (let index = 0; index < 5_000; index += 1) expect(list.at(index)).toBe(of(index));
    expect(list.at(5_000)).toBeNull();
  });
});

describe('the order of a walk', () => {
  it('has a folder before its contents, and these before the next name', () => {
    const paths = ['a', 'a/b', 'a/b/c', 'a/c', 'a-b', 'a.b', 'aa', 'b'];
    expect(paths.toReversed().sort(walkOrder)).toEqual(paths);
  });
});
