import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChain } from '../../../main/engine/backup/chain-reader.ts';
import type { EntryLine } from '../../../main/engine/backup/manifest.ts';
import { localXattrReader } from '../../../main/engine/backup/xattrs/xattr-reader.ts';
import { decodePath } from '../../../main/engine/platform/raw-path.ts';
import { type MadePoint, type PointMaker, pointMaker } from './points.ts';
import { debian, scratch, value } from './tools.ts';

const isRoot = process.getuid?.() === 0;

/** Attributes and ACLs of a tree, as the tools print them. */
function attributes(root: string): string {
  return debian('sh', [
    '-c',
    'cd "$1" && find . -print0 | sort -z | xargs -0 getfattr -h -d -m - -e hex -- 2>/dev/null',
    'sh',
    root,
  ]);
}

describe('extended attributes and ACLs', () => {
  const place = scratch('xattrs');
  const source = join(place.dir, 'source');
  const file = join(source, 'file');
  let maker: PointMaker;
  const points: MadePoint[] = [];

  beforeAll(async () => {
    mkdirSync(join(source, 'shared'), { recursive: true });
    writeFileSync(file, 'content');
    linkSync(file, join(source, 'other name'));
    symlinkSync('file', join(source, 'link'));
    writeFileSync(join(source, 'plain'), '');
    const bytes = Buffer.concat([Buffer.from(`${source}/`), Buffer.from([0x66, 0xff, 0x0a, 0x5c, 0x3d])]);
    writeFileSync(bytes, 'bytes');
    writeFileSync(join(source, 'large'), 'line of a log\n'.repeat(400_000));
    debian('sh', [
      '-euc',
      `cd "$1"
       setfattr -n user.comment -v 0x000aff3d5c file
       setfattr -n 'user.we=ird %\\' -v hello plain
       setfattr -n user.empty plain
       setfattr -n user.large -v yes large
       for f in f*; do [ "$f" = file ] || setfattr -n user.bytes -v "$f" -- "$f"; done
       setfacl -m u:12345:rw,g:54321:r file
       setfacl -m u:12345:rwx,d:g:54321:rx shared`,
      'sh',
      source,
    ]);
    if (isRoot) {
      copyFileSync('/bin/true', join(source, 'capable'));
      debian('setfattr', [
        '-n',
        'security.capability',
        '-v',
        '0x0100000200200000000000000000000000000000',
        join(source, 'capable'),
      ]);
      debian('setfattr', ['-h', '-n', 'trusted.of-a-link', '-v', 'yes', join(source, 'link')]);
    }
    maker = pointMaker(place.dir, [source]);
    await setTimeout(2_100);
    points.push(await maker.make('full'));
  });
  afterAll(() => place.remove());

  /** The entries of a point by the last part of their paths. */
  async function entriesOf(point: MadePoint): Promise<Map<string, EntryLine>> {
    const chain = value(await openChain(point.chain));
    const entries = new Map<string, EntryLine>();
    for await (const entry of chain.entries()) entries.set(entry.path.split('/').at(-1) ?? '', entry);
    await chain.close();
    return entries;
  }

  function unpack(point: MadePoint, out: string): string {
    mkdirSync(out);
    for (const { archivePath } of point.chain)
      debian(
        'sh',
        [
          '-euc',
          `zstd -dc "$1" | tar --xattrs --xattrs-include='*' -xpf -; [ ! -f .hmtt-archive/rebuild.sh ] || sh .hmtt-archive/rebuild.sh`,
          'sh',
          archivePath,
        ],
        { cwd: out },
      );
    return join(out, source);
  }

  it('are told to be kept, and stand in the manifest', async () => {
    const [full] = points;
    if (full === undefined) throw new Error('no full');
    expect(full.report.kept).toContain('xattrs');
    expect(full.report.kept).toContain('acls');
    expect(full.report.notKept).not.toContain('xattrs');
    const entries = await entriesOf(full);
    expect(entries.get('file')?.xattrs?.['user.comment']).toBe(
      Buffer.from('000aff3d5c', 'hex').toString('base64'),
    );
    expect(entries.get('file')?.xattrs).toHaveProperty(['system.posix_acl_access']);
    expect(entries.get('other name')?.xattrs).toEqual(entries.get('file')?.xattrs);
    expect(Object.keys(entries.get('shared')?.xattrs ?? {}).sort()).toEqual([
      'system.posix_acl_access',
      'system.posix_acl_default',
    ]);
    expect(Object.keys(entries.get('plain')?.xattrs ?? {}).sort()).toEqual(['user.empty', 'user.we=ird %\\']);
    const odd = decodePath(Buffer.from([0x66, 0xff, 0x0a, 0x5c, 0x3d]));
    expect(Object.keys(entries.get(odd)?.xattrs ?? {})).toEqual(['user.bytes']);
    expect(entries.get('source')?.xattrs).toBeUndefined();
  });

  it('are restored by GNU tar', () => {
    const [full] = points;
    if (full === undefined) throw new Error('no full');
    const out = unpack(full, join(place.dir, 'out1'));
    expect(attributes(out)).toBe(attributes(source));
    expect(attributes(out)).toContain('posix_acl_default');
  });

  it('are stored again when they alone changed, also of a large file of which a part changed', async () => {
    debian('setfattr', ['-n', 'user.comment', '-v', 'new', file]);
    debian('setfattr', ['-x', 'user.empty', join(source, 'plain')]);
    appendFileSync(join(source, 'large'), 'one more line\n');
    debian('setfacl', ['-m', 'u:777:x', join(source, 'shared')]);
    const [full] = points;
    const point = await maker.make('incremental', full);
    points.push(point);
    const out = unpack(point, join(place.dir, 'out2'));
    expect(attributes(out)).toBe(attributes(source));
    expect(point.archiveBytes).toBeLessThan(30_000);
  });

  it('of what did not change are not lost when a folder above comes along', async () => {
    await setTimeout(2_100);
    writeFileSync(join(source, 'shared/new'), 'new');
    const point = await maker.make('incremental', points.at(-1));
    points.push(point);
    const entries = await entriesOf(point);
    expect(entries.get('shared')?.xattrs).toHaveProperty(['system.posix_acl_default']);
    const out = unpack(point, join(place.dir, 'out3'));
    expect(attributes(out)).toBe(attributes(source));
  });

  it('go into a full made of a chain', async () => {
    const last = points.at(-1);
    if (last === undefined) throw new Error('no point');
    const full = await maker.synthesize(last);
    expect(full.report.kept).toContain('xattrs');
    expect(attributes(unpack(full, join(place.dir, 'out4')))).toBe(attributes(source));
  });

  it('are read for thousands of paths by one process, and of what is gone not at all', async () => {
    const reader = localXattrReader();
    if (reader === null) throw new Error('this test needs Debian\'s "attr"');
    const paths = Array.from({ length: 5_000 }, (_, n) => (n === 4_000 ? file : join(source, `gone ${n}`)));
    const found = await reader.read(paths);
    expect([...found.keys()]).toEqual([file]);
  });
});

describe('a sparse file', () => {
  it('is told to be sparse, and costs next to nothing in the archive', async () => {
    const place = scratch('sparse');
    const source = join(place.dir, 'source');
    mkdirSync(source);
    const path = join(source, 'sparse');
    writeFileSync(path, 'begin');
    truncateSync(path, 64 << 20);
    appendFileSync(path, 'end');
    const point = await pointMaker(place.dir, [source]).make('full');
    const chain = value(await openChain(point.chain));
    const entries: EntryLine[] = [];
    for await (const entry of chain.entries()) entries.push(entry);
    await chain.close();
    const entry = entries.find(({ type }) => type === 'file');
    expect(entry?.size).toBe((64 << 20) + 3);
    expect(entry?.allocated).toBe(statSync(path).blocks * 512);
    expect(point.archiveBytes).toBeLessThan(100_000);
    place.remove();
  });
});
