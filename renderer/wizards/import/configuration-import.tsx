import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { type DocumentImport, MOST_DOCUMENT_TEXT } from '#shared/contract/site-document.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { TextAreaField } from '../../components/text-area-field.tsx';
import { useCall } from '../../components/use-request.ts';
import { Wizard } from '../../components/wizard.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import {
  ConfigurationPreview,
  documentCounts,
  NotInForce,
  SecretsToEnter,
} from './configuration-preview.tsx';
import { FileChoice } from './file-choice.tsx';
import { KindPicker } from './kind-picker.tsx';

const steps = ['file', 'preview', 'done'] as const;
type Chosen = { readonly name: string; readonly size: number; readonly text: string };

/** What opens the secrets of a document; typed, and never kept beyond the wizard. */
type Key = { readonly passphrase: string; readonly identity: string; readonly without: boolean };
const NO_KEY: Key = { passphrase: '', identity: '', without: false };

/** Choose a site document → give what opens its secrets → see what it would change → import. */
export function ConfigurationImport() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const call = useCall();
  const [current, setCurrent] = useState(0);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [key, setKey] = useState<Key>(NO_KEY);
  const [answer, setAnswer] = useState<DocumentImport | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const step = steps[current];
  const isSealed = chosen?.text.includes('"sealedSecrets"') ?? false;

  const ask = async (dryRun: boolean): Promise<void> => {
    if (!chosen) return;
    setBusy(true);
    const result = await call('configuration.import', {
      fileName: chosen.name,
      text: chosen.text,
      ...(key.passphrase === '' ? {} : { passphrase: key.passphrase }),
      ...(key.identity.trim() === '' ? {} : { identity: key.identity }),
      withoutSecrets: key.without,
      dryRun,
    });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    setAnswer(result.value);
    if (result.value.applied) setKey(NO_KEY);
    // What is wrong is found out once more when it is written.
    setCurrent(result.value.applied ? 2 : 1);
  };
  const counts = answer === null ? null : documentCounts(answer);
  const size = chosen === null ? '' : formatBytes(chosen.size);
  const chosenText = chosen ? t('configuration:importer.chosen', { name: chosen.name, size }) : '';
  return (
    <Wizard
      title={t('configuration:importer.title')}
      steps={steps.map((id, index) => ({
        id,
        title: t(`configuration:importer.${id}`),
        chosen: index === 0 && current > 0 ? chosenText : '',
      }))}
      current={current}
      onBack={step === 'preview' ? () => setCurrent(0) : undefined}
      onCancel={step === 'done' ? undefined : () => void navigate('/settings')}
      onNext={step === 'done' ? undefined : () => void ask(step === 'file')}
      nextDisabled={
        busy ||
        chosen === null ||
        (step === 'preview' &&
          ((answer?.faultCount ?? 0) > 0 || (counts !== null && counts.added + counts.changed === 0)))
      }
      nextLabel={t(step === 'preview' ? 'configuration:importer.importNow' : 'configuration:importer.check')}
    >
      {error && <ErrorNotice error={error} />}
      {step === 'file' && (
        <>
          <KindPicker kind="site" />
          <p>{t('configuration:importer.intro')}</p>
          <FileChoice
            label={t('configuration:importer.choose')}
            accept=".json,application/json"
            chosen={chosenText}
            onChoose={([file]) => {
              setError(null);
              setKey(NO_KEY);
              // It is not read: a window has no room for just any file.
              if (file && file.size > MOST_DOCUMENT_TEXT)
                setError(
                  appError('CHOSEN_FILE_TOO_LARGE', {
                    file: file.name,
                    size: file.size,
                    limit: MOST_DOCUMENT_TEXT,
                  }),
                );
              else if (file)
                void file.text().then((text) => setChosen({ name: file.name, size: file.size, text }));
            }}
          />
          {isSealed && <KeyQuestion value={key} onChange={setKey} />}
        </>
      )}
      {step === 'preview' && answer && <ConfigurationPreview answer={answer} />}
      {step === 'done' && answer && counts && (
        <>
          <div className="notice notice-ok" data-testid="imported">
            <div className="notice-body">
              <strong>{t('configuration:importer.doneTitle')}</strong>
              <div>{t('configuration:importer.doneBody', { ...counts, secrets: answer.secretsTaken })}</div>
              {answer.notInForce.length === 0 && <div>{t('configuration:importer.inForce')}</div>}
            </div>
          </div>
          <NotInForce sections={answer.notInForce} />
          <SecretsToEnter names={answer.secretsToEnter} />
          <div className="row">
            <Link className="btn btn-primary" to="/">
              {t('configuration:importer.openOverview')}
            </Link>
            <Link className="btn" to="/settings">
              {t('configuration:importer.openSettings')}
            </Link>
          </div>
        </>
      )}
    </Wizard>
  );
}

/** Asks what opens the secrets of the chosen document. */
function KeyQuestion({ value, onChange }: { readonly value: Key; readonly onChange: (key: Key) => void }) {
  const { t } = useTranslation();
  return (
    <fieldset className="stack" data-testid="document-key">
      <legend>{t('configuration:importer.sealed')}</legend>
      <Field label={t('configuration:importer.opens')}>
        {(field) => (
          <input
            {...field}
            className="input"
            type="password"
            autoComplete="off"
            maxLength={1_000}
            disabled={value.without}
            value={value.passphrase}
            onChange={(event) => onChange({ ...value, passphrase: event.target.value })}
          />
        )}
      </Field>
      <TextAreaField
        label={t('configuration:importer.identity')}
        hint={t('configuration:importer.identityHint')}
        rows={2}
        autoComplete="off"
        disabled={value.without}
        value={value.identity}
        onChange={(identity) => onChange({ ...value, identity })}
      />
      <label className="row">
        <input
          type="checkbox"
          checked={value.without}
          onChange={(event) => onChange({ ...NO_KEY, without: event.target.checked })}
        />
        {t('configuration:importer.without')}
      </label>
    </fieldset>
  );
}
