import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';

/** How frames are compressed. Calls run in parallel on the runtime's thread pool. */
export type Codec = {
  readonly name: 'zstd' | 'gzip';
  /** Ending of files: `zst` or `gz`. */
  readonly suffix: 'zst' | 'gz';
  /** One self-contained frame (gzip member) of the input. */
  readonly compress: (input: Uint8Array) => Promise<Buffer>;
  /** Unpacks exactly one frame; rejects when it is damaged or longer than `length` bytes. */
  readonly decompress: (frame: Uint8Array, length: number) => Promise<Buffer>;
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
  decompress: (frame, length) =>
    promisify(zlib.gunzip)(frame, { chunkSize: length + 64, maxOutputLength: Math.max(1, length) }),
};

function zstdCodec(): Codec | null {
  const { createZstdCompress, zstdDecompress } = zlib;
  // Absent before Node 22.15; the type declarations are of a newer Node than the oldest that runs this.
  if (typeof createZstdCompress !== 'function' || typeof zstdDecompress !== 'function') return null;
  const decompress = promisify(zstdDecompress);
  const idle: ZstdLane[] = [];
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
    decompress: (frame, length) =>
      decompress(frame, { chunkSize: length + 64, maxOutputLength: Math.max(1, length) }),
  };
}

/** Compressed bytes that share one buffer of a lane. */
const LANE_BUFFER = 8 << 20;

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
        resolve(first !== undefined && others.length === 0 ? first : Buffer.concat(all));
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
