import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { LogSource } from '#shared/contract/logs.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Bytes, Count, RelativeTime } from '../../../components/figures.tsx';
import { ProgressBar } from '../../../components/progress-bar.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { noFilters, writeFilters } from '../log-filters.ts';
import { EditDialog } from './edit-dialog.tsx';
import { SilenceSetting } from './silence-setting.tsx';
import { SourceState } from './source-state.tsx';

type FileState = LogSource['files'][number]['state'];

const shapes: Readonly<Record<FileState, StateName>> = {
  following: 'ok',
  rotated: 'unknown',
  gone: 'not_watched',
  error: 'critical',
};

export type SourceDetailsProps = {
  readonly source: LogSource;
  readonly onRemoved: () => void;
  readonly onChanged: () => void;
};

/** One source: what it reads, how far, and how to take it away. */
export function SourceDetails({ source, onRemoved, onChanged }: SourceDetailsProps) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const navigate = useNavigate();
  const search = writeFilters(new URLSearchParams(), { ...noFilters, sources: [source.name] });
  return (
    <>
      <dl className="facts">
        <dt>{t('logs:sources.state')}</dt>
        <dd>
          <SourceState state={source.state} />
        </dd>
        <dt>{t('logs:sources.path')}</dt>
        <dd className="mono">{[source.path, ...source.more].join(' · ')}</dd>
        <dt>{t('logs:sources.format')}</dt>
        <dd>{source.detectedFormat ?? source.format}</dd>
        <dt>{t('logs:wizard.encoding')}</dt>
        <dd>{t(`logs:wizard.encodingName.${source.encoding}`)}</dd>
        <dt>{t('logs:wizard.multiline')}</dt>
        <dd>{t(`logs:wizard.multilineName.${source.multiline.kind}`)}</dd>
        <dt>{t('logs:sources.host')}</dt>
        <dd>{source.host}</dd>
        <dt>{t('logs:sources.zone')}</dt>
        <dd>{source.zone === '' ? t('logs:sources.zoneLocal') : source.zone}</dd>
        <dt>{t('logs:sources.lines')}</dt>
        <dd>
          <Count value={source.lines} />
        </dd>
      </dl>
      {source.error && <ErrorNotice error={source.error} />}
      {source.origin.kind === 'remote' && (
        <p className="row">
          {t('logs:sources.remotePoll')} <RelativeTime time={source.origin.lastPollAt} /> ·{' '}
          {t('logs:sources.remoteBehind')} <Bytes value={source.origin.behindBytes} />
        </p>
      )}
      {source.origin.kind === 'remote' && source.origin.error && <ErrorNotice error={source.origin.error} />}
      <SilenceSetting source={source} />
      <h3>{t('logs:sources.files')}</h3>
      {source.files.length === 0 && <p className="soft">{t('logs:sources.noFiles')}</p>}
      {source.files.map((file) => (
        <div key={file.path} className="stack-small">
          <div className="row">
            <span className="mono">{file.path}</span>
            <StateBadge state={shapes[file.state]} word={t(`logs:sources.fileState.${file.state}`)} />
          </div>
          <ProgressBar done={file.offset} total={file.sizeBytes} label={t('logs:sources.offset')} />
          <div className="row soft small">
            <span>
              {t('logs:sources.offset')} <Bytes value={file.offset} /> / <Bytes value={file.sizeBytes} />
            </span>
            <span>
              {t('logs:sources.lines')} <Count value={file.lines} />
            </span>
          </div>
          {file.error && <ErrorNotice error={file.error} />}
        </div>
      ))}
      <div className="row">
        <Button onClick={() => void navigate(`/logs?${search.toString()}`)}>
          {t('logs:sources.search')}
        </Button>
        {source.origin.kind !== 'receiver' && (
          <Button onClick={() => setEditing(true)}>{t('logs:sources.edit')}</Button>
        )}
      </div>
      {source.origin.kind === 'receiver' ? (
        <p className="soft">{t('logs:sources.ofReceiver')}</p>
      ) : (
        <RemoveSource source={source} onRemoved={onRemoved} />
      )}
      {editing && (
        <EditDialog
          source={source}
          onClose={() => setEditing(false)}
          onDone={() => {
            setEditing(false);
            onChanged();
          }}
        />
      )}
    </>
  );
}

/** Takes a source away, after asking; the safe answer has the focus. */
function RemoveSource({ source, onRemoved }: Omit<SourceDetailsProps, 'onChanged'>) {
  const { t } = useTranslation();
  const call = useCall();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const remove = async (): Promise<void> => {
    const answer = await call('logs.sources.remove', { id: source.id });
    if (answer.ok) onRemoved();
    else setError(answer.error);
  };
  if (!asking) {
    return (
      <div>
        <Button kind="danger" onClick={() => setAsking(true)}>
          {t('logs:sources.remove')}
        </Button>
      </div>
    );
  }
  return (
    <div className="notice notice-warning" role="alertdialog" aria-label={t('logs:sources.remove')}>
      <div className="notice-body">
        {t('logs:sources.removeAsk', { name: source.name })}
        {error && <ErrorNotice error={error} />}
      </div>
      <div className="row">
        <Button autoFocus onClick={() => setAsking(false)}>
          {t('logs:sources.removeNo')}
        </Button>
        <Button kind="danger" onClick={() => void remove()}>
          {t('logs:sources.removeYes')}
        </Button>
      </div>
    </div>
  );
}
