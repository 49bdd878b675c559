import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A token that the console made, and the only form in which it is kept. */
export type NewToken = { readonly token: string; readonly hash: string };

/** Shortest token taken from a file: what is shorter can be guessed. */
export const SHORTEST_TOKEN = 16;

/** The hash under which a token is kept. It is random and long, so a plain hash cannot be turned back. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}

/** Makes a token of 256 random bits. It is shown once; only its hash is stored. */
export function newToken(): NewToken {
  const token = `hmtt_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashToken(token) };
}

/** Whether an `Authorization` header carries the token, found in a time that does not depend on where it differs. */
export function carriesToken(header: string | undefined, hash: string): boolean {
  const given = /^bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? '';
  return timingSafeEqual(Buffer.from(hashToken(given), 'hex'), Buffer.from(hash, 'hex'));
}
