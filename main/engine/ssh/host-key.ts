import { createHash } from 'node:crypto';
import type { HostKey } from '#shared/contract/ssh.ts';

/** What a presented host key means, as OpenSSH decides it with `StrictHostKeyChecking ask`. */
export type HostKeyVerdict =
  | { readonly kind: 'trusted' }
  | { readonly kind: 'unknown' }
  /** Another key of the same type is known: the connection must stop. */
  | { readonly kind: 'changed'; readonly known: HostKey };

/** Reads a public key blob (RFC 4253, 6.6): its first string is its type. @returns null when it is no key */
export function readHostKey(host: string, port: number, blob: Uint8Array): HostKey | null {
  if (blob.length < 4) return null;
  const length = new DataView(blob.buffer, blob.byteOffset).getUint32(0);
  if (length === 0 || length > 64 || 4 + length >= blob.length) return null;
  const type = new TextDecoder('latin1').decode(blob.subarray(4, 4 + length));
  if (!/^[a-z0-9@.-]+$/.test(type)) return null;
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return { host, port, type, fingerprint: `SHA256:${digest}` };
}

/**
 * Judges a presented key by those that are known of its server.
 *
 * A server of which keys of other types are known is not unknown but changed as well: somebody who poses as it would offer a
 * type that nobody has seen.
 */
export function judgeHostKey(presented: HostKey, known: readonly HostKey[]): HostKeyVerdict {
  const [first] = known;
  if (first === undefined) return { kind: 'unknown' };
  const sameType = known.filter(({ type }) => type === presented.type);
  if (sameType.some(({ fingerprint }) => fingerprint === presented.fingerprint)) return { kind: 'trusted' };
  return { kind: 'changed', known: sameType[0] ?? first };
}

/** Signature algorithms by the type of key they are made with. */
const ALGORITHMS = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
} as const;

/** An algorithm for host keys that we accept; SHA-1 (`ssh-rsa`) and DSA are not. */
export type HostKeyAlgorithm = (typeof ALGORITHMS)[keyof typeof ALGORITHMS][number];

/**
 * The algorithms to offer, those of known keys first: a server that has got a key of a newer type goes on showing the one
 * that is trusted.
 */
export function hostKeyAlgorithms(known: readonly HostKey[]): readonly HostKeyAlgorithm[] {
  const types = new Set(known.map(({ type }) => type));
  const entries = Object.entries(ALGORITHMS);
  const first = entries.filter(([type]) => types.has(type));
  const others = entries.filter(([type]) => !types.has(type));
  return [...first, ...others].flatMap(([, algorithms]) => algorithms);
}
