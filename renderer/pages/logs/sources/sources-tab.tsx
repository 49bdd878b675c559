import { useMemo, useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { LogSource } from '#shared/contract/logs.ts';
import type { AppError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Icon } from '../../../components/icon.tsx';
import { relativeText } from '../../../components/time.ts';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { PathText } from '../../../wizards/path-text.tsx';
import { NoSources } from '../no-sources.tsx';
import { ReceiversPanel } from './receivers-panel.tsx';
import { SourceDetails } from './source-details.tsx';
import { SourceState } from './source-state.tsx';
import { TestDialog } from './test-dialog.tsx';

export type SourcesTabProps = {
  readonly sources: readonly LogSource[];
  readonly onChanged: () => void;
};

/** Every source with its state, its lag and its files. */
export function SourcesTab({ sources, onChanged }: SourcesTabProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<string | null>(null);
  const [testing, setTesting] = useState(false);
  const columns = useSourceColumns();
  const open = sources.find((source) => source.id === opened);
  return (
    <div className="logs-view scrolling">
      <DataTable
        id="log-sources"
        label={t('logs:sources.label')}
        columns={columns}
        rows={sources}
        rowKey={(source) => source.id}
        onOpen={(source) => setOpened(source.id)}
        empty={<NoSources />}
        toolbar={
          <>
            <SyncNow onDone={onChanged} />
            <Button onClick={() => setTesting(true)}>{t('logs:test.open')}</Button>
          </>
        }
      />
      <ReceiversPanel />
      {testing && <TestDialog onClose={() => setTesting(false)} />}
      {open && (
        <Overlay title={t('logs:sources.filesOf', { name: open.name })} onClose={() => setOpened(null)}>
          <SourceDetails
            source={open}
            onChanged={onChanged}
            onRemoved={() => {
              setOpened(null);
              onChanged();
            }}
          />
        </Overlay>
      )}
    </div>
  );
}

function useSourceColumns(): readonly Column<LogSource>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: 'state',
        title: t('logs:sources.state'),
        width: 120,
        text: (source) => t(`logs:sources.stateName.${source.state}`),
        render: (source) => <SourceState state={source.state} />,
        sortBy: (source) => ['error', 'waiting', 'ok'].indexOf(source.state),
      },
      {
        id: 'name',
        title: t('logs:sources.name'),
        width: 140,
        text: (source) => source.name,
        sortBy: (source) => source.name,
      },
      {
        id: 'path',
        title: t('logs:sources.path'),
        width: 280,
        text: (source) => [source.path, ...source.more].join(' · '),
        render: (source) => <PathText path={[source.path, ...source.more].join(' · ')} />,
      },
      { id: 'format', title: t('logs:sources.format'), width: 150, text: (source) => formatText(t, source) },
      {
        id: 'host',
        title: t('logs:sources.host'),
        width: 110,
        text: (source) => source.host,
        sortBy: (source) => source.host,
      },
      {
        id: 'lines',
        title: t('logs:sources.lines'),
        width: 100,
        align: 'right',
        text: (source) => source.lines.toLocaleString('en-US'),
        sortBy: (source) => source.lines,
      },
      {
        id: 'lag',
        title: t('logs:sources.lag'),
        width: 110,
        align: 'right',
        text: (source) => (source.lagBytes === 0 ? t('logs:sources.lagNone') : formatBytes(source.lagBytes)),
        sortBy: (source) => source.lagBytes,
      },
      {
        id: 'last',
        title: t('logs:sources.last'),
        width: 110,
        text: (source) =>
          source.lastEventAt === null
            ? t('common:time.never')
            : relativeText(t, source.lastEventAt, Date.now()),
        sortBy: (source) => source.lastEventAt ?? 0,
      },
      {
        id: 'files',
        title: t('logs:sources.files'),
        width: 70,
        align: 'right',
        text: (source) => String(source.files.length),
        sortBy: (source) => source.files.length,
      },
    ],
    [t],
  );
}

function formatText(t: ReturnType<typeof useTranslation>['t'], source: LogSource): string {
  if (source.format !== 'auto') return source.format;
  if (source.detectedFormat !== null) return t('logs:sources.detected', { format: source.detectedFormat });
  return source.lines === 0 ? t('logs:sources.notDetected') : t('logs:wizard.formatName.auto');
}

/** Reads what is there now, and says how much that was. */
function SyncNow({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const [read, setRead] = useState<RequestOutput<'logs.sync'> | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const sync = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('logs.sync', {});
    setBusy(false);
    setRead(answer.ok ? answer.value : null);
    setError(answer.ok ? null : answer.error);
    onDone();
  };
  return (
    <>
      <Button disabled={busy} onClick={() => void sync()}>
        <Icon name="refresh" size={14} /> {busy ? t('logs:sources.syncing') : t('logs:sources.sync')}
      </Button>
      {read && (
        <span className="soft figure" role="status">
          {t('logs:sources.synced', {
            lines: read.lines.toLocaleString('en-US'),
            files: read.files,
            bytes: formatBytes(read.bytes),
          })}
        </span>
      )}
      {error && <ErrorNotice error={error} />}
    </>
  );
}
