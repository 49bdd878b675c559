import { createHash } from 'node:crypto';
import { type AppError, appError } from '#shared/errors/index.ts';
import { ageLibrary } from './age-library.ts';

const isPostQuantum = (recipient: string): boolean => recipient.startsWith('age1pq1');

/** X25519 (`age1…`) and post-quantum hybrid (`age1pq1…`); those of plugins and hardware could be written but never read. */
const isSupported = (recipient: string): boolean =>
  isPostQuantum(recipient) || (recipient.startsWith('age1') && !recipient.startsWith('age1tag'));

/** What is wrong with a plan's recipients, or null. The whole of each is checked, its checksum included. */
export async function recipientsProblem(recipients: readonly string[]): Promise<AppError | null> {
  if (recipients.length === 0) return null;
  const { Encrypter } = await ageLibrary();
  for (const [index, recipient] of recipients.entries()) {
    try {
      if (!isSupported(recipient)) throw new Error('not supported');
      new Encrypter().addRecipient(recipient);
    } catch {
      const shown = recipient.length > 100 ? `${recipient.slice(0, 100)}…` : recipient;
      return appError(
        'BACKUP_RECIPIENT_INVALID',
        { recipient: shown },
        { field: `encryption.recipients.${index}` },
      );
    }
  }
  // As the age program does: a classical recipient would take the post-quantum strength away unnoticed.
  const strong = recipients.filter(isPostQuantum).length;
  return strong > 0 && strong < recipients.length
    ? appError('BACKUP_RECIPIENTS_MIXED', {}, { field: 'encryption.recipients' })
    : null;
}

/** A recipient in a form that people compare on paper: SHA-256, the first sixteen hexadecimal digits in groups of four. */
export function fingerprintOf(recipient: string): string {
  const digits = createHash('sha256').update(recipient).digest('hex').slice(0, 16);
  return digits.replace(/(.{4})(?=.)/g, '$1-');
}
