import { isSealed } from '#shared/contract/secrets.ts';
import type { Result } from '#shared/errors/index.ts';
import type { SecretStore } from '../../platform/secrets.ts';
import { UNSET_SECRET } from '../../platform/site-section.ts';
import { textAt, withTextAt } from './fields.ts';

/**
 * The sealed store as an import sees it: settings whose secrets are not there are taken all the same, with a mark in their place
 * that no secret has, so that their use says that it is missing. A secret that is kept here goes along only to the place that it
 * was given for.
 *
 * @param missing hears of every field whose secret somebody has to enter
 */
export function importingSecrets(store: SecretStore, missing: (field: string) => void): SecretStore {
  return {
    ...store,
    seal: (settings, fields, owner) => {
      let sealed = settings;
      for (const field of fields) {
        const text = textAt(sealed, field.path);
        if (text === undefined || text === '') continue;
        if (text === UNSET_SECRET) {
          missing(field.path);
          continue;
        }
        const kept: Result<typeof settings> = store.seal(sealed, [field], owner);
        if (kept.ok) sealed = kept.value;
        else if (isSealed(text) && ['SECRET_ELSEWHERE', 'SECRET_UNKNOWN'].includes(kept.error.code)) {
          missing(field.path);
          sealed = withTextAt(sealed, field.path, UNSET_SECRET);
        } else return kept;
      }
      return { ok: true, value: sealed };
    },
  };
}
