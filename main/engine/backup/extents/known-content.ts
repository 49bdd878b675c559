import { createHash } from 'node:crypto';
import * as z from 'zod';
import { BLOCK_BYTES, PRINT_BYTES } from './block-prints.ts';
import { type Layout, MAX_EXTENTS } from './layout.ts';

/** What the index knows of a large file's content: enough to tell what of it changed and where the rest lies. */
export type KnownContent = {
  /** SHA-256 of the content. */
  readonly sha256: Buffer;
  readonly size: number;
  /** Key of the fingerprints, 32 bytes. */
  readonly key: Buffer;
  /** {@link PRINT_BYTES} for each block of {@link BLOCK_BYTES}. */
  readonly prints: Buffer;
  readonly layout: Layout;
};

const HASH_BYTES = 32;
const KEY_BYTES = 32;
const HEAD_BYTES = 2 * HASH_BYTES + KEY_BYTES + 4;

const count = z.int().nonnegative();
const layoutSchema = z.array(z.tuple([z.uuid(), count, count, count])).max(MAX_EXTENTS);

/** Packs it for the index. The first 32 bytes are the hash of the others: the index lies on a disk that may lie. */
export function packContent({ sha256, key, prints, layout }: KnownContent): Buffer {
  const places = Buffer.from(
    JSON.stringify(layout.map(({ archive, frame, at, size }) => [archive, frame, at, size])),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(places.length);
  const body = Buffer.concat([sha256, key, length, places, prints]);
  return Buffer.concat([createHash('sha256').update(body).digest(), body]);
}

/** Unpacks what {@link packContent} made; null when it is not that any more. */
export function unpackContent(packed: Buffer): KnownContent | null {
  if (packed.length < HEAD_BYTES) return null;
  const body = packed.subarray(HASH_BYTES);
  if (!createHash('sha256').update(body).digest().equals(packed.subarray(0, HASH_BYTES))) return null;
  const keyAt = HASH_BYTES;
  const lengthAt = keyAt + KEY_BYTES;
  const placesAt = lengthAt + 4;
  const printsAt = placesAt + body.readUInt32LE(lengthAt);
  let places: unknown;
  try {
    places = JSON.parse(body.toString('utf8', placesAt, printsAt));
  } catch {
    return null;
  }
  const parsed = layoutSchema.safeParse(places);
  if (!parsed.success) return null;
  const layout = parsed.data.map(([archive, frame, at, size]) => ({ archive, frame, at, size }));
  const size = layout.reduce((sum, extent) => sum + extent.size, 0);
  const prints = body.subarray(printsAt);
  if (prints.length !== Math.ceil(size / BLOCK_BYTES) * PRINT_BYTES) return null;
  return { sha256: body.subarray(0, HASH_BYTES), size, key: body.subarray(keyAt, lengthAt), prints, layout };
}
