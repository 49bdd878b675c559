import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { ImportSummary } from '#shared/contract/hosts.ts';
import type { AppError } from '#shared/errors/index.ts';
import { shell } from '../../app/shell.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Duration } from '../../components/figures.tsx';
import { TextAreaField } from '../../components/text-area-field.tsx';
import { useCall } from '../../components/use-request.ts';
import { Wizard } from '../../components/wizard.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { DiscoveryFiles } from '../../pages/hosts/jobs/discovery-files.tsx';
import { KindPicker } from './kind-picker.tsx';

const steps = ['file', 'preview', 'done'] as const;

/** Choose a prometheus.yml → see what it would do → import. An error names its line and shows it. */
export function PrometheusImport() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const call = useCall();
  const [current, setCurrent] = useState(0);
  const [fileName, setFileName] = useState('prometheus.yml');
  const [text, setText] = useState('');
  const [summary, setSummary] = useState<ImportSummary | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const step = steps[current];

  const choose = async (): Promise<void> => {
    const chosen = await shell()?.chooseFile({
      title: t('hosts:importer.title'),
      extensions: ['yml', 'yaml'],
    });
    if (!chosen) return;
    if (!chosen.ok) setError(chosen.error);
    else if (chosen.value !== null) {
      // The whole path: relative paths inside the file are meant from its folder.
      setFileName(chosen.value.path);
      setText(chosen.value.text);
      setError(null);
    }
  };
  const ask = async (dryRun: boolean): Promise<void> => {
    setBusy(true);
    const result = await call('hosts.importPrometheus', { fileName, text, dryRun });
    setBusy(false);
    if (!result.ok) {
      setError(result.error);
      return;
    }
    setError(null);
    setSummary(result.value);
    setCurrent(dryRun ? 1 : 2);
  };
  const lines = text.split('\n').length;
  // A file that brings no target may still bring target files, rules, or changes.
  const something = summary !== null && summary.jobs.length > 0;
  return (
    <Wizard
      title={t('hosts:importer.title')}
      steps={steps.map((id, index) => ({
        id,
        title: t(`hosts:importer.${id}`),
        chosen:
          index === 0 && current > 0 ? t('hosts:importer.chosen', { name: baseName(fileName), lines }) : '',
      }))}
      current={current}
      onBack={step === 'preview' ? () => setCurrent(0) : undefined}
      onCancel={step === 'done' ? undefined : () => void navigate('/hosts')}
      onNext={step === 'done' ? undefined : () => void ask(step === 'file')}
      nextDisabled={busy || text.trim() === '' || (step === 'preview' && !something)}
      nextLabel={t(step === 'preview' ? 'hosts:importer.importNow' : 'hosts:importer.check')}
    >
      {error && <ErrorNotice error={error} />}
      {error?.line !== undefined && (
        <div>
          <div className="soft small">{t('hosts:importer.badLine')}</div>
          <pre className="source-line">{`${error.line}: ${text.split('\n')[error.line - 1] ?? ''}`}</pre>
        </div>
      )}
      {step === 'file' && (
        <>
          <KindPicker kind="prometheus" />
          <p>{t('hosts:importer.intro')}</p>
          <div className="row">
            <Button kind={text === '' ? 'primary' : 'default'} onClick={() => void choose()}>
              {t('hosts:importer.choose')}
            </Button>
            {text !== '' && <span>{t('hosts:importer.chosen', { name: baseName(fileName), lines })}</span>}
          </div>
          <TextAreaField
            label={t('hosts:importer.paste')}
            rows={14}
            value={text}
            onChange={(typed) => {
              setText(typed);
              setError(null);
            }}
          />
        </>
      )}
      {step === 'preview' && summary && <Preview summary={summary} />}
      {step === 'done' && summary && (
        <>
          <div className="notice notice-ok" data-testid="imported">
            <div className="notice-body">
              <strong>{t('hosts:importer.doneTitle')}</strong>
              <div>
                {t('hosts:importer.doneBody', {
                  hosts: summary.hostsAdded.length,
                  targets: summary.targetsAdded,
                })}
              </div>
            </div>
          </div>
          <Link className="btn btn-primary row" to="/hosts">
            {t('hosts:importer.openHosts')}
          </Link>
        </>
      )}
    </Wizard>
  );
}

function baseName(path: string): string {
  return path.replace(/^.*[\\/]/, '');
}

/** What importing would do. */
function Preview({ summary }: { readonly summary: ImportSummary }) {
  const { t } = useTranslation();
  return (
    <div className="stack" data-testid="import-preview">
      <p className="sentence">
        {summary.targetsAdded === 0
          ? t('hosts:importer.nothing')
          : t('hosts:importer.sentence', {
              hosts: summary.hostsAdded.length,
              targets: summary.targetsAdded,
              unchanged: summary.targetsUnchanged,
            })}
      </p>
      {summary.targetsChanged > 0 && (
        <p className="soft">{t('hosts:importer.changed', { count: summary.targetsChanged })}</p>
      )}
      {summary.targetsGone > 0 && <p>{t('hosts:importer.gone', { count: summary.targetsGone })}</p>}
      {summary.targetsDropped > 0 && (
        <p className="soft">{t('hosts:importer.dropped', { dropped: summary.targetsDropped })}</p>
      )}
      <table className="plain-table">
        <caption className="visually-hidden">{t('hosts:importer.jobsTable')}</caption>
        <thead>
          <tr>
            <th scope="col" className="right">
              {t('hosts:importer.line')}
            </th>
            <th scope="col">{t('hosts:importer.job')}</th>
            <th scope="col" className="right">
              {t('hosts:importer.targets')}
            </th>
            <th scope="col" className="right">
              {t('hosts:importer.interval')}
            </th>
          </tr>
        </thead>
        <tbody>
          {summary.jobs.map((job) => (
            <tr key={job.line}>
              <td className="right figure">{job.line}</td>
              <td>{job.name}</td>
              <td className="right figure">{job.targets}</td>
              <td className="right">
                <Duration ms={job.intervalMs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <DiscoveryFiles files={summary.discovery} />
      {summary.hostsAdded.length > 0 && (
        <p>
          <span className="soft">{t('hosts:importer.hosts')}</span> {summary.hostsAdded.join(', ')}
        </p>
      )}
      {summary.remoteWrites.length > 0 && (
        <p>
          <span className="soft">{t('remote:write.imported')}</span> {summary.remoteWrites.join(', ')}
        </p>
      )}
      {summary.rules.length > 0 && (
        <p>
          <span className="soft">{t('hosts:importer.ruleFiles')}</span>{' '}
          {summary.rules.map(({ file, rules }) => `${file} (${rules})`).join(', ')}
        </p>
      )}
      {summary.ruleFilesMissing.length > 0 && (
        <p>
          <span className="soft">{t('hosts:importer.ruleFilesMissing')}</span>{' '}
          {summary.ruleFilesMissing.join(', ')}
        </p>
      )}
    </div>
  );
}
