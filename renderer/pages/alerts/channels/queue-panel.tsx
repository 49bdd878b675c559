import { useMemo, useState } from 'react';
import type { Queued } from '#shared/contract/channels.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

const BADGES: Readonly<Record<Queued['state'], StateName>> = {
  waiting: 'warning',
  sending: 'info',
  delivered: 'ok',
  failed: 'critical',
  dropped: 'critical',
};

/** What waits to be told, or what became of it. */
export function QueuePanel() {
  const { t } = useTranslation();
  const text = useText();
  const [which, setWhich] = useState<'waiting' | 'ended'>('waiting');
  const queue = useRequest('channels.queue', { which }, { refreshMs: 5_000 });
  useEvent('channels.changed', queue.reload);
  const columns = useMemo<readonly Column<Queued>[]>(
    () => [
      {
        id: 'at',
        title: t('channels:queue.at'),
        text: (row) => absoluteText(row.enqueuedAt),
        sortBy: (row) => row.enqueuedAt,
        width: 150,
      },
      {
        id: 'state',
        title: t('channels:queue.state'),
        text: (row) => t(`channels:queue.states.${row.state}`),
        render: (row) => (
          <StateBadge state={BADGES[row.state]} word={t(`channels:queue.states.${row.state}`)} />
        ),
        width: 110,
      },
      {
        id: 'channel',
        title: t('channels:queue.channel'),
        text: ({ channelName, recipient }) =>
          `${channelName}${recipient.to === null ? '' : ` → ${recipient.to}`}`,
        width: 200,
      },
      { id: 'title', title: t('channels:queue.notice'), text: (row) => text(row.title), width: 320 },
      {
        id: 'attempts',
        title: t('channels:queue.attempts'),
        text: (row) => String(row.attempts),
        sortBy: (row) => row.attempts,
        align: 'right',
        width: 70,
      },
      {
        id: 'why',
        title: t('channels:queue.why'),
        text: (row) => (row.error === null ? '' : text(row.error.message)),
        width: 380,
      },
    ],
    [t, text],
  );
  return (
    <Panel
      title={t('channels:queue.title')}
      extra={
        <select
          className="input"
          aria-label={t('channels:queue.which')}
          value={which}
          onChange={(event) => setWhich(event.target.value === 'ended' ? 'ended' : 'waiting')}
        >
          <option value="waiting">{t('channels:queue.waiting')}</option>
          <option value="ended">{t('channels:queue.ended')}</option>
        </select>
      }
    >
      <RequestView request={queue} rows={3}>
        {(data) => (
          <DataTable
            id={`queue-${which}`}
            label={t('channels:queue.title')}
            columns={columns}
            rows={data.entries}
            total={data.total}
            rowKey={({ notice, recipient }) => `${notice} ${recipient.channel} ${recipient.to ?? ''}`}
            empty={
              <EmptyState
                title={t(which === 'waiting' ? 'channels:queue.empty' : 'channels:queue.emptyEnded')}
              />
            }
            maxHeight={360}
          />
        )}
      </RequestView>
    </Panel>
  );
}
