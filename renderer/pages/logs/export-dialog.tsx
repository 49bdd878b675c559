import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../components/button.tsx';
import { Overlay } from '../../components/drawer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { absoluteText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useConnection } from '../../stores/connection.ts';
import { logsExporter, useLogsExport, useLogsSearch } from '../../stores/logs.ts';
import { PART_LENGTH } from '../../stores/logs-export.ts';
import type { LogsSearch } from '../../stores/logs-search.ts';

export type ExportDialogProps = {
  readonly search: LogsSearch;
  readonly onClose: () => void;
};

/** Exports everything that the search finds, and says exactly how much that is. */
export function ExportDialog({ search, onClose }: ExportDialogProps) {
  const { t } = useTranslation();
  const client = useConnection((state) => state.client);
  const total = useLogsSearch((state) => state.total);
  const status = useLogsExport((state) => state.status);
  const busy = status === 'running' || status === 'saving';
  const start = (format: 'csv' | 'ndjson'): void => {
    if (client) void logsExporter.start(client, search, format);
  };
  return (
    <Overlay title={t('logs:export.title')} kind="dialog" onClose={onClose}>
      <p>
        {t('logs:export.what', {
          query: search.query === '' ? t('logs:export.everything') : search.query,
          from: absoluteText(search.start),
          to: absoluteText(search.end),
          total: total.toLocaleString('en-US'),
        })}
      </p>
      <p className="soft">{t('logs:export.limit', { size: formatBytes(PART_LENGTH) })}</p>
      {!busy && (
        <div className="stack-small">
          <Button onClick={() => start('csv')}>{t('logs:export.csv')}</Button>
          <span className="soft small">{t('logs:export.csvNote')}</span>
          <Button onClick={() => start('ndjson')}>{t('logs:export.ndjson')}</Button>
          <span className="soft small">{t('logs:export.ndjsonNote')}</span>
        </div>
      )}
      <ExportProgress />
    </Overlay>
  );
}

/** How far the export is, and where its files are. */
function ExportProgress() {
  const { t } = useTranslation();
  const { status, written, total, files, error } = useLogsExport((state) => state);
  const figures = {
    written: written.toLocaleString('en-US'),
    total: total === null ? '…' : total.toLocaleString('en-US'),
  };
  if (status === 'idle') return null;
  return (
    <div className="stack-small" role="status" data-testid="log-export" data-status={status}>
      {status === 'running' && (
        <>
          <ProgressBar done={written} total={total} label={t('logs:export.title')} />
          <span className="figure">{t('logs:export.running', figures)}</span>
        </>
      )}
      {status === 'saving' && <span>{t('logs:export.saving')}</span>}
      {status === 'done' && <StateBadge state="ok" word={t('logs:export.done', figures)} />}
      {status === 'cancelled' && <StateBadge state="unknown" word={t('logs:export.cancelled')} />}
      {error && <ErrorNotice error={error} />}
      {(status === 'running' || status === 'saving') && (
        <div>
          <Button onClick={logsExporter.cancel}>{t('logs:export.cancel')}</Button>
        </div>
      )}
      {files.length > 0 && (
        <div>
          <h3>{t('logs:export.files')}</h3>
          <ul>
            {files.map((file) => (
              <li key={file} className="mono">
                {file}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
