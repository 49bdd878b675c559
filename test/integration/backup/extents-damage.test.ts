import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChain } from '../../../main/engine/backup/chain-reader.ts';
import { ArchiveFault } from '../../../main/engine/backup/reader-types.ts';
import { verifyPoint } from '../../../main/engine/backup/verify-task.ts';
import { seeded } from './chain-tree.ts';
import { type MadePoint, pointMaker, quiet } from './points.ts';
import { scratch } from './tools.ts';

const MIB = 1 << 20;

/** Bytes that do not compress, so that every bit of an archive matters. */
function noise(bytes: number, seed: string): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes; at += 64) pieces.push(createHash('sha512').update(`${seed}.${at}`).digest());
  return Buffer.concat(pieces).subarray(0, bytes);
}

describe('damage in a chain of which a large file lies in every archive', () => {
  const place = scratch('extents-damage');
  const source = join(place.dir, 'source');
  const log = join(source, 'log');
  const small = ['a', 'b', 'c'].map((name) => join(source, name));
  let last: MadePoint;
  /** Copies of the sound archives. */
  const sound = new Map<string, string>();

  beforeAll(async () => {
    mkdirSync(source);
    writeFileSync(log, noise(6 * MIB, 'log'));
    const maker = pointMaker(place.dir, [source]);
    for (const [index, path] of small.entries()) {
      writeFileSync(path, noise(300_000, path));
      if (index > 0) appendFileSync(log, noise(MIB, `more ${index}`));
      last = await maker.make(index === 0 ? 'full' : 'incremental', index === 0 ? undefined : last);
    }
    for (const [index, { archivePath }] of last.chain.entries()) {
      sound.set(archivePath, join(place.dir, `sound-${index}`));
      copyFileSync(archivePath, join(place.dir, `sound-${index}`));
    }
  });
  afterAll(() => place.remove());

  /** What verification of each archive, the full first, finds. */
  async function verified(): Promise<readonly (readonly string[])[]> {
    const found: string[][] = [];
    for (const [index, { archivePath, manifestSha256 }] of last.chain.entries()) {
      const earlier = last.chain.slice(0, index);
      const outcome = await verifyPoint({ archivePath, manifestSha256, earlier }, quiet);
      found.push(
        outcome.ok
          ? outcome.value.damaged.map(({ path, error }) => `${path.split('/').at(-1)} ${error.code}`)
          : [` ${outcome.error.code}`],
      );
    }
    return found;
  }

  /** Names of the files that can still be read, all with the right bytes. */
  async function readable(): Promise<readonly string[]> {
    const chain = await openChain(last.chain);
    if (!chain.ok) return [];
    const whole: string[] = [];
    try {
      for await (const entry of chain.value.entries()) {
        if (entry.type !== 'file') continue;
        try {
          const pieces: Uint8Array[] = [];
          for await (const piece of chain.value.readFile(entry)) pieces.push(piece);
          expect(Buffer.concat(pieces).equals(readFileSync(`/${entry.path}`))).toBe(true);
          whole.push(entry.path.split('/').at(-1) ?? '');
        } catch (thrown) {
          if (!(thrown instanceof ArchiveFault)) throw thrown;
        }
      }
    } finally {
      await chain.value.close();
    }
    return whole.sort();
  }

  it('is none at first: everything is compared whole, across archives', async () => {
    expect(await verified()).toEqual([[], [], []]);
    expect(await readable()).toEqual(['a', 'b', 'c', 'log']);
    // The log has a part in each archive.
    expect(last.archiveBytes).toBeLessThan(2 * MIB + 500_000);
  });

  it('is found wherever a bit flips, named by file, and leaves the others readable', async () => {
    const random = seeded(7);
    for (let round = 0; round < 60; round += 1) {
      const index = round % 3;
      const path = last.chain[index]?.archivePath ?? '';
      const at = random(statSync(path).size);
      const fd = openSync(path, 'r+');
      const byte = Buffer.alloc(1);
      readSync(fd, byte, 0, 1, at);
      writeSync(fd, Buffer.from([(byte[0] ?? 0) ^ (1 << random(8))]), 0, 1, at);
      closeSync(fd);
      const found = await verified();
      expect(found[index], `bit at ${at} of archive ${index}`).not.toEqual([]);
      const whole = await readable();
      // Whoever cannot be read is named by the verification of the archive with the damage.
      for (const name of ['a', 'b', 'c', 'log'])
        if (!whole.includes(name))
          expect(found.flat().some((each) => each.startsWith(`${name} `) || each.startsWith(' '))).toBe(true);
      const others = ['a', 'b', 'c'].filter((_, number) => number !== index);
      expect(whole).toEqual(expect.arrayContaining(others));
      copyFileSync(sound.get(path) ?? '', path);
    }
  });

  it('is found when an archive is cut short', async () => {
    const random = seeded(8);
    for (let round = 0; round < 12; round += 1) {
      const path = last.chain[round % 3]?.archivePath ?? '';
      truncateSync(path, random(statSync(path).size));
      expect((await verified())[round % 3]).not.toEqual([]);
      copyFileSync(sound.get(path) ?? '', path);
    }
  });

  it('of an earlier archive is told of the later file, too', async () => {
    const [full] = last.chain;
    const path = full?.archivePath ?? '';
    const fd = openSync(path, 'r+');
    writeSync(fd, Buffer.from('damage'), 0, 6, 3 * MIB);
    closeSync(fd);
    const found = await verified();
    expect(found[0]).toEqual(['log BACKUP_FRAME_DAMAGED']);
    expect(found[2]).toEqual(['log BACKUP_FRAME_DAMAGED']);
    copyFileSync(sound.get(path) ?? '', path);
  });
});
