import * as zlib from 'node:zlib';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';

/** How block data is compressed; the numbers stand in the files. */
export const CODEC = { stored: 0, gzip: 1, zstd: 2 } as const;

/** Compressed data with the codec it was made with. */
export type Packed = { readonly codec: number; readonly data: Buffer };

/** The part of `zlib` that only newer runtimes have (Node ≥ 22.15). */
export type Zstd = {
  readonly zstdCompressSync?: (data: Uint8Array, options?: object) => Buffer;
  readonly zstdDecompressSync?: (data: Uint8Array, options?: object) => Buffer;
};

/** A damaged file may claim any size. */
const MAX_CHUNK = 4 * 1024 * 1024;

/** Zstandard where the runtime has it; a parameter, so that a test can take it away. */
export const runtimeZstd: Zstd = zlib as Zstd;

/** Most blocks become smaller than this, so that they are written at one go. */
const OUT_CHUNK = 32 * 1024;

/** `ZSTD_c_compressionLevel`, which older runtimes do not name. */
const LEVEL = 100;

/**
 * Compresses block data: zstd where the runtime has it, else gzip. Level 1, because at the size of blocks it is not only
 * faster than the usual 3: lines with random ids become smaller, too, others hardly larger.
 */
export function pack(data: Uint8Array, zstd: Zstd = runtimeZstd): Packed {
  if (zstd.zstdCompressSync)
    return {
      codec: CODEC.zstd,
      // Told the size, it makes its tables no larger than they need to be.
      data: zstd.zstdCompressSync(data, {
        chunkSize: OUT_CHUNK,
        params: { [LEVEL]: 1 },
        pledgedSrcSize: data.length,
      }),
    };
  return { codec: CODEC.gzip, data: zlib.gzipSync(data, { level: 6 }) };
}

/**
 * Decompresses block data to exactly `rawBytes` bytes with the given CRC-32; never makes more than that.
 *
 * @returns LOG_NEEDS_ZSTD where the runtime cannot, LOG_BLOCK_DAMAGED when the data is not what was written
 */
export function unpack(
  place: { readonly file: string; readonly block: number },
  packed: Packed & { readonly rawBytes: number; readonly crc: number },
  zstd: Zstd = runtimeZstd,
): Result<Buffer> {
  const damaged = (why: string): Result<Buffer> => err(appError('LOG_BLOCK_DAMAGED', { ...place, why }));
  let data: Buffer;
  try {
    const bound = {
      maxOutputLength: Math.max(1, packed.rawBytes),
      // One chunk that is not filled: the default of 16 KiB would mean several turns and a copy.
      chunkSize: Math.min(MAX_CHUNK, Math.max(64, packed.rawBytes + 1)),
    };
    if (packed.codec === CODEC.stored) data = packed.data;
    else if (packed.codec === CODEC.gzip) data = zlib.gunzipSync(packed.data, bound);
    else if (packed.codec === CODEC.zstd) {
      if (!zstd.zstdDecompressSync) return err(appError('LOG_NEEDS_ZSTD', { file: place.file }));
      data = zstd.zstdDecompressSync(packed.data, bound);
    } else return damaged(`codec ${packed.codec}`);
  } catch (thrown) {
    return damaged(describeThrown(thrown));
  }
  if (data.length !== packed.rawBytes) return damaged(`${data.length} bytes instead of ${packed.rawBytes}`);
  if (zlib.crc32(data) !== packed.crc) return damaged('CRC-32');
  return ok(data);
}
