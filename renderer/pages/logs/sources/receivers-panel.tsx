import { useState } from 'react';
import type { LogReceiverState } from '#shared/contract/logs-sources.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Bytes, Count, RelativeTime } from '../../../components/figures.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ReceiverDialog } from './receiver-dialog.tsx';

const shapes: Readonly<Record<LogReceiverState['state'], StateName>> = {
  off: 'not_watched',
  listening: 'ok',
  error: 'critical',
};

/** Places that take syslog messages from the network: whether they listen, from whom, and what was left out. */
export function ReceiversPanel() {
  const { t } = useTranslation();
  const request = useRequest('logs.receivers.list', {}, { refreshMs: 5_000 });
  useEvent('logs.receivers.changed', request.reload);
  const [editing, setEditing] = useState<LogReceiverState | 'new' | null>(null);
  return (
    <Panel
      title={t('logs:receivers.title')}
      extra={<Button onClick={() => setEditing('new')}>{t('logs:receivers.add')}</Button>}
    >
      <RequestView request={request} rows={2}>
        {({ receivers }) =>
          receivers.length === 0 ? (
            <p className="soft">{t('logs:receivers.none')}</p>
          ) : (
            <ul className="plain-list receiver-list">
              {receivers.map((receiver) => (
                <Receiver key={receiver.id} receiver={receiver} onEdit={() => setEditing(receiver)} />
              ))}
            </ul>
          )
        }
      </RequestView>
      {editing !== null && (
        <ReceiverDialog
          receiver={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onDone={() => {
            setEditing(null);
            request.reload();
          }}
        />
      )}
    </Panel>
  );
}

const lossKeys = [
  'malformed',
  'cut',
  'droppedRate',
  'droppedSender',
  'droppedDisk',
  'droppedKernel',
  'refusedConnections',
  'brokenConnections',
] as const;

function Receiver({
  receiver,
  onEdit,
}: {
  readonly receiver: LogReceiverState;
  readonly onEdit: () => void;
}) {
  const { t } = useTranslation();
  const { counters, senders } = receiver;
  const losses = lossKeys.filter((key) => (counters[key] ?? 0) > 0);
  return (
    <li data-testid="log-receiver" data-state={receiver.state}>
      <div className="row">
        <strong>{receiver.name}</strong>
        <StateBadge state={shapes[receiver.state]} word={t(`logs:receivers.state.${receiver.state}`)} />
        <span className="mono">
          {receiver.protocol.toUpperCase()} {receiver.address}:{receiver.boundPort ?? receiver.port}
        </span>
        <span className="soft figure">
          <Count value={counters.messages} /> {t('logs:receivers.messages')} ·{' '}
          <Bytes value={counters.bytes} />
          {receiver.protocol !== 'udp' &&
            ` · ${t('logs:receivers.connections', { count: receiver.connections })}`}
        </span>
        <span className="spacer" />
        <Button onClick={onEdit}>{t('logs:receivers.change')}</Button>
      </div>
      {losses.map((key) => (
        <StateBadge
          key={key}
          state="warning"
          word={t(`logs:receivers.loss.${key}`, { count: (counters[key] ?? 0).toLocaleString('en-US') })}
        />
      ))}
      {receiver.error && <ErrorNotice error={receiver.error} />}
      {senders.length > 0 && (
        <details>
          <summary>{t('logs:receivers.senders', { count: receiver.senderCount })}</summary>
          <ul className="plain-list">
            {senders.map((sender) => (
              <li key={sender.sourceId} className="row">
                <span>{sender.host}</span>
                <span className="mono soft">{sender.address}</span>
                <Count value={sender.messages} />
                <RelativeTime time={sender.lastAt} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
