import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** How reading a body ended. */
export type BodyRead =
  | { readonly kind: 'whole'; readonly body: Uint8Array }
  | { readonly kind: 'too_big' }
  | { readonly kind: 'encoding'; readonly encoding: string }
  | { readonly kind: 'bad_gzip'; readonly why: string }
  /** The connection failed or the scrape was aborted; `cause` is what the stream said. */
  | { readonly kind: 'broken'; readonly cause: unknown };

/** Lets few large bodies into memory at the same time. */
export type LargeBodySlots = {
  /** Resolves to true when a slot was got, to false when the signal was aborted first. */
  readonly enter: (signal: AbortSignal) => Promise<boolean>;
  readonly leave: () => void;
};

/** A body up to this size needs no slot. */
export const SMALL_BODY = 4 << 20;

/** Makes `count` slots; a fifth large body waits, its connection stopped by back-pressure, until one is free. */
export function createLargeBodySlots(count = 4): LargeBodySlots {
  let free = count;
  const queue: (() => void)[] = [];
  return {
    enter: (signal) => {
      if (signal.aborted) return Promise.resolve(false);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const give = (): void => {
          signal.removeEventListener('abort', giveUp);
          resolve(true);
        };
        const giveUp = (): void => {
          queue.splice(queue.indexOf(give), 1);
          resolve(false);
        };
        signal.addEventListener('abort', giveUp, { once: true });
        queue.push(give);
      });
    },
    leave: () => {
      const next = queue.shift();
      if (next) next();
      else free += 1;
    },
  };
}

/** What a body is read with. */
export type ReadOptions = {
  /** The Content-Encoding header. */
  readonly encoding: string | null;
  /** Content-Length, or null. */
  readonly length: number | null;
  /** The most bytes after decompression. */
  readonly limit: number;
  readonly slots: LargeBodySlots;
  /** The scrape's own; the source ends with an error when it is aborted. */
  readonly signal: AbortSignal;
};

/**
 * Reads a body to its end, decompressing it, and never holds more than `limit` bytes of it.
 *
 * The source is destroyed when it is not read to its end.
 */
export async function readBody(source: Readable, options: ReadOptions): Promise<BodyRead> {
  const encoding = (options.encoding ?? 'identity').trim().toLowerCase();
  const gzip = encoding === 'gzip' || encoding === 'x-gzip';
  // A destroyed stream may still emit an error; without a listener that would end the engine.
  source.on('error', () => undefined);
  if (!gzip && encoding !== 'identity' && encoding !== '') {
    source.destroy();
    return { kind: 'encoding', encoding };
  }
  if (!gzip && options.length !== null && options.length > options.limit) {
    source.destroy();
    return { kind: 'too_big' };
  }
  const stream = gzip ? createGunzip() : source;
  let sourceError: unknown = null;
  if (stream !== source) {
    source.on('error', (error) => {
      sourceError = error;
      stream.destroy(error);
    });
    source.pipe(stream as NodeJS.WritableStream & Readable);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  let holdsSlot = false;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > options.limit) return { kind: 'too_big' };
      if (size > SMALL_BODY && !holdsSlot) {
        holdsSlot = await options.slots.enter(options.signal);
        if (!holdsSlot) return { kind: 'broken', cause: options.signal.reason };
      }
      chunks.push(chunk);
    }
    return {
      kind: 'whole',
      body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size),
    };
  } catch (thrown) {
    if (sourceError !== null) return { kind: 'broken', cause: sourceError };
    if (gzip && String((thrown as { readonly code?: unknown }).code).startsWith('Z_'))
      return { kind: 'bad_gzip', why: String(thrown) };
    return { kind: 'broken', cause: thrown };
  } finally {
    if (holdsSlot) options.slots.leave();
    stream.destroy();
    source.destroy();
  }
}
