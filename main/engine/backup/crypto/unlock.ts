import type { KeySecret } from '#shared/contract/backup-encryption.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { isSealed, type KeyPair, openKeyFile, readIdentities } from './key-file.ts';
import type { KeyFile } from './key-on-media.ts';
import { combineShares } from './shares.ts';

/** An opened key, and the key file that the passphrase opened, if it came from one. */
export type OpenedKey = KeyPair & { readonly file: KeyFile | null };

/**
 * Opens keys with what the operator gave: an identity, an identity file and its passphrase, a passphrase for the key files that
 * are known, or the sheets of a split key.
 *
 * @param files key files to try the passphrase on
 * @returns every key that it opened, at least one; or BACKUP_PASSPHRASE_WRONG, BACKUP_NO_KEY_FILES, BACKUP_KEY_FILE_SEALED,
 *   BACKUP_IDENTITY_INVALID, BACKUP_SHARES_UNUSABLE
 */
export async function openKeys(
  { identity, passphrase, shares }: KeySecret,
  files: readonly KeyFile[],
): Promise<Result<readonly OpenedKey[]>> {
  if (shares !== undefined && shares.length > 0) {
    const combined = await combineShares(shares);
    return combined.ok ? plain(await readIdentities(combined.value)) : combined;
  }
  if (identity !== undefined && !isSealed(identity)) return plain(await readIdentities(identity));
  if (passphrase === undefined)
    return err(appError(identity === undefined ? 'BACKUP_IDENTITY_INVALID' : 'BACKUP_KEY_FILE_SEALED'));
  if (identity !== undefined) return plain(await openKeyFile(identity, passphrase));
  if (files.length === 0) return err(appError('BACKUP_NO_KEY_FILES'));
  const opened: OpenedKey[] = [];
  // One after another: each takes 256 MiB for half a second.
  for (const file of uniqueTexts(files)) {
    const pairs = await openKeyFile(file.text, passphrase);
    if (pairs.ok) opened.push(...pairs.value.map((pair) => ({ ...pair, file })));
  }
  return opened.length === 0 ? err(appError('BACKUP_PASSPHRASE_WRONG')) : ok(opened);
}

function plain(pairs: Result<readonly KeyPair[]>): Result<readonly OpenedKey[]> {
  return pairs.ok ? ok(pairs.value.map((pair) => ({ ...pair, file: null }))) : pairs;
}

function uniqueTexts(files: readonly KeyFile[]): readonly KeyFile[] {
  return [...new Map(files.map((file) => [file.text, file])).values()];
}
