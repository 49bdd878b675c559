import { createHash } from 'node:crypto';
import { canonicalJson } from '../platform/signing.ts';

/** SHA-256 of a value's canonical JSON, hexadecimal. */
export function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(value ?? null))
    .digest('hex');
}
