import type { FleetSeries, FleetTimes } from './fleet.ts';

/** Samples of a series in one request, and bytes that a request may have before it is sent. */
const SCRAPES_A_REQUEST = 40;
const MOST_REQUEST_BYTES = 4 * 1024 * 1024;
const SNAPPY_LITERAL = 65_536;

/**
 * Writes a fleet's samples into a running Prometheus through its remote write receiver, in order of time.
 *
 * @param url base of its HTTP API
 */
export async function fillPrometheus(
  url: string,
  fleet: readonly FleetSeries[],
  times: FleetTimes,
): Promise<void> {
  const labels = fleet.map((series) => labelBytes(series));
  const message = new Message(MOST_REQUEST_BYTES + 65_536);
  for (let from = 0; from < times.count; from += SCRAPES_A_REQUEST) {
    const to = Math.min(times.count, from + SCRAPES_A_REQUEST);
    for (const [index, { valueAt }] of fleet.entries()) {
      message.series(labels[index] ?? Buffer.alloc(0), (put) => {
        for (let n = from; n < to; n++) put(times.start + n * times.stepMs, valueAt(n));
      });
      if (message.length > MOST_REQUEST_BYTES) await send(url, message);
    }
    if (message.length > 0) await send(url, message);
  }
}

async function send(url: string, message: Message): Promise<void> {
  const response = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' },
    body: snappy(message.take()),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`remote write: ${response.status} ${text}`);
}

/** A WriteRequest of prompb/remote.proto, written in place: no object for a sample. */
class Message {
  readonly #bytes: Buffer;
  length = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.alloc(capacity);
  }

  /** Adds one time series: its label fields, and the samples that `write` puts. */
  series(labels: Buffer, write: (put: (time: number, value: number) => void) => void): void {
    // The length stands in front and is only known afterwards, so three bytes are kept free for it.
    const start = this.length;
    this.length += 4;
    this.length += labels.copy(this.#bytes, this.length);
    write((time, value) => this.#sample(time, value));
    const size = this.length - start - 4;
    this.#bytes[start] = 0x0a;
    this.#bytes[start + 1] = (size & 0x7f) | 0x80;
    this.#bytes[start + 2] = ((size >>> 7) & 0x7f) | 0x80;
    this.#bytes[start + 3] = size >>> 14;
  }

  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.length);
    this.length = 0;
    return taken;
  }

  #sample(time: number, value: number): void {
    const bytes = this.#bytes;
    const start = this.length;
    bytes[start] = 0x12;
    bytes[start + 2] = 0x09;
    bytes.writeDoubleLE(value, start + 3);
    bytes[start + 11] = 0x10;
    let at = start + 12;
    let rest = time;
    while (rest > 0x7f) {
      const next = Math.floor(rest / 128);
      bytes[at++] = rest - next * 128 + 128;
      rest = next;
    }
    bytes[at++] = rest;
    bytes[start + 1] = at - start - 2;
    this.length = at;
  }
}

function labelBytes({ labels }: FleetSeries): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    const name = field(1, Buffer.from(labels[i] ?? ''));
    const value = field(2, Buffer.from(labels[i + 1] ?? ''));
    parts.push(field(1, Buffer.concat([name, value])));
  }
  return Buffer.concat(parts);
}

/** A field whose content is shorter than 128 bytes. */
function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
}

/** Snappy's block format with literals only: valid, and not compressed. */
function snappy(data: Buffer): Uint8Array<ArrayBuffer> {
  const head: number[] = [];
  for (let rest = data.length; ; rest >>>= 7) {
    head.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    if (rest <= 0x7f) break;
  }
  const out = new Uint8Array(head.length + data.length + 3 * Math.ceil(data.length / SNAPPY_LITERAL));
  out.set(head);
  let at = head.length;
  for (let from = 0; from < data.length; from += SNAPPY_LITERAL) {
    const part = data.subarray(from, from + SNAPPY_LITERAL);
    out.set([0xf4, (part.length - 1) & 0xff, (part.length - 1) >>> 8], at);
    out.set(part, at + 3);
    at += 3 + part.length;
  }
  return out;
}
