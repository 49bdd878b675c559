/** Samples after which a chunk is closed; about 30 minutes at a 15 s interval. */
export const CHUNK_SAMPLES = 120;

/** First byte of a chunk: how its samples are coded. Only one coding exists so far. */
export const CHUNK_XOR = 1;

/** Bytes around the coded samples: the coding in front, the checksum behind. */
export const CHUNK_FRAME = 5;

/** A chunk that cannot be trusted: its checksum or its structure is wrong. */
export class DamagedChunk extends Error {}
