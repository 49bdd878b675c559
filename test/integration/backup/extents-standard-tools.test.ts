import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeTree, treeDifferences } from '../../helpers/trees.ts';
import { type MadePoint, type PointMaker, pointMaker } from './points.ts';
import { debian, scratch } from './tools.ts';

/** Bytes that do not compress, always the same. */
function noise(bytes: number, seed: string): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes; at += 64) pieces.push(createHash('sha512').update(`${seed}.${at}`).digest());
  return Buffer.concat(pieces).subarray(0, bytes);
}

const MIB = 1 << 20;

/** Writes into the middle of a file. */
function overwrite(path: string | Buffer, at: number, bytes: Buffer): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, bytes, 0, bytes.length, at);
  closeSync(fd);
}

/** The commands of a README between two of its lines, with the archive's name put in. */
function commands(archive: string, after: RegExp): string {
  const readme = debian('sh', ['-c', 'zstd -dc "$1" | tar -xOf - .hmtt-archive/README.txt', 'sh', archive]);
  const [, part] = readme.split(after);
  return (part ?? '')
    .split('\n')
    .filter((line) => /^ {2}(zstd|sh) /.test(line))
    .join('\n')
    .replaceAll('NAME.tar.zst', `"${archive}"`);
}

/** Unpacks a chain with what the text in each archive says, and nothing else. */
function unpack(chain: MadePoint['chain'], out: string): void {
  mkdirSync(out);
  for (const [number, { archivePath }] of chain.entries()) {
    const script =
      number === 0 ? `zstd -dc "${archivePath}" | tar -xpf -` : commands(archivePath, /Chains: [^\n]*\n/);
    expect(script).toContain('tar -xpf -');
    debian('sh', ['-euc', script], { cwd: out });
    debian('sha256sum', ['--quiet', '--strict', '-c', '.hmtt-archive/SHA256SUMS'], { cwd: out });
  }
}

describe('large files of a chain, with standard tools', () => {
  const place = scratch('extents');
  const source = join(place.dir, "so urce'");
  const log = join(source, 'app.log');
  const image = join(source, 'disk "image"\n$(x)');
  const bytesName = Buffer.concat([Buffer.from(`${source}/`), Buffer.from([0x66, 0xff, 0x2e])]);
  let maker: PointMaker;
  const points: MadePoint[] = [];

  beforeAll(async () => {
    mkdirSync(join(source, 'folder'), { recursive: true });
    writeFileSync(log, noise(20 * MIB + 12_345, 'log'));
    writeFileSync(image, noise(12 * MIB, 'image'));
    writeFileSync(bytesName, noise(6 * MIB, 'bytes'));
    writeFileSync(join(source, 'folder/first name'), noise(5 * MIB, 'two names'));
    linkSync(join(source, 'folder/first name'), join(source, 'folder/second name'));
    writeFileSync(join(source, 'small'), 'small');
    // A file of two names is stored again while its ctime is too young to tell anything.
    await setTimeout(2_100);
    maker = pointMaker(place.dir, [source]);
    points.push(await maker.make('full'));
  });
  afterAll(() => place.remove());

  const last = (): MadePoint => points.at(-1) as MadePoint;
  const asItIs = (out: string): string[] =>
    treeDifferences(describeTree(source), describeTree(join(out, source)));

  it('stores of a log what was appended', async () => {
    appendFileSync(log, noise(MIB, 'more'));
    utimesSync(source, 1.7e9, 1.7e9 + 0.5);
    const point = await maker.make('incremental', last());
    points.push(point);
    // What was appended, and the block in which the file ended.
    expect(point.archiveBytes).toBeLessThan(2 * MIB + 200_000);
    unpack(point.chain, join(place.dir, 'out1'));
    expect(asItIs(join(place.dir, 'out1'))).toEqual([]);
  });

  it('stores of an image what changed in place, with names of any bytes, modes and times', async () => {
    overwrite(image, 3 * MIB - 5, noise(10, 'a'));
    overwrite(image, 9 * MIB, noise(100, 'b'));
    chmodSync(image, 0o4711);
    overwrite(bytesName, 0, noise(1, 'c'));
    utimesSync(bytesName, 1.2e9, 1.2e9 + 0.125);
    const point = await maker.make('incremental', last());
    points.push(point);
    expect(point.archiveBytes).toBeLessThan(4 * MIB + 200_000);
    unpack(point.chain, join(place.dir, 'out2'));
    expect(asItIs(join(place.dir, 'out2'))).toEqual([]);
    expect(statSync(join(place.dir, 'out2', image)).mode & 0o7777).toBe(0o4711);
  });

  it('stores nothing of a content that stayed, and cuts a file that became shorter', async () => {
    utimesSync(image, 1.3e9, 1.3e9);
    truncateSync(log, 11 * MIB);
    const point = await maker.make('incremental', last());
    points.push(point);
    expect(point.archiveBytes).toBeLessThan(200_000);
    unpack(point.chain, join(place.dir, 'out3'));
    expect(asItIs(join(place.dir, 'out3'))).toEqual([]);
  });

  it('leaves another name of the old content alone', async () => {
    // One of two names goes; the other is changed in place, and the copy of the old content has the other name from now on.
    unlinkSync(join(source, 'folder/second name'));
    writeFileSync(join(source, 'folder/second name'), noise(5 * MIB, 'two names'));
    overwrite(join(source, 'folder/first name'), 2 * MIB, noise(3, 'd'));
    const point = await maker.make('incremental', last());
    points.push(point);
    unpack(point.chain, join(place.dir, 'out4'));
    expect(asItIs(join(place.dir, 'out4'))).toEqual([]);
  });

  it('refers to nothing but the full in a differential', async () => {
    const [full] = points;
    if (full === undefined) throw new Error('no full');
    const point = await maker.make('differential', full);
    unpack(point.chain, join(place.dir, 'out5'));
    expect(asItIs(join(place.dir, 'out5'))).toEqual([]);
    const manifest = debian('zstd', ['-dc', point.archivePath.replace('.tar.zst', '.manifest.ndjson.zst')]);
    const named = new Set([...manifest.matchAll(/"archive":"([^"]+)","frame"/g)].map(([, id]) => id));
    expect([...named]).toEqual([full.id]);
  });

  it('keeps the old file, and says so, when an archive before was left out', () => {
    const out = join(place.dir, 'out6');
    mkdirSync(out);
    const [full, , second] = points;
    for (const point of [full, second])
      debian('sh', ['-euc', `zstd -dc "${point?.archivePath}" | tar -xpf -`], { cwd: out });
    const before = readFileSync(join(out, image));
    overwrite(join(out, image), 5 * MIB, Buffer.from('something else'));
    expect(() => debian('sh', ['.hmtt-archive/rebuild.sh'], { cwd: out })).toThrow(/the old file is kept/);
    expect(readFileSync(join(out, image)).equals(before)).toBe(false);
    expect(statSync(join(out, image)).size).toBe(before.length);
  });
});
