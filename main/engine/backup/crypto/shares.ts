import { createHash } from 'node:crypto';
import { combine, split } from 'shamir-secret-sharing';
import { appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import { fingerprintOf } from './recipients.ts';

/** One sheet of a split key, as it is printed and typed again. */
export type Share = {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly needed: number;
  readonly fingerprint: string;
  readonly data: Buffer;
};

const PREFIX = 'HMTT-SHARE-1';

const checkOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** The text of a sheet: `HMTT-SHARE-1:NUMBER:OF:NEEDED:FINGERPRINT:HEX:CHECK`, case and spaces do not matter. */
function formatShare({ number, of, needed, fingerprint, data }: Share): string {
  const text = [PREFIX, number, of, needed, fingerprint, data.toString('hex')].join(':');
  return `${text}:${checkOf(text.toLowerCase())}`;
}

const unusable = (why: Bilingual) => err(appError('BACKUP_SHARES_UNUSABLE', { zh: why.zh, en: why.en }));

/** Reads the text of a sheet; one letter misread is found by its check. */
export function parseShare(typed: string): Share | null {
  const text = typed.replace(/\s+/g, '').toLowerCase();
  const found = /^(hmtt-share-1:(\d+):(\d+):(\d+):([0-9a-f-]{19}):((?:[0-9a-f]{2})+)):([0-9a-f]{8})$/.exec(
    text,
  );
  if (found === null) return null;
  const [, body = '', number, of, needed, fingerprint = '', hex = '', check] = found;
  if (checkOf(body) !== check) return null;
  return {
    number: Number(number),
    of: Number(of),
    needed: Number(needed),
    fingerprint,
    data: Buffer.from(hex, 'hex'),
  };
}

/**
 * Splits an identity by Shamir's scheme over GF(256): any `needed` of the sheets give it back, fewer tell nothing of it.
 *
 * @param needed at least 2, at most `of`
 */
export async function splitIdentity(
  identity: string,
  recipient: string,
  of: number,
  needed: number,
): Promise<readonly string[]> {
  const parts = await split(new TextEncoder().encode(identity), of, needed);
  const fingerprint = fingerprintOf(recipient);
  return parts.map((part, index) =>
    formatShare({ number: index + 1, of, needed, fingerprint, data: Buffer.from(part) }),
  );
}

/** Puts sheets together again. @returns the identity, or BACKUP_SHARES_UNUSABLE */
export async function combineShares(typed: readonly string[]): Promise<Result<string>> {
  const shares: Share[] = [];
  for (const [index, text] of typed.entries()) {
    const share = parseShare(text);
    if (share === null)
      return unusable({
        zh: `第 ${index + 1} 张的文字有误（校验不符）。`,
        en: `the text of sheet ${index + 1} has a mistake (its check does not fit).`,
      });
    if (!shares.some(({ number }) => number === share.number)) shares.push(share);
  }
  const [first] = shares;
  if (first === undefined) return unusable({ zh: '没有分片。', en: 'there are none.' });
  if (shares.some(({ fingerprint, of }) => fingerprint !== first.fingerprint || of !== first.of))
    return unusable({ zh: '它们属于不同的密钥。', en: 'they are of different keys.' });
  if (shares.length < first.needed)
    return unusable({
      zh: `需要 ${first.needed} 张，只有 ${shares.length} 张。`,
      en: `${first.needed} are needed, ${shares.length} were given.`,
    });
  try {
    return ok(new TextDecoder().decode(await combine(shares.map(({ data }) => new Uint8Array(data)))));
  } catch (thrown) {
    return unusable({ zh: `无法合并：${String(thrown)}`, en: `they do not fit together: ${String(thrown)}` });
  }
}
