import type { Labels } from '#shared/domain/labels.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

/** Labels as bytes, as the head file keeps them: the number of pairs, then name and value of each. */
export function encodeLabels(labels: Labels): Uint8Array {
  const out = new ByteWriter(128);
  out.uvarint(labels.length / 2);
  for (const text of labels) out.text(text);
  return out.take();
}

/** The inverse of {@link encodeLabels}. @throws RangeError when the bytes are damaged */
export function decodeLabels(bytes: Uint8Array): Labels {
  const reader = new ByteReader(bytes);
  const parts = reader.uvarint() * 2;
  const labels: string[] = [];
  for (let i = 0; i < parts; i++) labels.push(reader.text());
  return labels;
}
