import type { StoredLine } from '../model.ts';

/** The only arrangement of block data so far (docs/logs-format.md, "Block data"). */
export const LAYOUT = 1;

/** Arranges lines for compression. `lines` must not be empty; offsets rise. */
export function encodeBlock(lines: readonly StoredLine[], firstOffset: number, minTime: number): Buffer {
  const rawBytes = lines.reduce((sum, line) => sum + line.raw.length, 0);
  // A varint of a 53-bit value takes at most 8 bytes, a length at most 4.
  const out = Buffer.allocUnsafe(rawBytes + lines.length * 22);
  let at = 0;
  const varint = (value: number): void => {
    let rest = value;
    while (rest >= 0x80) {
      out[at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    out[at++] = rest;
  };
  let time = minTime;
  for (const line of lines) {
    const delta = line.time - time;
    varint(delta >= 0 ? delta * 2 : -delta * 2 - 1);
    time = line.time;
  }
  let offset = firstOffset;
  for (const line of lines) {
    varint(line.offset - offset);
    offset = line.offset;
  }
  for (const line of lines) out[at++] = line.level;
  for (const line of lines) out[at++] = line.flags;
  for (const line of lines) varint(line.raw.length);
  for (const line of lines) at += line.raw.copy(out, at);
  return out.subarray(0, at);
}

/** Takes block data apart. Throws on data that is not a block: its CRC was checked before, so that is a bug. */
export function decodeBlock(
  data: Buffer,
  events: number,
  firstOffset: number,
  minTime: number,
): readonly StoredLine[] {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = data[at++];
      if (byte === undefined) throw new Error('log block ends early');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  };
  const times = new Array<number>(events);
  const offsets = new Array<number>(events);
  const lengths = new Array<number>(events);
  let time = minTime;
  for (let i = 0; i < events; i += 1) {
    const zigzag = varint();
    time += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    times[i] = time;
  }
  let offset = firstOffset;
  for (let i = 0; i < events; i += 1) {
    offset += varint();
    offsets[i] = offset;
  }
  const levels = data.subarray(at, at + events);
  const flags = data.subarray(at + events, at + events * 2);
  at += events * 2;
  for (let i = 0; i < events; i += 1) lengths[i] = varint();
  const lines = new Array<StoredLine>(events);
  for (let i = 0; i < events; i += 1) {
    const length = lengths[i] ?? 0;
    lines[i] = {
      offset: offsets[i] ?? 0,
      time: times[i] ?? 0,
      level: levels[i] ?? 0,
      flags: flags[i] ?? 0,
      raw: data.subarray(at, at + length),
    };
    at += length;
  }
  if (at !== data.length) throw new Error('log block has bytes left over');
  return lines;
}
