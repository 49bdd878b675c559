import { useState } from 'react';
import type { KeySecret } from '#shared/contract/backup-encryption.ts';
import { SelectField } from '../../../components/select-field.tsx';
import { TextAreaField } from '../../../components/text-area-field.tsx';
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
      <SelectField
        label={t('keys:secret.how')}
        value={draft.how}
        options={ways.map((way) => [way, t(`keys:secret.${way}`)])}
        onChange={(how) => onChange({ ...draft, how })}
      />
      {draft.how === 'identity' && (
        <TextAreaField
          label={t('keys:secret.identity')}
          hint={t('keys:secret.identityHint')}
          rows={4}
          autoComplete="off"
          value={draft.identity}
          onChange={(identity) => onChange({ ...draft, identity })}
        />
      )}
      {draft.how === 'shares' && (
        <TextAreaField
          label={t('keys:secret.shares')}
          hint={t('keys:secret.sharesHint')}
          rows={6}
          autoComplete="off"
          value={draft.shares}
          onChange={(shares) => onChange({ ...draft, shares })}
        />
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
