import { useState } from 'react';
import type { KeySecret } from '#shared/contract/backup-encryption.ts';
import { Field } from '../../../components/field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

type How = 'passphrase' | 'identity' | 'shares';

/** What opens a key, as it is typed: never kept beyond the dialog. */
export type SecretDraft = {
  readonly how: How;
  readonly passphrase: string;
  readonly identity: string;
  readonly shares: string;
};

const EMPTY: SecretDraft = { how: 'passphrase', passphrase: '', identity: '', shares: '' };

/** The typed secret as the request takes it; null while something is missing. */
export function secretOf({ how, passphrase, identity, shares }: SecretDraft): KeySecret | null {
  if (how === 'passphrase') return passphrase === '' ? null : { passphrase };
  if (how === 'identity')
    return identity.trim() === '' ? null : { identity, ...(passphrase === '' ? {} : { passphrase }) };
  const lines = shares
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length === 0 ? null : { shares: lines };
}

/** State of {@link SecretFields}. */
export function useSecretDraft() {
  return useState<SecretDraft>(EMPTY);
}

/** Asks for a passphrase, an identity, or the sheets of a split key. */
export function SecretFields({
  draft,
  onChange,
  withShares = true,
}: {
  readonly draft: SecretDraft;
  readonly onChange: (draft: SecretDraft) => void;
  readonly withShares?: boolean;
}) {
  const { t } = useTranslation();
  const ways: readonly How[] = withShares ? ['passphrase', 'identity', 'shares'] : ['passphrase', 'identity'];
  return (
    <>
      <Field label={t('keys:secret.how')}>
        {(field) => (
          <select
            {...field}
            className="input"
            value={draft.how}
            onChange={(event) =>
              onChange({ ...draft, how: ways.find((way) => way === event.target.value) ?? 'passphrase' })
            }
          >
            {ways.map((way) => (
              <option key={way} value={way}>
                {t(`keys:secret.${way}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {draft.how === 'identity' && (
        <Field label={t('keys:secret.identity')} hint={t('keys:secret.identityHint')}>
          {(field) => (
            <textarea
              {...field}
              className="input mono"
              rows={4}
              spellCheck={false}
              autoComplete="off"
              value={draft.identity}
              onChange={(event) => onChange({ ...draft, identity: event.target.value })}
            />
          )}
        </Field>
      )}
      {draft.how === 'shares' && (
        <Field label={t('keys:secret.shares')} hint={t('keys:secret.sharesHint')}>
          {(field) => (
            <textarea
              {...field}
              className="input mono"
              rows={6}
              spellCheck={false}
              autoComplete="off"
              value={draft.shares}
              onChange={(event) => onChange({ ...draft, shares: event.target.value })}
            />
          )}
        </Field>
      )}
      {draft.how !== 'shares' && (
        <TextField
          label={t('keys:secret.passphrase')}
          type="password"
          autoComplete="off"
          autoFocus
          value={draft.passphrase}
          onChange={(value) => onChange({ ...draft, passphrase: value })}
        />
      )}
    </>
  );
}
