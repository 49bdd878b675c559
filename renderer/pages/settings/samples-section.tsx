import { type FormEvent, useEffect, useState } from 'react';
import type { TransferReport } from '#shared/contract/openmetrics.ts';
import type { AppError } from '#shared/errors/index.ts';
import { shell } from '../../app/shell.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { JobProgressView } from '../../components/job-progress-view.tsx';
import { useCall } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useJob } from '../../stores/jobs.ts';
import { FolderField } from '../../wizards/folder-field.tsx';

const DAY_MS = 86_400_000;
const SPANS = [1, 7, 30, 365] as const;

/** Samples in and out as OpenMetrics documents. */
export function SamplesSection() {
  const { t } = useTranslation();
  const [jobId, setJobId] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const job = useJob(jobId);
  const isRunning = job !== undefined && job.endedAt === null;
  const started = (id: string | null, failed: AppError | null): void => {
    setJobId(id);
    setError(failed);
  };
  return (
    <div className="stack">
      <p className="soft">{t('settings:samples.body')}</p>
      <ImportForm disabled={isRunning} onStarted={started} />
      <ExportForm disabled={isRunning} onStarted={started} />
      {error && <ErrorNotice error={error} />}
      {job && <JobProgressView job={job} />}
      {job?.state === 'done' && <Report jobId={job.id} />}
    </div>
  );
}

type FormProps = {
  readonly disabled: boolean;
  /** The job that was started, or why none was. */
  readonly onStarted: (jobId: string | null, error: AppError | null) => void;
};

function ImportForm({ disabled, onStarted }: FormProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [path, setPath] = useState('');
  const choose = async (): Promise<void> => {
    const answer = await shell()?.choosePath({ title: t('settings:samples.file') });
    if (answer?.ok && answer.value !== null) setPath(answer.value);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const result = await call('openmetrics.import', { path });
    onStarted(result.ok ? result.value.jobId : null, result.ok ? null : result.error);
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <Field label={t('settings:samples.file')}>
        {(field) => (
          <div className="row">
            <input
              {...field}
              className="input mono grow"
              value={path}
              spellCheck={false}
              maxLength={4096}
              onChange={(event) => setPath(event.target.value.trim())}
            />
            <Button onClick={() => void choose()}>{t('settings:samples.choose')}</Button>
            <Button type="submit" kind="primary" disabled={disabled || path === ''}>
              {t('settings:samples.import')}
            </Button>
          </div>
        )}
      </Field>
    </form>
  );
}

function ExportForm({ disabled, onStarted }: FormProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [folder, setFolder] = useState('');
  const [matcher, setMatcher] = useState('');
  const [days, setDays] = useState(0);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const now = Date.now();
    const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(':', '-');
    const result = await call('openmetrics.export', {
      path: `${folder.replace(/[\\/]$/, '')}/hmtt-samples-${stamp}Z.om`,
      matchers: matcher === '' ? [] : [matcher],
      ...(days === 0 ? {} : { start: now - days * DAY_MS }),
    });
    onStarted(result.ok ? result.value.jobId : null, result.ok ? null : result.error);
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <FolderField
        label={t('settings:samples.folder')}
        chooseLabel={t('settings:samples.chooseFolder')}
        value={folder}
        placeholder=""
        onChange={setFolder}
      />
      <Field label={t('settings:samples.match')} hint={t('settings:samples.matchHint')}>
        {(field) => (
          <input
            {...field}
            className="input mono grow"
            value={matcher}
            spellCheck={false}
            maxLength={10_000}
            onChange={(event) => setMatcher(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('settings:samples.from')}>
        {(field) => (
          <div className="row">
            <select
              {...field}
              className="input"
              value={days}
              onChange={(event) => setDays(Number(event.target.value))}
            >
              <option value={0}>{t('settings:samples.everything')}</option>
              {SPANS.map((count) => (
                <option key={count} value={count}>
                  {t('settings:samples.days', { count })}
                </option>
              ))}
            </select>
            <Button type="submit" disabled={disabled || folder === ''}>
              {t('settings:samples.export')}
            </Button>
          </div>
        )}
      </Field>
    </form>
  );
}

function Report({ jobId }: { readonly jobId: string }) {
  const { t } = useTranslation();
  const call = useCall();
  const [report, setReport] = useState<TransferReport | null>(null);
  useEffect(() => {
    void call('openmetrics.report', { jobId }).then((result) => {
      if (result.ok) setReport(result.value);
    });
  }, [call, jobId]);
  if (report === null) return null;
  const figures = {
    series: report.series.toLocaleString('en-US'),
    samples: report.samples.toLocaleString('en-US'),
    file: report.file,
  };
  return (
    <p role="status">
      {t(report.kind === 'import' ? 'settings:samples.imported' : 'settings:samples.exported', figures)}{' '}
      {report.doubled > 0 && t('settings:samples.doubled', { count: report.doubled.toLocaleString('en-US') })}
    </p>
  );
}
