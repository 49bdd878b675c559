import type { Command } from 'commander';
import type { BackupEncryption, KeySecret } from '#shared/contract/backup-encryption.ts';
import { readSecretFile, readSecretLine } from './secret-file.ts';
import type { Session } from './session.ts';

/** What opens encrypted points. */
export type KeyOptions = { readonly identityFile?: string; readonly passphraseFile?: string };

/** Who shall be able to open a plan's points. */
export type EncryptOptions = { readonly encryptTo?: string[]; readonly passphraseFile?: string };

/** Adds the options of commands that open encrypted points. Secrets come from files: a command line can be seen by others. */
export function keyOptions(command: Command): Command {
  return command
    .option('--identity-file <file>', 'age identity, or a sealed NAME.key.age, that opens encrypted points')
    .option('--passphrase-file <file>', 'file whose first line is the passphrase of the key');
}

/** Adds the options of commands that make or change a plan. */
export function encryptOptions(command: Command): Command {
  return command
    .option('--encrypt-to <recipient...>', 'age recipients that can open the points')
    .option('--passphrase-file <file>', 'make a key for the plan, sealed by the passphrase in this file');
}

function secretOf({ identityFile, passphraseFile }: KeyOptions): KeySecret | null {
  if (identityFile === undefined && passphraseFile === undefined) return null;
  return {
    ...(identityFile === undefined ? {} : { identity: readSecretFile('--identity-file', identityFile) }),
    ...(passphraseFile === undefined
      ? {}
      : { passphrase: readSecretLine('--passphrase-file', passphraseFile) }),
  };
}

/**
 * Unlocks with what the options name for as long as `work` takes. What the window has unlocked stays as it is.
 *
 * @param dirs folders whose key files the passphrase may open
 */
export async function withKeys<T>(
  session: Session,
  options: KeyOptions,
  dirs: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const secret = secretOf(options);
  if (secret === null) return work();
  const { lease } = await session.call('backup.keys.unlock', { ...secret, dirs: [...dirs] });
  try {
    return await work();
  } finally {
    await session.call('backup.keys.lock', { lease });
  }
}

/**
 * Works with a plan's encryption as the options say it. With a passphrase a key of the plan's name is made first, and removed
 * again when `work` fails.
 *
 * @param work is given undefined when no option says anything about encryption
 */
export async function withEncryption<T>(
  session: Session,
  name: string,
  { encryptTo = [], passphraseFile }: EncryptOptions,
  work: (encryption: BackupEncryption | undefined) => Promise<T>,
): Promise<T> {
  if (passphraseFile === undefined)
    return work(encryptTo.length === 0 ? undefined : { recipients: encryptTo });
  const { recipient } = await session.call('backup.keys.create', {
    name,
    passphrase: readSecretLine('--passphrase-file', passphraseFile),
    // A post-quantum recipient stands beside none of the ordinary kind.
    postQuantum: encryptTo.some((other) => other.startsWith('age1pq1')),
  });
  try {
    return await work({ recipients: [...encryptTo, recipient] });
  } catch (thrown) {
    // Why the plan was refused is what the operator must read, whatever becomes of the key.
    await session.client.call('backup.keys.remove', { recipient });
    throw thrown;
  }
}
