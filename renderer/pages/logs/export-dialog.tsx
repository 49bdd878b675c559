import { useState } from 'react';
import { type LogExportFormat, logExportFormatSchema } from '#shared/contract/logs-search.ts';
import { Button } from '../../components/button.tsx';
import { CountField } from '../../components/count-field.tsx';
import { Overlay } from '../../components/drawer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { JobProgressView } from '../../components/job-progress-view.tsx';
import { labelledName } from '../../components/save-text.ts';
import { absoluteText } from '../../components/time.ts';
import { useCall } from '../../components/use-request.ts';
import { useSaving } from '../../components/use-saving.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useJob } from '../../stores/jobs.ts';
import { useLogsExport, useLogsSearch } from '../../stores/logs.ts';
import { type LogsSearch, searchWindow } from '../../stores/logs-search.ts';
import { useSite } from '../../stores/site.ts';
import { FolderField } from '../../wizards/folder-field.tsx';
import { isAbsolutePath, joinedPath } from '../../wizards/paths.ts';

export type ExportDialogProps = {
  readonly search: LogsSearch;
  readonly onClose: () => void;
};

const endings: Readonly<Record<LogExportFormat, string>> = { csv: 'csv', ndjson: 'ndjson', text: 'log' };

/** A file name that sorts by time and is allowed on every system: `logs-20261122-101530.csv`. */
function exportName(now: number): string {
  const stamp = new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `logs-${stamp}`;
}

/** Exports everything that the search finds, and says exactly how much that is. */
export function ExportDialog({ search, onClose }: ExportDialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const { total, exact } = useLogsSearch((state) => state);
  const { folder, format, jobId } = useLogsExport();
  const job = useJob(jobId);
  const classification = useSite((state) => state.status?.classification ?? '');
  const [name, setName] = useState(() => labelledName(exportName(Date.now()), classification));
  const [masked, setMasked] = useState(true);
  const [around, setAround] = useState(0);
  const [overwrite, setOverwrite] = useState(false);
  const saving = useSaving(() => undefined);
  const file = joinedPath(folder, `${name}.${endings[format]}`);
  const running = job?.state === 'running' || job?.state === 'paused';
  const canStart = isAbsolutePath(folder) && name.trim() !== '' && !/[\\/]/.test(name) && !running;
  const start = async (): Promise<void> => {
    const answer = await call('logs.export', {
      ...searchWindow(search),
      format,
      file,
      overwrite,
      before: around,
      after: around,
      masked,
    });
    if (answer.ok) useLogsExport.setState({ jobId: answer.value.jobId });
    await saving.run(Promise.resolve(answer));
  };
  return (
    <Overlay title={t('logs:export.title')} kind="dialog" onClose={onClose}>
      <form
        className="stack-small"
        data-testid="log-export"
        data-status={job?.state ?? 'idle'}
        onSubmit={(event) => {
          event.preventDefault();
          if (canStart) void start();
        }}
      >
        <p>
          {t('logs:export.what', {
            query: search.query === '' ? t('logs:export.everything') : search.query,
            from: absoluteText(search.start),
            to: absoluteText(search.end),
            total: exact
              ? total.toLocaleString('en-US')
              : t('logs:search.atLeast', { count: total.toLocaleString('en-US') }),
          })}
        </p>
        <fieldset className="choices">
          <legend>{t('logs:export.format')}</legend>
          {logExportFormatSchema.options.map((each) => (
            <label key={each} className="choice">
              <input
                type="radio"
                name="format"
                checked={format === each}
                onChange={() => useLogsExport.setState({ format: each })}
              />
              <span>
                {t(`logs:export.${each}`)} <span className="soft small">{t(`logs:export.${each}Note`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <FolderField
          label={t('logs:export.folder')}
          chooseLabel={t('logs:wizard.choose')}
          value={folder}
          placeholder="/home/hmtt"
          onChange={(next) => useLogsExport.setState({ folder: next })}
        />
        <Field label={t('logs:export.name')}>
          {(field) => (
            <div className="row">
              <input
                {...field}
                className="input mono grow"
                maxLength={200}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
              <span className="mono">.{endings[format]}</span>
            </div>
          )}
        </Field>
        <CountField
          label={t('logs:export.around')}
          hint={t('logs:export.aroundHint')}
          min={0}
          max={1000}
          value={around}
          onChange={setAround}
        />
        <label className="row">
          <input type="checkbox" checked={masked} onChange={(event) => setMasked(event.target.checked)} />
          {t('logs:export.masked')}
        </label>
        {!masked && (
          <div className="notice notice-warning" role="status">
            <div className="notice-body">{t('logs:export.plainWarning')}</div>
          </div>
        )}
        <label className="row">
          <input
            type="checkbox"
            checked={overwrite}
            onChange={(event) => setOverwrite(event.target.checked)}
          />
          {t('logs:export.overwrite')}
        </label>
        {saving.error && <ErrorNotice error={saving.error} />}
        {job && <JobProgressView job={job} />}
        {job?.state === 'done' && job.result && (
          <p className="figure" role="status" data-testid="log-exported">
            {t('logs:export.done', {
              count: (job.progress?.done ?? 0).toLocaleString('en-US'),
              file: job.result.id,
            })}
          </p>
        )}
        <div className="row">
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.close')}</Button>
          <Button kind="primary" type="submit" disabled={!canStart || saving.busy}>
            {t('logs:export.start')}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}
