import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../../main/engine/backup/archive-reader.ts';
import { openChain } from '../../../main/engine/backup/chain-reader.ts';
import { BLOCK_BYTES, BlockPrints, printOf } from '../../../main/engine/backup/extents/block-prints.ts';
import {
  type KnownContent,
  packContent,
  unpackContent,
} from '../../../main/engine/backup/extents/known-content.ts';
import { planPieces } from '../../../main/engine/backup/extents/plan-pieces.ts';
import { rebuildLines } from '../../../main/engine/backup/extents/rebuild-script.ts';
import type { EntryLine, ExtentLine } from '../../../main/engine/backup/manifest.ts';
import { ArchiveFault } from '../../../main/engine/backup/reader-types.ts';
import { verifyArchive } from '../../../main/engine/backup/verify.ts';
import { craftArchive, craftedEntry } from './craft.ts';

const key = randomBytes(32);

function contentOf(blocks: string, tail = ''): Buffer {
  return Buffer.concat(
    [...blocks].map((letter) => Buffer.alloc(BLOCK_BYTES, letter)).concat(Buffer.from(tail)),
  );
}

function printsOf(content: Buffer): Buffer {
  const prints = new BlockPrints(key);
  prints.update(content);
  return prints.end();
}

function known(content: Buffer, extents = 1): KnownContent {
  const archive = randomUUID();
  const part = Math.floor(content.length / extents);
  return {
    sha256: createHash('sha256').update(content).digest(),
    size: content.length,
    key,
    prints: printsOf(content),
    layout: Array.from({ length: extents }, (_, n) => ({
      archive,
      frame: 0,
      at: n * (part + 1),
      size: n === extents - 1 ? content.length - part * n : part,
    })),
  };
}

const plan = (before: Buffer, after: Buffer, extents = 1) =>
  planPieces(known(before, extents), printsOf(after), after.length)?.map(({ from, to }) => [
    from / BLOCK_BYTES,
    Math.ceil(to / BLOCK_BYTES),
  ]);

describe('fingerprints of blocks', () => {
  it('are the same however the content comes, and of each block alone', () => {
    const content = contentOf('abc', 'tail');
    const prints = new BlockPrints(key);
    for (let at = 0; at < content.length; at += 700_001) prints.update(content.subarray(at, at + 700_001));
    expect(prints.end()).toEqual(printsOf(content));
    expect(printsOf(content).subarray(16, 32)).toEqual(printOf(key, Buffer.alloc(BLOCK_BYTES, 'b')));
  });

  it('tell blocks of zeros of different lengths apart', () => {
    expect(printOf(key, Buffer.alloc(100))).not.toEqual(printOf(key, Buffer.alloc(101)));
  });
});

describe('what is stored of a large file', () => {
  it.each([
    [
      'what was appended, with the block that was not full',
      contentOf('abcde', 'x'),
      contentOf('abcdef', 'y'),
      [[5, 7]],
    ],
    ['what was appended behind a full block', contentOf('abcde'), contentOf('abcdef'), [[5, 6]]],
    [
      'what changed in place',
      contentOf('abcdefgh'),
      contentOf('abXdeYZh'),
      [
        [2, 3],
        [5, 7],
      ],
    ],
    ['nothing, when it became shorter at a block', contentOf('abcdef'), contentOf('abcd'), []],
    [
      'the last block, when it became shorter within it',
      contentOf('abcdef'),
      contentOf('abcd', 'e'),
      [[4, 5]],
    ],
    ['nothing, when it is the same', contentOf('abcd', 'e'), contentOf('abcd', 'e'), []],
  ])('%s', (_name, before, after, expected) => {
    expect(plan(before, after)).toEqual(expected);
  });

  it('is everything when more than three quarters changed, or when it lies in too many places', () => {
    expect(plan(contentOf('abcde'), contentOf('aBCDE'))).toBeUndefined();
    expect(plan(contentOf('abcd'), contentOf('abcdX'), 1_501)).toBeUndefined();
    expect(plan(contentOf('abcd'), contentOf('abcdX'), 1_500)).toEqual([[4, 5]]);
  });

  it('is at most a thousand pieces', () => {
    const before = { ...known(contentOf('a')), size: 5_000 * BLOCK_BYTES, prints: Buffer.alloc(5_000 * 16) };
    const after = Buffer.alloc(5_000 * 16);
    for (let block = 0; block < 5_000; block += 2) after[block * 16] = 1;
    const pieces = planPieces(before, after, before.size);
    expect(pieces).toBeNull();
    for (let block = 0; block < 5_000; block += 1)
      after[block * 16] = block % 3 === 0 && block < 3_600 ? 1 : 0;
    const fewer = planPieces(before, after, before.size);
    expect(fewer).toHaveLength(1_000);
    expect(fewer?.at(-1)).toEqual({ from: 2_997 * BLOCK_BYTES, to: 3_598 * BLOCK_BYTES });
  });
});

describe('what the index keeps of a content', () => {
  it('comes back as it was, and does not when a bit is not what it was', () => {
    const content = known(contentOf('abcd', 'e'), 3);
    const packed = packContent(content);
    expect(unpackContent(packed)).toEqual(content);
    for (const at of [0, 40, 70, 100, packed.length - 1]) {
      const damaged = Buffer.from(packed);
      damaged[at] = (damaged[at] ?? 0) ^ 4;
      expect(unpackContent(damaged)).toBeNull();
    }
    expect(unpackContent(packed.subarray(0, 50))).toBeNull();
  });
});

describe('the lines of the script', () => {
  it('quote every name for the shell', () => {
    const lines = rebuildLines({
      number: 3,
      path: "a'b $(rm)\n\udcff",
      size: 7,
      mode: 0o640,
      sha256: 'ab',
      blocks: [0, 5],
    });
    expect(lines.toString('latin1')).toBe(
      "if begin 3 './a'\\''b $(rm)\n\u00ff'; then\n  piece 3.0 0\n  piece 3.1 5\n  end 7 640 ab\nfi\n",
    );
  });
});

describe('a crafted archive with extents', () => {
  const dir = mkdtempSync(join(tmpdir(), 'hmtt-extents-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const text = Buffer.from('0123456789');
  const sha256 = createHash('sha256').update('3450012').digest('hex');
  const entry = (extents: readonly ExtentLine[], extra: Partial<EntryLine> = {}): EntryLine =>
    craftedEntry('x/file', { size: 7, sha256, extents: [...extents], ...extra });
  const own = (at: number, size: number): ExtentLine => ({ frame: 0, at, size });
  const elsewhere = randomUUID();
  let number = 0;

  async function read(line: EntryLine, needs = ['extents']): Promise<string> {
    number += 1;
    const path = join(dir, `${number}.tar.zst`);
    await craftArchive(path, text, { header: { needs }, entries: [line] });
    const opened = await openArchive(path);
    if (!opened.ok) return opened.error.code;
    try {
      let content = '';
      for await (const found of opened.value.entries())
        for await (const piece of opened.value.readFile(found)) content += Buffer.from(piece).toString();
      return content;
    } catch (thrown) {
      if (thrown instanceof ArchiveFault) return thrown.error.code;
      throw thrown;
    } finally {
      await opened.value.close();
    }
  }

  it('is read from its places, holes being zeros', async () => {
    expect(await read(entry([own(3, 3), own(0, 1), own(0, 3)]))).toBe('3450012');
    const zeros = createHash('sha256').update('34\u0000\u0000012').digest('hex');
    expect(await read(entry([own(3, 2), { hole: 2 }, own(0, 3)], { sha256: zeros }))).toBe(
      '34\u0000\u0000012',
    );
  });

  it.each([
    ['another content than its hash', entry([own(0, 7)]), 'BACKUP_CONTENT_DIFFERS'],
    ['fewer bytes than the size', entry([own(3, 3)]), 'BACKUP_MANIFEST_DAMAGED'],
    ['more bytes than the size', entry([own(0, 10)]), 'BACKUP_MANIFEST_DAMAGED'],
    ['a place behind the frames', entry([own(8, 7)]), 'BACKUP_MANIFEST_DAMAGED'],
    ['a frame that is none', entry([{ frame: 9, at: 0, size: 7 }]), 'BACKUP_MANIFEST_DAMAGED'],
    ['a place beside the extents', entry([own(0, 7)], { frame: 0, at: 0 }), 'BACKUP_MANIFEST_DAMAGED'],
    ['a link', entry([own(0, 7)], { type: 'symlink', link: 'y' }), 'BACKUP_MANIFEST_DAMAGED'],
    ['too many extents', entry(Array(4_097).fill(own(0, 1)), { size: 4_097 }), 'BACKUP_MANIFEST_DAMAGED'],
    [
      'an archive that is not of its chain',
      entry([{ archive: elsewhere, frame: 0, at: 0, size: 7 }]),
      'BACKUP_EXTENT_ELSEWHERE',
    ],
    ['an empty extent', entry([own(3, 7), own(0, 0)]), 'BACKUP_MANIFEST_DAMAGED'],
  ])('is refused with %s', async (_name, line, code) => {
    expect(await read(line)).toBe(code);
  });

  it('is refused when its header does not announce them', async () => {
    expect(await read(entry([own(0, 7)]), [])).toBe('BACKUP_MANIFEST_DAMAGED');
  });

  it('must not reach for a later archive, nor for itself by name', async () => {
    const id = randomUUID();
    const path = join(dir, 'self.tar.zst');
    await craftArchive(path, text, {
      header: { id, needs: ['extents'] },
      entries: [entry([{ archive: id, frame: 0, at: 0, size: 7 }])],
    });
    const alone = await openArchive(path);
    if (!alone.ok) throw new Error(alone.error.message.en);
    const { manifestSha256 } = alone.value;
    await alone.value.close();
    const opened = await openChain([{ archivePath: path, manifestSha256 }]);
    if (!opened.ok) throw new Error(opened.error.message.en);
    const reading = async (): Promise<void> => {
      for await (const found of opened.value.entries()) for await (const _ of opened.value.readFile(found));
    };
    await expect(reading()).rejects.toMatchObject({ error: { code: 'BACKUP_EXTENT_ELSEWHERE' } });
    await opened.value.close();
  });

  it('has its places checked by verification without the chain', async () => {
    const path = join(dir, 'places.tar.zst');
    await craftArchive(path, text, { header: { needs: ['extents'] }, entries: [entry([own(8, 7)])] });
    const opened = await openArchive(path);
    if (!opened.ok) throw new Error(opened.error.message.en);
    const found = await verifyArchive(opened.value, null, async () => undefined);
    expect(found.damaged.map(({ path: at, error }) => [at, error.code])).toContainEqual([
      'x/file',
      'BACKUP_MANIFEST_DAMAGED',
    ]);
    await opened.value.close();
  });
});
