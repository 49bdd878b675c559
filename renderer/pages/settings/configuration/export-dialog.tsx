import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { saveText } from '../../../components/save-text.ts';
import { TextAreaField } from '../../../components/text-area-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

const WAYS = ['leaveOut', 'byPassphrase', 'byRecipients'] as const;
type Way = (typeof WAYS)[number];

/** Asks what becomes of the secrets, exports, and asks where to save; a passphrase is never kept beyond the dialog. */
export function ExportDialog({
  onClose,
  onSaved,
}: {
  readonly onClose: () => void;
  /** Hears a sentence about the file. */
  readonly onSaved: (sentence: string) => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const saving = useSaving(() => undefined);
  const [way, setWay] = useState<Way>('byPassphrase');
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const [recipients, setRecipients] = useState('');
  const encryptTo = recipients.split(/\s+/).filter((one) => one !== '');
  const isReady =
    way === 'leaveOut' ||
    (way === 'byPassphrase' ? passphrase !== '' && passphrase === repeated : encryptTo.length > 0);

  const save = async (): Promise<Result<unknown>> => {
    const answer = await call(
      'configuration.export',
      way === 'byPassphrase' ? { passphrase } : way === 'byRecipients' ? { encryptTo } : {},
    );
    if (!answer.ok) return answer;
    const saved = await saveText('hmtt-site.json', answer.value.text);
    if (saved.ok && saved.value !== null) onSaved(sentenceOf(answer.value, saved.value));
    return saved.ok ? ok(null) : saved;
  };
  const sentenceOf = (
    { sections, secretsSealed, secretsLeftOut }: RequestOutput<'configuration.export'>,
    path: string,
  ): string => {
    const entries = sections.reduce((sum, section) => sum + section.entries, 0);
    const sentence = t('configuration:saved', { path, entries, sealed: secretsSealed });
    return secretsLeftOut.length === 0
      ? sentence
      : `${sentence} · ${t('configuration:leftOut', { count: secretsLeftOut.length })}`;
  };

  return (
    <Overlay kind="dialog" title={t('configuration:export')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !saving.busy) void saving.run(save());
        }}
      >
        <fieldset className="stack">
          <legend>{t('configuration:secretsTitle')}</legend>
          <p className="soft">{t('configuration:secretsBody')}</p>
          {WAYS.map((one) => (
            <label key={one} className="row">
              <input
                type="radio"
                name="secrets"
                value={one}
                data-autofocus={one === way ? true : undefined}
                checked={one === way}
                onChange={() => setWay(one)}
              />
              {t(`configuration:${one}`)}
            </label>
          ))}
        </fieldset>
        {way === 'byPassphrase' && (
          <>
            <PassphraseField
              label={t('configuration:passphrase')}
              hint={t('configuration:passphraseHint')}
              value={passphrase}
              onChange={setPassphrase}
            />
            <PassphraseField
              label={t('configuration:repeat')}
              error={repeated !== '' && repeated !== passphrase ? t('configuration:repeatBad') : null}
              value={repeated}
              onChange={setRepeated}
            />
          </>
        )}
        {way === 'byRecipients' && (
          <TextAreaField
            label={t('configuration:recipients')}
            hint={t('configuration:recipientsHint')}
            rows={3}
            value={recipients}
            onChange={setRecipients}
          />
        )}
        {saving.error && <ErrorNotice error={saving.error} />}
        <div className="row">
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={!isReady || saving.busy}>
            {t('configuration:save')}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}

function PassphraseField({
  label,
  hint,
  error = null,
  value,
  onChange,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | null;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })} error={error}>
      {(field) => (
        <input
          {...field}
          className="input"
          type="password"
          autoComplete="off"
          maxLength={1_000}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
