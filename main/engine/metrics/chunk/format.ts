/** Samples after which an open chunk of the head is closed; about 30 minutes at a 15 s interval. */
export const CHUNK_SAMPLES = 120;

/** Most samples of a chunk. Partitions have chunks as long as that, because each costs 30 bytes around its samples. */
export const MOST_CHUNK_SAMPLES = 480;

/** First byte of a chunk: how its samples are coded. */
export const CHUNK_XOR = 1;
export const CHUNK_DECIMAL = 2;

/** Bytes in front of the coded samples: the coding and their number. The checksum stands behind. */
export const CHUNK_FRAME = 3;

/** Decimal chunks: most decimal places, residuals of one block, and the `k` of a block of zeros. */
export const MOST_SCALE = 15;
export const BLOCK_RESIDUALS = 64;
export const ALL_ZERO = 63;
/** So many ones instead of a quotient say that 52 plain bits follow. */
export const ESCAPE_ONES = 16;
export const ESCAPE_BITS = 52;

/** Bits of a decimal chunk's head byte. */
export const HEAD_SCALE = 0x0f;
export const HEAD_ORDER_SHIFT = 4;
export const HEAD_IRREGULAR = 0x40;
export const HEAD_EXCEPTIONS = 0x80;

/** 10^0 … 10^15; all of them are exact. */
export const POWERS_OF_TEN: Float64Array = Float64Array.from({ length: MOST_SCALE + 1 }, (_, d) =>
  Number(`1e${d}`),
);

/** A chunk that cannot be trusted: its checksum or its structure is wrong. */
export class DamagedChunk extends Error {}
