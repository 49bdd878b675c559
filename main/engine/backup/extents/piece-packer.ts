import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, fstatSync, read } from 'node:fs';
import { promisify } from 'node:util';
import type { RawPath } from '../../platform/raw-path.ts';
import { systemCode } from '../../storage/io-error.ts';
import { type Breath, GROWN_IS_FINE_FROM, openSource, sameContent } from '../file-packer.ts';
import { RESERVED_NAME } from '../scan.ts';
import { padding, type TarMember, tarHeaders } from '../tar-header.ts';
import type { TarPacker } from '../tar-packer.ts';
import { BLOCK_BYTES, BlockPrints, PRINT_BYTES, printOf } from './block-prints.ts';
import type { KnownContent } from './known-content.ts';
import { joinLayouts, type Layout, sliceLayout } from './layout.ts';
import { type Piece, planPieces } from './plan-pieces.ts';
import type { Rebuild } from './rebuild-script.ts';

/** A large file whose changed pieces are in the archive now. */
export type PackedPieces = {
  /** What the file was when it was read. */
  readonly stats: BigIntStats;
  readonly content: KnownContent;
  /** True when it grew while it was read; what was there before is whole. */
  readonly changed: boolean;
  readonly rebuild: Rebuild;
};

const ATTEMPTS = 3;
const CHUNK = 4 * BLOCK_BYTES;
const readAsync = promisify(read);

type Reading = { readonly sha256: Buffer; readonly prints: Buffer };

/** Packs those pieces of large files that the chain does not hold (docs/archive-format.md, section 5). */
export class PiecePacker {
  readonly #packer: TarPacker;
  readonly #archive: string;
  readonly #breath: Breath;
  #packed = 0;

  /** @param archive id of the archive that is made */
  constructor(packer: TarPacker, archive: string, breath: Breath) {
    this.#packer = packer;
    this.#archive = archive;
    this.#breath = breath;
  }

  /**
   * Reads a file once, and again what of it changed.
   *
   * @param real path on this machine
   * @param path in the archive
   * @param seen what the walk saw there
   * @param known what the chain holds at the path
   * @param member the file as a member without content, for its metadata
   * @returns null when it is better stored whole, or cannot be read as it was seen: who stores it whole finds out why
   */
  async pack(
    real: RawPath,
    path: RawPath,
    seen: BigIntStats,
    known: KnownContent,
    member: (stats: BigIntStats) => TarMember,
  ): Promise<PackedPieces | null> {
    let fd: number;
    try {
      fd = openSource(real);
    } catch (thrown) {
      if (systemCode(thrown) === '') throw thrown;
      return null;
    }
    try {
      let before = seen;
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const packed = await this.#attempt(fd, path, before, known, member);
        if (packed === 'whole') return null;
        const after = fstatSync(fd, { bigint: true });
        if (!after.isFile() || after.dev !== seen.dev || after.ino !== seen.ino) return null;
        if (packed !== 'torn' && sameContent(before, after)) return packed;
        const onlyGrew = packed !== 'torn' && before.size >= GROWN_IS_FINE_FROM && after.size >= before.size;
        if (onlyGrew) return { ...packed, changed: true };
        before = after;
      }
      return null;
    } catch (thrown) {
      if (systemCode(thrown) === '') throw thrown;
      return null;
    } finally {
      closeSync(fd);
    }
  }

  async #attempt(
    fd: number,
    path: RawPath,
    stats: BigIntStats,
    known: KnownContent,
    member: (stats: BigIntStats) => TarMember,
  ): Promise<PackedPieces | 'torn' | 'whole'> {
    const size = Number(stats.size);
    const reading = await this.#read(fd, size, known.key);
    if (reading === null) return 'torn';
    const pieces = planPieces(known, reading.prints, size);
    if (pieces === null) return 'whole';
    const number = this.#packed;
    this.#packed += 1;
    const folder = `${RESERVED_NAME}/changed/${number}`;
    await this.#packer.append(tarHeaders({ ...member(stats), path: folder }));
    const layouts: Layout[] = [];
    let at = 0;
    for (const [index, piece] of pieces.entries()) {
      const place = await this.#piece(fd, piece, `${folder}.${index}`, stats, reading, known.key);
      if (place === null) return 'torn';
      layouts.push(sliceLayout(known.layout, at, piece.from), [place]);
      at = piece.to;
    }
    layouts.push(sliceLayout(known.layout, at, size));
    const layout = joinLayouts(...layouts);
    const { sha256, prints } = reading;
    return {
      stats,
      content: { sha256, size, key: known.key, prints, layout },
      changed: false,
      rebuild: {
        number,
        path,
        size,
        mode: Number(stats.mode) & 0o7777,
        sha256: sha256.toString('hex'),
        blocks: pieces.map(({ from }) => from / BLOCK_BYTES),
      },
    };
  }

  /** Hashes the first `size` bytes, whole and by blocks; the next are read while these are hashed. */
  async #read(fd: number, size: number, key: Buffer): Promise<Reading | null> {
    const hash = createHash('sha256');
    const prints = new BlockPrints(key);
    const buffers = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)];
    const fill = (at: number): Promise<number> => {
      const buffer = buffers[(at / CHUNK) % 2];
      return buffer === undefined || at >= size
        ? Promise.resolve(0)
        : readWhole(fd, buffer.subarray(0, Math.min(CHUNK, size - at)), at);
    };
    let next = fill(0);
    try {
      for (let at = 0; at < size; at += CHUNK) {
        const wanted = Math.min(CHUNK, size - at);
        if ((await next) < wanted) return null;
        next = fill(at + CHUNK);
        const bytes = buffers[(at / CHUNK) % 2]?.subarray(0, wanted) ?? Buffer.alloc(0);
        hash.update(bytes);
        prints.update(bytes);
        await this.#breath(wanted);
      }
      return { sha256: hash.digest(), prints: prints.end() };
    } finally {
      // The file is not closed under a reading that goes on; what that reading met, the next one would tell.
      await next.catch(() => 0);
    }
  }

  /** Stores one piece, which must still be what was hashed. @returns where its content is, or null when it is not */
  async #piece(
    fd: number,
    { from, to }: Piece,
    name: string,
    stats: BigIntStats,
    { prints }: Reading,
    key: Buffer,
  ): Promise<Layout[number] | null> {
    const size = to - from;
    await this.#packer.append(tarHeaders(pieceMember(name, size, stats)));
    const { frame, at } = this.#packer.place;
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    let isSame = true;
    for (let start = from; start < to; start += BLOCK_BYTES) {
      const bytes = block.subarray(0, Math.min(BLOCK_BYTES, to - start));
      const filled = await readWhole(fd, bytes, start);
      bytes.fill(0, filled);
      const known = (start / BLOCK_BYTES) * PRINT_BYTES;
      isSame &&= printOf(key, bytes).equals(prints.subarray(known, known + PRINT_BYTES));
      await this.#packer.append(bytes);
      await this.#breath(0);
    }
    await this.#packer.zeros(padding(size));
    return isSame ? { archive: this.#archive, frame, at, size } : null;
  }
}

/** Nobody but who unpacks may read a piece: the file that it is of may be as secret. */
function pieceMember(path: string, size: number, { mtimeNs }: BigIntStats): TarMember {
  return { path, type: '0', size, mode: 0o600, uid: 0, gid: 0, user: null, group: null, mtimeNs };
}

/** @returns bytes read; fewer than wanted at the end of the file */
async function readWhole(fd: number, into: Buffer, at: number): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await readAsync(fd, into, filled, into.length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
