import {
  type BigIntStats,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { debian, type Harness, openHarness, scratch, value } from './harness.ts';

/** Everything about a tree that a backup keeps, by path. */
function describeTree(root: string): Map<string, string> {
  const facts = new Map<string, string>();
  const links = new Map<bigint, string>();
  const visit = (path: string): void => {
    const stats: BigIntStats = lstatSync(join(root, path), { bigint: true });
    const common = `${stats.mode.toString(8)} ${stats.uid}:${stats.gid} ${stats.mtimeNs}`;
    if (stats.isDirectory()) {
      facts.set(path, `dir ${common}`);
      for (const name of readdirSync(join(root, path))) visit(join(path, name));
    } else if (stats.isSymbolicLink()) facts.set(path, `link ${common} ${readlinkSync(join(root, path))}`);
    else {
      const first = stats.nlink > 1n ? (links.get(stats.ino) ?? path) : path;
      links.set(stats.ino, first);
      facts.set(path, `file ${common} ${stats.size} same as ${first}`);
    }
  };
  visit('');
  return facts;
}

describe('an archive of /usr/include', () => {
  const place = scratch('include');
  let harness: Harness;
  let archive = '';
  const out = join(place.dir, 'out');

  beforeAll(async () => {
    mkdirSync(out);
    const extra = join(place.dir, 'extra');
    mkdirSync(join(extra, 'empty'), { recursive: true });
    writeFileSync(join(extra, 'one'), 'content');
    linkSync(join(extra, 'one'), join(extra, 'two'));
    symlinkSync('../extra/one', join(extra, 'ln'));
    utimesSync(join(extra, 'one'), 1.5, -12.25);
    harness = openHarness(join(place.dir));
    await harness.plan('include', ['/usr/include', extra]);
    const job = await harness.run('include');
    expect(job.error).toBeNull();
    archive = value(harness.area.findPoint(job.result?.id ?? '')).archivePath;
    debian('sh', ['-c', 'zstd -dc "$1" | tar -xpf - -C "$2"', 'sh', archive, out]);
  });
  afterAll(async () => {
    await harness.close();
    place.remove();
  });

  it('unpacks with zstd and GNU tar to the same bytes, modes, owners, times, and links', () => {
    debian('diff', ['-r', '--no-dereference', '/usr/include', join(out, 'usr/include')]);
    expect(describeTree(join(out, 'usr/include'))).toEqual(describeTree('/usr/include'));
    const extra = join(place.dir, 'extra');
    expect(describeTree(join(out, extra))).toEqual(describeTree(extra));
  });

  it('has a sidecar that sha256sum checks', () => {
    const sums = archive.replace('.tar.zst', '.sha256');
    expect(debian('sha256sum', ['-c', sums], { cwd: harness.target }).trim().split('\n')).toHaveLength(2);
  });

  it('carries the hash of every file, which sha256sum checks after unpacking', () => {
    debian('sha256sum', ['--quiet', '--strict', '-c', '.hmtt-archive/SHA256SUMS'], { cwd: out });
    const files = [...describeTree(join(out, 'usr/include')).values()].filter((fact) =>
      fact.startsWith('file'),
    );
    const lines = readFileSync(join(out, '.hmtt-archive/SHA256SUMS'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(files.length + 2);
  });

  it('has the same manifest inside as beside it', () => {
    const inside = readFileSync(join(out, '.hmtt-archive/manifest.ndjson'), 'utf8');
    const beside = debian('zstd', ['-dc', archive.replace('.tar.zst', '.manifest.ndjson.zst')]);
    expect(beside).toBe(inside);
  });

  it('is browsed, searched and verified', async () => {
    const point = (await harness.verify('include')).result?.id ?? '';
    const signal = new AbortController().signal;
    const call = { signal, emit: () => undefined, closed: signal };
    const browsed = value(
      await harness.area.handlers['backup.browse'](
        { pointId: point, prefix: 'usr/include', limit: 10000, offset: 0 },
        call,
      ),
    );
    expect(browsed.total).toBe(readdirSync('/usr/include').length);
    const found = value(
      await harness.area.handlers['backup.find']({ text: 'include/stdio.h', limit: 10 }, call),
    );
    expect(found.files.map((file) => file.path)).toContain('usr/include/stdio.h');
  });
});
