import { closeSync, openSync, writeSync } from 'node:fs';

/** What a generated log is like. */
export type Generated = {
  readonly lines: number;
  /** Time of the first line, and how much later each next one is, about. */
  readonly startMs: number;
  readonly stepMs: number;
  /** The same seed makes the same lines. */
  readonly seed?: number;
  /** Every line carries a UUID and two more random ids, the hard case for an index; else one or two ids. */
  readonly hard?: boolean;
  /** Words that stand in single lines, by the number of the line. */
  readonly needles?: ReadonlyMap<number, string>;
};

const CHUNK_CHARS = 1 << 20;
const HEX = Array.from({ length: 65_536 }, (_, n) => n.toString(16).padStart(4, '0'));
const PADDED = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));

/** A small fast generator of random 32-bit numbers (Marsaglia, "Xorshift RNGs", 2003). */
function random(seed: number): () => number {
  let x = seed | 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}

/** Makes the lines of an application's log, some hundred bytes each, in pieces of about a megabyte. */
function* generate(options: Generated): Generator<string> {
  const next = random(options.seed ?? 20_261_122);
  const below = (n: number): number => next() % n;
  const hex = (quads: number): string => {
    let text = '';
    for (let i = 0; i < quads; i += 1) text += HEX[next() & 0xffff];
    return text;
  };
  const uuid = (): string => `${hex(2)}-${hex(1)}-${hex(1)}-${hex(1)}-${hex(3)}`;
  const message = (): string => {
    if (options.hard === true)
      return `INFO [http-${below(32)}] orders.Api - request ${uuid()} of ${below(1e8)} took ${below(3000)} ms trace=${hex(4)}`;
    switch (below(20)) {
      case 0:
        return `WARN [pool-${below(8)}] db.Pool - connection ${below(1e6)} to 10.0.${below(8)}.${below(250)}:5432 slow, ${below(9000)} ms, query ${hex(4)}`;
      case 1:
        return `ERROR [http-${below(32)}] orders.Api - order ${below(1e8)} refused: 库存不足 (code ${below(90)}) trace=${hex(4)}`;
      case 2:
      case 3:
      case 4:
        return `DEBUG [cache-${below(4)}] cache.Store - key user:${below(1e7)}:profile evicted after ${below(4000)} s, size ${below(90_000)} bytes`;
      case 5:
      case 6:
        return `INFO [job-${below(6)}] jobs.Runner - job ${uuid()} finished with ${below(40)} items in ${below(20_000)} ms`;
      default:
        return `INFO [http-${below(32)}] orders.Api - GET /api/v2/orders/${below(1e8)} 200 in ${below(900)} ms trace=${hex(4)}`;
    }
  };
  let chunk = '';
  let time = options.startMs;
  let second = -1;
  let stamp = '';
  for (let line = 0; line < options.lines; line += 1) {
    time += (options.stepMs * below(1000)) / 500;
    const ms = Math.floor(time);
    if (Math.floor(ms / 1000) !== second) {
      second = Math.floor(ms / 1000);
      stamp = new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ');
    }
    const needle = options.needles?.get(line);
    chunk += `${stamp},${PADDED[ms % 1000]} ${message()}${needle === undefined ? '' : ` ${needle}`}\n`;
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** Writes a generated log; answers how many bytes it has. */
export function writeGenerated(path: string, options: Generated): number {
  const handle = openSync(path, 'w');
  let bytes = 0;
  try {
    for (const chunk of generate(options)) {
      const data = Buffer.from(chunk);
      for (let at = 0; at < data.length; ) at += writeSync(handle, data, at);
      bytes += data.length;
    }
  } finally {
    closeSync(handle);
  }
  return bytes;
}
