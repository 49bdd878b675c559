import type { Labels } from '#shared/domain/labels.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

const writer = new ByteWriter(1024);

/** Labels as bytes, as the head file keeps them: the number of pairs, then name and value of each. */
export function encodeLabels(labels: Labels): Uint8Array {
  writer.length = 0;
  writer.uvarint(labels.length / 2);
  for (const text of labels) writer.text(text);
  return writer.take();
}

/** The inverse of {@link encodeLabels}. @throws RangeError when the bytes are damaged */
export function decodeLabels(bytes: Uint8Array): Labels {
  const reader = new ByteReader(bytes);
  const parts = reader.uvarint() * 2;
  const labels: string[] = [];
  for (let i = 0; i < parts; i++) labels.push(reader.text());
  return labels;
}
