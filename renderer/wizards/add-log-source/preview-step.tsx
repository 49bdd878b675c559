import { useEffect } from 'react';
import { logMultilineSchema } from '#shared/contract/logs-reading.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { TestedLines } from '../../pages/logs/sources/tested-lines.tsx';
import type { LogPreview, LogSourceDraft } from './steps.ts';

export type PreviewStepProps = {
  readonly draft: LogSourceDraft;
  readonly change: (part: Partial<LogSourceDraft>) => void;
  readonly preview: LogPreview | null;
  readonly onPreview: (preview: LogPreview) => void;
};

/** Shows what each line of a file's head would become, before anything is stored. */
export function PreviewStep({ draft, change, preview, onPreview }: PreviewStepProps) {
  const { t } = useTranslation();
  const { format, zone, encoding, multiline } = draft;
  const request = useRequest(
    'logs.sources.test',
    {
      path: draft.path.trim(),
      format: format.trim() === '' ? 'auto' : format.trim(),
      zone,
      encoding,
      multiline,
    },
    { enabled: draft.login === null },
  );
  const { data } = request;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new answer is news.
  useEffect(() => {
    if (data) onPreview(data);
  }, [data]);
  if (draft.login !== null) return <p>{t('logs:wizard.previewRemote')}</p>;
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
      {preview.continued > 0 && (
        <div className="row">
          <StateBadge
            state="warning"
            word={t('logs:wizard.previewContinued', { count: preview.continued })}
          />
          <Button onClick={() => change({ multiline: logMultilineSchema.parse({ kind: 'indent' }) })}>
            {t('logs:wizard.previewJoin')}
          </Button>
        </div>
      )}
      {preview.files.length > 1 && (
        <p className="soft">{t('logs:wizard.previewFirst', { file: preview.files[0] })}</p>
      )}
      {preview.lines.length > 0 ? (
        <TestedLines tested={preview} />
      ) : (
        preview.files.length > 0 && <p className="soft">{t('logs:wizard.previewEmpty')}</p>
      )}
    </>
  );
}
