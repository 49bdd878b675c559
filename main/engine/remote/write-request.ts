import { type Labels, METRIC_NAME } from '#shared/domain/labels.ts';
import type { Batch } from './batch.ts';

/**
 * Coding of Prometheus's remote write messages (prompb/remote.proto and types.proto, protocol 1.0):
 *
 * ```
 * WriteRequest { repeated TimeSeries timeseries = 1; repeated MetricMetadata metadata = 3; }
 * TimeSeries   { repeated Label labels = 1; repeated Sample samples = 2; }
 * Label        { string name = 1; string value = 2; }
 * Sample       { double value = 1; int64 timestamp = 2; }
 * ```
 */
const SERIES = 0x0a;
const LABELS = 0x0a;
const SAMPLES = 0x12;
const NAME = 0x0a;
const VALUE = 0x12;
const SAMPLE_VALUE = 0x09;
const SAMPLE_TIME = 0x10;
const METADATA = 0x1a;

/** Codes the labels of a series, which are the same in every request: `repeated Label labels = 1`. */
export function encodeLabels(labels: Labels): Uint8Array {
  const parts: Buffer[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    const name = Buffer.from(labels[i] ?? '', 'utf8');
    const value = Buffer.from(labels[i + 1] ?? '', 'utf8');
    const length = 2 + sizeOf(name.length) + name.length + sizeOf(value.length) + value.length;
    const label = Buffer.alloc(1 + sizeOf(length) + length);
    let at = putVarint(label, putByte(label, 0, LABELS), length);
    at = putVarint(label, putByte(label, at, NAME), name.length);
    at += name.copy(label, at);
    at = putVarint(label, putByte(label, at, VALUE), value.length);
    value.copy(label, at);
    parts.push(label);
  }
  return Buffer.concat(parts);
}

/** The labels under which a series is sent: external labels join where the series has none of that name. */
export function withExternal(labels: Labels, external: readonly (readonly [string, string])[]): Labels {
  if (external.length === 0) return labels;
  const pairs = new Map(external);
  for (let i = 0; i < labels.length; i += 2) pairs.set(labels[i] ?? '', labels[i + 1] ?? '');
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).flat();
}

/**
 * Codes samples as a WriteRequest, those of one series together and in order of time.
 *
 * @param coded the labels of a series as {@link encodeLabels} gives them, or null when it is not sent
 */
export function encodeSamples(batch: Batch, coded: (labels: Labels) => Uint8Array | null): Uint8Array {
  const count = batch.series.length;
  const starts = new Uint32Array(count + 1);
  const sampleBytes = new Uint32Array(count);
  for (let i = 0; i < batch.length; i++) {
    const owner = batch.owner[i] ?? 0;
    starts[owner + 1] = (starts[owner + 1] ?? 0) + 1;
    sampleBytes[owner] = (sampleBytes[owner] ?? 0) + 12 + sizeOf(batch.times[i] ?? 0);
  }
  for (let s = 0; s < count; s++) starts[s + 1] = (starts[s + 1] ?? 0) + (starts[s] ?? 0);
  const order = new Uint32Array(batch.length);
  const next = starts.slice();
  for (let i = 0; i < batch.length; i++) {
    const owner = batch.owner[i] ?? 0;
    const at = next[owner] ?? 0;
    order[at] = i;
    next[owner] = at + 1;
  }
  let size = 0;
  const labels = batch.series.map((series, s) => {
    const bytes = coded(series);
    if (bytes !== null) {
      const length = bytes.length + (sampleBytes[s] ?? 0);
      size += 1 + sizeOf(length) + length;
    }
    return bytes;
  });
  const out = Buffer.allocUnsafe(size);
  const bits = batch.bits;
  let at = 0;
  for (let s = 0; s < count; s++) {
    const bytes = labels[s];
    if (bytes === null || bytes === undefined) continue;
    at = putVarint(out, putByte(out, at, SERIES), bytes.length + (sampleBytes[s] ?? 0));
    out.set(bytes, at);
    at += bytes.length;
    for (let k = starts[s] ?? 0; k < (starts[s + 1] ?? 0); k++) {
      const i = order[k] ?? 0;
      const time = batch.times[i] ?? 0;
      at = putByte(out, at, SAMPLES);
      at = putByte(out, at, 10 + sizeOf(time));
      at = putByte(out, at, SAMPLE_VALUE);
      at = out.writeUInt32LE(bits[i * 2] ?? 0, at);
      at = out.writeUInt32LE(bits[i * 2 + 1] ?? 0, at);
      at = putVarint(out, putByte(out, at, SAMPLE_TIME), time);
    }
  }
  return out;
}

/** What is told about a metric. */
export type Metadata = { readonly type: string; readonly help: string; readonly unit: string };

/** The numbers of MetricMetadata.MetricType. */
const TYPES = ['unknown', 'counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset'];

/** Codes metadata as a WriteRequest: `MetricMetadata { type = 1; metric_family_name = 2; help = 4; unit = 5; }`. */
export function encodeMetadata(metrics: readonly (readonly [string, Metadata])[]): Uint8Array {
  const text = (key: number, value: string): Buffer => {
    const bytes = Buffer.from(value, 'utf8');
    const head = Buffer.alloc(1 + sizeOf(bytes.length));
    putVarint(head, putByte(head, 0, key), bytes.length);
    return bytes.length === 0 ? bytes : Buffer.concat([head, bytes]);
  };
  return Buffer.concat(
    metrics.map(([name, { type, help, unit }]) => {
      const number = Math.max(0, TYPES.indexOf(type));
      const kind = number === 0 ? Buffer.alloc(0) : Buffer.from([0x08, number]);
      const content = Buffer.concat([kind, text(0x12, name), text(0x22, help), text(0x2a, unit)]);
      const head = Buffer.alloc(1 + sizeOf(content.length));
      putVarint(head, putByte(head, 0, METADATA), content.length);
      return Buffer.concat([head, content]);
    }),
  );
}

/** A WriteRequest with one sample, for trying an address. */
export function encodeOne(name: string, labels: Labels, time: number, value: number): Uint8Array {
  const pairs = [[METRIC_NAME, name] as const];
  const double = Buffer.alloc(8);
  double.writeDoubleLE(value);
  const bytes = encodeLabels(withExternal(labels, pairs));
  const sample = 10 + sizeOf(time);
  const length = bytes.length + 2 + sample;
  const out = Buffer.alloc(1 + sizeOf(length) + length);
  let at = putVarint(out, putByte(out, 0, SERIES), length);
  out.set(bytes, at);
  at = putByte(out, putByte(out, at + bytes.length, SAMPLES), sample);
  at = putByte(out, at, SAMPLE_VALUE);
  at += double.copy(out, at);
  putVarint(out, putByte(out, at, SAMPLE_TIME), time);
  return out;
}

function putByte(out: Uint8Array, at: number, byte: number): number {
  out[at] = byte;
  return at + 1;
}

/** Writes an int64 as a varint: a negative one takes ten bytes. */
function putVarint(out: Uint8Array, start: number, value: number): number {
  let at = start;
  if (value < 0) {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) out[at++] = Number(rest & 0x7fn) | 0x80;
    out[at++] = Number(rest);
    return at;
  }
  let rest = value;
  // Times have more than 32 bits, so shifts would cut them.
  for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) out[at++] = (rest % 128) | 0x80;
  for (; rest > 0x7f; rest >>>= 7) out[at++] = (rest & 0x7f) | 0x80;
  out[at++] = rest;
  return at;
}

function sizeOf(value: number): number {
  if (value < 0) return 10;
  let size = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) size++;
  return size;
}
