import { STALE_HI, STALE_LO } from '#shared/domain/samples.ts';

/** A value, or the staleness marker. */
export type SampleValue = number | 'stale';

/** A series with its samples in order of time; times in UTC milliseconds. */
export type RemoteSeries = {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly { readonly time: number; readonly value: SampleValue }[];
};

function uvarint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** A length-delimited protobuf field. */
function field(number: number, data: Buffer): Buffer {
  return Buffer.concat([uvarint(BigInt((number << 3) | 2)), uvarint(BigInt(data.length)), data]);
}

function sample(time: number, value: SampleValue): Buffer {
  const double = Buffer.alloc(8);
  if (value === 'stale') {
    double.writeUInt32LE(STALE_LO, 0);
    double.writeUInt32LE(STALE_HI, 4);
  } else if (Number.isNaN(value)) double.writeBigUInt64LE(0x7ff8000000000001n);
  else double.writeDoubleLE(value);
  return Buffer.concat([
    Buffer.from([0x09]),
    double,
    Buffer.from([0x10]),
    uvarint(BigInt.asUintN(64, BigInt(time))),
  ]);
}

/** Snappy's block format with literals only: valid, and not compressed. */
function snappy(data: Buffer): Buffer {
  const parts = [uvarint(BigInt(data.length))];
  for (let at = 0; at < data.length; at += 65_536) {
    const part = data.subarray(at, at + 65_536);
    const head = Buffer.from([0xf4, 0, 0]);
    head.writeUInt16LE(part.length - 1, 1);
    parts.push(head, part);
  }
  return Buffer.concat(parts);
}

/** A remote write request (Prometheus, prompb/remote.proto), ready to be sent. */
export function encodeWriteRequest(series: readonly RemoteSeries[]): Buffer<ArrayBuffer> {
  const timeSeries = series.map(({ labels, samples }) => {
    const pairs = Object.entries(labels)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return field(
      1,
      Buffer.concat([
        ...pairs.map(([name, value]) =>
          field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])),
        ),
        ...samples.map(({ time, value }) => field(2, sample(time, value))),
      ]),
    );
  });
  return snappy(Buffer.concat(timeSeries)) as Buffer<ArrayBuffer>;
}
