import { useEffect } from 'react';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { absoluteText } from '../../components/time.ts';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { LevelMark } from '../../pages/logs/level-mark.tsx';
import { type LogPreview, type LogSourceDraft, toSourceInput } from './steps.ts';

export type PreviewStepProps = {
  readonly draft: LogSourceDraft;
  readonly preview: LogPreview | null;
  readonly onPreview: (preview: LogPreview) => void;
};

type PreviewedLine = LogPreview['events'][number];

/** Shows what each line of the files' heads would become, before anything is stored. */
export function PreviewStep({ draft, preview, onPreview }: PreviewStepProps) {
  const { t } = useTranslation();
  const request = useRequest('logs.preview', toSourceInput(draft));
  const { data } = request;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new answer is news.
  useEffect(() => {
    if (data) onPreview(data);
  }, [data]);
  if (request.error) return <ErrorNotice error={request.error} onRetry={request.reload} />;
  if (preview === null) {
    return (
      <>
        <p className="soft" role="status">
          {t('logs:wizard.previewLoading')}
        </p>
        <Skeleton rows={8} />
      </>
    );
  }
  return (
    <>
      <div className="row">
        {preview.files.length === 0 ? (
          <StateBadge state="warning" word={t('logs:wizard.previewNoFiles')} />
        ) : (
          <StateBadge state="ok" word={t('logs:wizard.previewFiles', { count: preview.files.length })} />
        )}
        {preview.files.length > 0 && (
          <strong>{t('logs:wizard.previewFormat', { format: preview.format })}</strong>
        )}
        <span className="spacer" />
        <Button onClick={request.reload}>{t('logs:wizard.previewAgain')}</Button>
      </div>
      {preview.files.length > 0 && (
        <ul className="file-names mono small">
          {preview.files.slice(0, 5).map((file) => (
            <li key={file}>{file}</li>
          ))}
          {preview.files.length > 5 && <li>…</li>}
        </ul>
      )}
      {preview.events.length > 0 && <PreviewTable events={preview.events} />}
      {preview.unmatched.length > 0 && <Unmatched lines={preview.unmatched} />}
    </>
  );
}

function PreviewTable({ events }: { readonly events: LogPreview['events'] }) {
  const { t } = useTranslation();
  const columns: readonly Column<PreviewedLine>[] = [
    { id: 'time', title: t('logs:list.time'), width: 190, text: (line) => absoluteText(line.time, true) },
    {
      id: 'level',
      title: t('logs:list.level'),
      width: 90,
      text: (line) => t(`logs:level.${line.level}`),
      render: (line) => <LevelMark level={line.level} />,
    },
    { id: 'message', title: t('logs:list.message'), width: 380, text: (line) => line.message },
    {
      id: 'fields',
      title: t('logs:details.fields'),
      width: 220,
      text: (line) =>
        Object.entries(line.fields)
          .map(([name, value]) => `${name}=${value}`)
          .join(' '),
    },
  ];
  return (
    <>
      <h3>{t('logs:wizard.previewLines', { count: events.length })}</h3>
      <DataTable
        bare
        id="log-preview"
        label={t('logs:wizard.step.preview')}
        columns={columns}
        rows={events}
        rowKey={(line) => line.id}
        maxHeight={300}
        empty={null}
      />
    </>
  );
}

type UnmatchedLine = LogPreview['unmatched'][number];

function Unmatched({ lines }: { readonly lines: LogPreview['unmatched'] }) {
  const { t } = useTranslation();
  const columns: readonly Column<UnmatchedLine>[] = [
    {
      id: 'line',
      title: t('logs:wizard.unmatchedLine'),
      width: 80,
      text: (line) => String(line.line),
    },
    { id: 'text', title: t('logs:wizard.unmatchedText'), width: 420, text: (line) => line.text },
    { id: 'why', title: t('logs:wizard.unmatchedWhy'), width: 260, text: (line) => line.why },
  ];
  return (
    <>
      <StateBadge state="warning" word={t('logs:wizard.previewUnmatched', { count: lines.length })} />
      <DataTable
        bare
        id="log-unmatched"
        label={t('logs:wizard.unmatchedText')}
        columns={columns}
        rows={lines}
        rowKey={(line) => String(line.line)}
        maxHeight={160}
        empty={null}
      />
    </>
  );
}
