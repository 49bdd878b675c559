import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { freeNow } from '../platform/large-buffers.ts';

/** How frames are compressed. Calls run in parallel on the runtime's thread pool. */
export type Codec = {
  readonly name: 'zstd' | 'gzip';
  /** Ending of files: `zst` or `gz`. */
  readonly suffix: 'zst' | 'gz';
  /** One self-contained frame (gzip member) of the input. */
  readonly compress: (input: Uint8Array) => Promise<Buffer>;
  /** Gives the memory of a frame back: nobody may read it any more. Need not be called. */
  readonly release: (compressed: Buffer) => void;
  /** Unpacks exactly one frame; rejects when it is damaged or longer than `length` bytes. */
  readonly decompress: (frame: Uint8Array, length: number) => Promise<Buffer>;
  /** Unpacks exactly one frame and keeps nothing; rejects when it is damaged. @returns bytes of its content */
  readonly test: (frame: Uint8Array, length: number) => Promise<number>;
};

/** What both algorithms expand incompressible input by, at most, with room to spare. */
const bound = (length: number): number => length + (length >> 7) + 1024;

/** Level 3 takes half as much time again for results 4 % smaller (18,000 small files and 300 MiB of large ones). */
const ZSTD_LEVEL = 2;

// One output buffer as large as the result: the runtime otherwise fills 16 KiB pieces, one trip to the thread pool each,
// which took twice as long (2 MiB frames, zstd level 3).
const gzipCodec: Codec = {
  name: 'gzip',
  suffix: 'gz',
  compress: (input) => promisify(zlib.gzip)(input, { level: 5, chunkSize: bound(input.length) }),
  release: freeNow,
  test: async (frame, length) => {
    const content = await gzipCodec.decompress(frame, length);
    const found = content.length;
    freeNow(content);
    return found;
  },
  decompress: (frame, length) =>
    promisify(zlib.gunzip)(frame, { chunkSize: length + 64, maxOutputLength: Math.max(1, length) }),
};

function zstdCodec(): Codec | null {
  const { createZstdCompress, createZstdDecompress, zstdCompress, zstdDecompress } = zlib;
  // Absent before Node 22.15; the type declarations are of a newer Node than the oldest that runs this.
  const needed: readonly unknown[] = [createZstdCompress, createZstdDecompress, zstdCompress, zstdDecompress];
  if (needed.some((one) => typeof one !== 'function')) return null;
  const decompress = promisify(zstdDecompress);
  const idle: ZstdLane[] = [];
  const idleTesters: ZstdTester[] = [];
  return {
    name: 'zstd',
    suffix: 'zst',
    compress: async (input) => {
      const lane = idle.pop() ?? new ZstdLane();
      const frame = await lane.compress(input);
      // One that failed is not used again.
      idle.push(lane);
      return frame;
    },
    release: releaseFrame,
    test: async (frame) => {
      const tester = idleTesters.pop() ?? new ZstdTester();
      const length = await tester.test(frame);
      idleTesters.push(tester);
      return length;
    },
    decompress: (frame, length) =>
      decompress(frame, { chunkSize: length + 64, maxOutputLength: Math.max(1, length) }),
  };
}

/** Compressed bytes that share one buffer of a lane. */
const LANE_BUFFER = 4 << 20;

/** What of a lane's buffer is in use: frames that were not released, and whether the lane still fills it. */
type LaneUse = { frames: number; isFilled: boolean };
const laneUses = new WeakMap<ArrayBufferLike, LaneUse>();

function laneUse({ buffer }: Buffer): LaneUse {
  const known = laneUses.get(buffer) ?? { frames: 0, isFilled: false };
  laneUses.set(buffer, known);
  return known;
}

function releaseFrame(compressed: Buffer): void {
  const use = laneUses.get(compressed.buffer);
  // A frame that lay in two buffers was copied, and its memory is its own.
  if (use === undefined) freeNow(compressed);
  else {
    use.frames -= 1;
    if (use.frames === 0 && use.isFilled) freeNow(compressed);
  }
}

/**
 * A compressor that makes one frame after another. Beginning anew for each frame took a fifth of the time: a context to
 * set up and a buffer to allocate, and with each 64 MiB of buffers a collection of garbage.
 */
class ZstdLane {
  readonly #stream = zlib.createZstdCompress({
    chunkSize: LANE_BUFFER,
    params: {
      [zlib.constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL,
      [zlib.constants.ZSTD_c_checksumFlag]: 1,
      [zlib.constants.ZSTD_c_windowLog]: 21,
    },
  });
  #pieces: Buffer[] = [];
  #filling: Buffer | null = null;

  constructor() {
    this.#stream.on('data', (piece: Buffer) => this.#pieces.push(piece));
  }

  compress(input: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#stream.once('error', reject);
      this.#stream.write(input);
      this.#stream.flush(zlib.constants.ZSTD_e_end, () => {
        this.#stream.off('error', reject);
        const [first, ...others] = this.#pieces;
        const all = this.#pieces;
        this.#pieces = [];
        const isWhole = first !== undefined && others.length === 0;
        const frame = isWhole ? first : Buffer.concat(all);
        if (isWhole) laneUse(first).frames += 1;
        for (const piece of all) this.#nowFilling(piece);
        resolve(frame);
      });
    });
  }

  /** The buffer before is full once a piece of another came. */
  #nowFilling(piece: Buffer): void {
    const before = this.#filling;
    this.#filling = piece;
    if (before === null || before.buffer === piece.buffer) return;
    const use = laneUse(before);
    use.isFilled = true;
    if (use.frames === 0) freeNow(before);
  }
}

/** An empty frame that is skipped (RFC 8878, 3.1.2). Behind a frame that was cut short it is taken for the bytes that are missing, and they are wrong. */
const SKIPPED_FRAME = Buffer.from('502a4d1800000000', 'hex');

/** Bytes of content that a tester gets at a time. */
const TEST_BUFFER = 512 << 10;

/** A decompressor that unpacks one frame after another and forgets the content. */
class ZstdTester {
  readonly #stream = zlib.createZstdDecompress({ chunkSize: TEST_BUFFER });
  #length = 0;

  constructor() {
    this.#stream.on('data', (piece: Buffer) => {
      this.#length += piece.length;
      if (piece.byteOffset + piece.length === piece.buffer.byteLength) freeNow(piece);
    });
  }

  test(frame: Uint8Array): Promise<number> {
    this.#length = 0;
    return new Promise((resolve, reject) => {
      const more = (): void => reject(new Error('bytes behind the end of the frame'));
      this.#stream.once('error', reject);
      this.#stream.once('end', more);
      this.#stream.write(frame);
      this.#stream.write(SKIPPED_FRAME, (error) => {
        this.#stream.off('end', more);
        // On an error its event is still to come.
        if (error) return;
        this.#stream.off('error', reject);
        resolve(this.#length);
      });
    });
  }
}

const zstd = zstdCodec();

/** The codec for new archives: zstd, or gzip where the runtime has none. */
export function preferredCodec(): Codec {
  return zstd ?? gzipCodec;
}

/** The codec that an archive needs, or BACKUP_NEEDS_ZSTD on a runtime without it. */
export function codecNamed(name: 'zstd' | 'gzip', file: string): Result<Codec> {
  if (name === 'gzip') return ok(gzipCodec);
  return zstd === null ? err(appError('BACKUP_NEEDS_ZSTD', { file })) : ok(zstd);
}
