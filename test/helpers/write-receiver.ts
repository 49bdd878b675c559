import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { uncompress } from 'snappyjs';

/** A field of a protobuf message: varints as bigint, doubles as their eight bytes, the rest as bytes. */
type Field = { readonly number: number; readonly value: bigint | Buffer };

/** Reads the fields of a protobuf message; written against the specification, not against what the product writes. */
export function* protobufFields(message: Buffer): Iterable<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return BigInt.asIntN(64, value);
    }
  };
  while (at < message.length) {
    const key = Number(varint());
    const number = key >> 3;
    if ((key & 7) === 0) yield { number, value: varint() };
    else if ((key & 7) === 1) {
      yield { number, value: message.subarray(at, at + 8) };
      at += 8;
    } else if ((key & 7) === 2) {
      const length = Number(varint());
      if (at + length > message.length) throw new RangeError('a field reaches beyond its message');
      yield { number, value: message.subarray(at, at + length) };
      at += length;
    } else throw new RangeError(`unknown wire type ${key & 7}`);
  }
}

/** `time bits` of each sample, in the order in which they came, by series (`name=value,…`). */
export type WrittenSeries = Map<string, string[]>;

/** Adds the samples of a TimeSeries message. */
export function addTimeSeries(message: Buffer, into: WrittenSeries): void {
  const labels: string[] = [];
  const samples: string[] = [];
  for (const { number, value } of protobufFields(message)) {
    if (!Buffer.isBuffer(value)) throw new TypeError('a TimeSeries has no numbers');
    const parts = new Map([...protobufFields(value)].map((field) => [field.number, field.value]));
    if (number === 1) labels.push(`${String(parts.get(1) ?? '')}=${String(parts.get(2) ?? '')}`);
    else {
      const double = parts.get(1);
      const bits = Buffer.isBuffer(double) ? double.readBigUInt64LE() : 0n;
      samples.push(`${parts.get(2) ?? 0} ${bits.toString(16)}`);
    }
  }
  const key = labels.join(',');
  into.set(key, [...(into.get(key) ?? []), ...samples]);
}

/** A receiver of remote write that keeps what it takes. */
export type WriteReceiver = {
  readonly url: string;
  readonly taken: WrittenSeries;
  readonly metadata: string[];
  readonly headers: IncomingHttpHeaders[];
  /** Number of requests that came, whatever the answer. */
  readonly requests: () => number;
  /** Says whether a request is taken; it answers itself when it is not. */
  judge: (response: ServerResponse, written: WrittenSeries) => boolean;
  readonly close: () => Promise<void>;
};

/** Starts a receiver on loopback. It is as strict as Prometheus: what is not newer than it has refuses the request. */
export async function startWriteReceiver(): Promise<WriteReceiver> {
  const newest = new Map<string, number>();
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      receiver.headers.push(request.headers);
      const written: WrittenSeries = new Map();
      for (const { number, value } of protobufFields(
        Buffer.from(uncompress(Buffer.concat(chunks)) as Uint8Array),
      )) {
        if (number === 1 && Buffer.isBuffer(value)) addTimeSeries(value, written);
        if (number === 3 && Buffer.isBuffer(value)) {
          const parts = new Map([...protobufFields(value)].map((field) => [field.number, field.value]));
          receiver.metadata.push([1, 2, 4, 5].map((part) => String(parts.get(part) ?? '')).join('|'));
        }
      }
      if (!receiver.judge(response, written)) return;
      for (const [series, samples] of written) {
        let last = newest.get(series) ?? Number.NEGATIVE_INFINITY;
        for (const sample of samples) {
          const time = Number(sample.split(' ')[0]);
          if (time <= last) {
            response.writeHead(400);
            response.end('out of order sample\n');
            return;
          }
          last = time;
        }
      }
      for (const [series, samples] of written) {
        receiver.taken.set(series, [...(receiver.taken.get(series) ?? []), ...samples]);
        newest.set(series, Number(samples.at(-1)?.split(' ')[0]));
      }
      response.writeHead(204);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: WriteReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/write`,
    taken: new Map(),
    metadata: [],
    headers: [],
    requests: () => requests,
    judge: () => true,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

/** How many samples a receiver took. */
export function takenSamples({ taken }: Pick<WriteReceiver, 'taken'>): number {
  return [...taken.values()].reduce((sum, samples) => sum + samples.length, 0);
}
