import { appError, err, ok } from '#shared/errors/index.ts';
import { ageLibrary } from './backup/crypto/age-library.ts';
import {
  isSealed,
  openKeyFile,
  openWithPassphrase,
  readIdentities,
  sealWithPassphrase,
} from './backup/crypto/key-file.ts';
import { recipientsProblem } from './backup/crypto/recipients.ts';
import type { DocumentSeal } from './site/document/ports.ts';

/** Seals the secrets of a site document in the age format, with the code that seals keys of backups. */
export const ageDocumentSeal: DocumentSeal = {
  seal: async (text, key) => {
    if ('passphrase' in key) return ok(await sealWithPassphrase(text, key.passphrase));
    const problem = await recipientsProblem(key.recipients);
    if (problem !== null) return err({ ...problem, field: 'encryptTo' });
    const { armor, Encrypter } = await ageLibrary();
    const encrypter = new Encrypter();
    for (const recipient of key.recipients) encrypter.addRecipient(recipient);
    return ok(armor.encode(await encrypter.encrypt(text)));
  },
  open: async (sealed, { identity, passphrase }) => {
    if (identity === undefined) {
      const text = await openWithPassphrase(sealed, passphrase ?? '');
      return text === null ? err(appError('SITE_SECRETS_WRONG_KEY', {}, { field: 'passphrase' })) : ok(text);
    }
    const keys = isSealed(identity)
      ? await openKeyFile(identity, passphrase ?? '')
      : await readIdentities(identity);
    if (!keys.ok) return err({ ...keys.error, field: 'identity' });
    const { armor, Decrypter } = await ageLibrary();
    const decrypter = new Decrypter();
    for (const pair of keys.value) decrypter.addIdentity(pair.identity);
    try {
      return ok(await decrypter.decrypt(armor.decode(sealed), 'text'));
    } catch {
      return err(appError('SITE_SECRETS_WRONG_KEY', {}, { field: 'identity' }));
    }
  },
};
