import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { RequestOutput } from '#shared/contract/index.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import type { AppError } from '#shared/errors/index.ts';
import { shell } from '../../app/shell.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { TextAreaField } from '../../components/text-area-field.tsx';
import { useCall } from '../../components/use-request.ts';
import { Wizard } from '../../components/wizard.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { FindingsTable } from './findings-table.tsx';

const steps = ['file', 'report', 'done'] as const;
type Outcome = RequestOutput<'dashboards.import'>;

/** Choose a dashboard file, see what of it can be taken, take it. */
export function ImportWizard() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const call = useCall();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const [current, setCurrent] = useState(0);
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [onTaken, setOnTaken] = useState<'version' | 'copy'>('copy');
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const choose = async (): Promise<void> => {
    const chosen = await shell()?.chooseFile({ title: t('dashboards:import.title'), extensions: ['json'] });
    if (!chosen) return;
    setError(chosen.ok ? null : chosen.error);
    if (!chosen.ok || chosen.value === null) return;
    setName(chosen.value.name);
    setText(chosen.value.text);
  };
  const ask = async (dryRun: boolean): Promise<void> => {
    setBusy(true);
    const answer = await call('dashboards.import', {
      text,
      dryRun,
      onTaken: dryRun ? 'refuse' : outcome?.taken ? onTaken : 'refuse',
    });
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    setOutcome(answer.value);
    setCurrent(dryRun ? 1 : 2);
  };
  const step = steps[current];
  const saved = outcome?.saved ?? null;
  return (
    <div className="page">
      <Wizard
        title={t('dashboards:import.title')}
        steps={steps.map((id) => ({
          id,
          title: t(`dashboards:import.step_${id}`),
          ...(id === 'file' && name !== '' ? { chosen: name } : {}),
        }))}
        current={current}
        onBack={current === 1 ? () => setCurrent(0) : undefined}
        onCancel={current < 2 ? () => void navigate('/metrics/dashboards') : undefined}
        onJump={current === 1 ? setCurrent : undefined}
        onNext={
          current === 0
            ? () => void ask(true)
            : current === 1
              ? () => void ask(false)
              : saved === null
                ? undefined
                : () => void navigate(`/metrics/dashboards/${encodeURIComponent(saved.uid)}`)
        }
        nextLabel={
          current === 0
            ? t('dashboards:import.check')
            : current === 1
              ? t('dashboards:import.take')
              : t('dashboards:import.openIt')
        }
        nextDisabled={busy || text.trim() === ''}
      >
        {error && <ErrorNotice error={error} />}
        {step === 'file' && (
          <>
            <p>{t('dashboards:import.intro')}</p>
            <div className="row">
              <Button onClick={() => void choose()}>{t('dashboards:import.choose')}</Button>
              {name !== '' && <code>{name}</code>}
            </div>
            <TextAreaField label={t('dashboards:import.text')} rows={14} value={text} onChange={setText} />
          </>
        )}
        {step !== 'file' && outcome && <Report outcome={outcome} language={language} />}
        {step === 'report' && outcome?.taken && (
          <fieldset className="fields">
            <legend>{t('dashboards:import.taken')}</legend>
            {(['copy', 'version'] as const).map((value) => (
              <label key={value} className="row">
                <input
                  type="radio"
                  name="taken"
                  checked={onTaken === value}
                  onChange={() => setOnTaken(value)}
                />
                {t(`dashboards:import.taken_${value}`)}
              </label>
            ))}
          </fieldset>
        )}
        {step === 'done' && saved !== null && (
          <p>
            {t('dashboards:import.done')}{' '}
            <PageLink to={`/metrics/dashboards/${encodeURIComponent(saved.uid)}`}>
              {localize(saved.title, language)}
            </PageLink>
          </p>
        )}
      </Wizard>
    </div>
  );
}

/** What was found in a file, and what of it is not taken. */
function Report({ outcome, language }: { readonly outcome: Outcome; readonly language: 'zh' | 'en' }) {
  const { t } = useTranslation();
  const { report } = outcome;
  return (
    <>
      <dl className="facts">
        <dt>{t('dashboards:list.name')}</dt>
        <dd>{localize(report.title, language)}</dd>
        <dt>{t('dashboards:import.origin')}</dt>
        <dd>{report.origin}</dd>
        <dt>{t('dashboards:list.panels')}</dt>
        <dd className="figure" data-testid="import-panels">
          {t('dashboards:import.panels', report.panels)}
        </dd>
        <dt>{t('dashboards:target.title')}</dt>
        <dd className="figure">{report.targets}</dd>
        <dt>{t('dashboards:variable.editor')}</dt>
        <dd className="figure">{report.variables}</dd>
      </dl>
      <FindingsTable findings={report.findings} omitted={report.findingsOmitted} />
    </>
  );
}
