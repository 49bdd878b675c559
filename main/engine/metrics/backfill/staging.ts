import { appendFileSync, closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One sample: time (float64), value (two 32-bit halves), number of the series (uint32); in the machine's order. */
const RECORD_BYTES = 20;
const SLICE_RECORDS = 8_192;
/** Samples kept in memory, over all days, before they are written out. */
const MOST_BUFFERED = 2_000_000;
const DAY_MS = 86_400_000;

type Day = { buffer: Buffer; records: number };

/**
 * Sorts samples that come in any order into one file a UTC day, in bounded memory. The files are scratch: nothing reads
 * them after a crash.
 */
export class Staging {
  readonly #folder: string;
  readonly #days = new Map<number, Day>();
  #buffered = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws what the file system throws, when the disk is full */
  add(time: number, hi: number, lo: number, series: number): void {
    const start = Math.floor(time / DAY_MS) * DAY_MS;
    let day = this.#days.get(start);
    if (day === undefined) {
      day = { buffer: Buffer.alloc(0), records: 0 };
      this.#days.set(start, day);
    }
    const at = day.records * RECORD_BYTES;
    if (at === day.buffer.length) {
      const grown = Buffer.alloc(Math.max(64 * RECORD_BYTES, at * 2));
      day.buffer.copy(grown);
      day.buffer = grown;
    }
    day.buffer.writeDoubleLE(time, at);
    day.buffer.writeUInt32LE(lo, at + 8);
    day.buffer.writeUInt32LE(hi, at + 12);
    day.buffer.writeUInt32LE(series, at + 16);
    day.records++;
    this.#buffered++;
    if (this.#buffered >= MOST_BUFFERED) this.#flush();
  }

  /** The days that have samples, ascending, after everything was written out. */
  finish(): readonly { readonly start: number; readonly end: number; readonly path: string }[] {
    this.#flush();
    return [...this.#days.keys()]
      .sort((a, b) => a - b)
      .map((start) => ({ start, end: start + DAY_MS, path: this.#path(start) }));
  }

  #path(start: number): string {
    return join(this.#folder, `${start}.staged`);
  }

  #flush(): void {
    for (const [start, day] of this.#days) {
      if (day.records > 0)
        appendFileSync(this.#path(start), day.buffer.subarray(0, day.records * RECORD_BYTES));
      day.records = 0;
      day.buffer = Buffer.alloc(0);
    }
    this.#buffered = 0;
  }
}

/** Goes through the records of a staged day, in the order in which they were added. */
export function eachRecord(
  path: string,
  visit: (time: number, hi: number, lo: number, series: number) => void,
): void {
  const handle = openSync(path, 'r');
  try {
    const { size } = statSync(path);
    const buffer = Buffer.alloc(SLICE_RECORDS * RECORD_BYTES);
    for (let offset = 0; offset < size; ) {
      const read = readSync(handle, buffer, 0, Math.min(buffer.length, size - offset), offset);
      const whole = read - (read % RECORD_BYTES);
      if (whole === 0) throw new Error(`${path} ends in the middle of a record`);
      for (let at = 0; at < whole; at += RECORD_BYTES)
        visit(
          buffer.readDoubleLE(at),
          buffer.readUInt32LE(at + 12),
          buffer.readUInt32LE(at + 8),
          buffer.readUInt32LE(at + 16),
        );
      offset += whole;
    }
  } finally {
    closeSync(handle);
  }
}
