import { useState } from 'react';
import type { Channel, ChannelHealth } from '#shared/contract/channels.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { relativeText } from '../../../components/time.ts';
import { useNow } from '../../../components/use-now.ts';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ChannelDialog } from './channel-dialog.tsx';
import { QueuePanel } from './queue-panel.tsx';

const BADGES: Readonly<Record<ChannelHealth['state'], StateName>> = {
  ok: 'ok',
  failing: 'critical',
  idle: 'unknown',
  absent: 'not_watched',
  off: 'not_watched',
};

/** Ways to tell people: how each does, and what waits. */
export function ChannelsTab() {
  const { t } = useTranslation();
  const channels = useRequest('channels.list', {});
  const health = useRequest('channels.health', {}, { refreshMs: 5_000 });
  useEvent('channels.changed', () => {
    channels.reload();
    health.reload();
  });
  const [editing, setEditing] = useState<Channel | 'new' | null>(null);
  const states = new Map(health.data?.channels.map((one) => [one.channel, one]));
  return (
    <>
      <Panel
        title={t('channels:title')}
        extra={
          <Button kind="primary" onClick={() => setEditing('new')}>
            {t('channels:new')}
          </Button>
        }
      >
        <p className="soft">{t('channels:body')}</p>
        <RequestView request={channels} rows={3}>
          {(data) => (
            <ul className="plain-list lines" data-testid="channels">
              {data.channels.map((channel) => (
                <ChannelLine
                  key={channel.id}
                  channel={channel}
                  health={states.get(channel.id)}
                  onEdit={() => setEditing(channel)}
                />
              ))}
            </ul>
          )}
        </RequestView>
      </Panel>
      <QueuePanel />
      {editing !== null && (
        <ChannelDialog
          channel={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onDone={() => {
            setEditing(null);
            channels.reload();
          }}
        />
      )}
    </>
  );
}

function ChannelLine({
  channel,
  health,
  onEdit,
}: {
  readonly channel: Channel;
  readonly health: ChannelHealth | undefined;
  readonly onEdit: () => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  const call = useCall();
  const now = useNow(5_000);
  const name = channel.settings.type === 'desktop' ? t('channels:type.desktop') : channel.name;
  const facts = health === undefined ? [] : factsOf(health);
  function factsOf(known: ChannelHealth): string[] {
    return [
      known.lastSuccessAt === null
        ? t('channels:fact.never')
        : t('channels:fact.success', { age: relativeText(t, known.lastSuccessAt, now) }),
      ...(known.queued === 0 || known.oldestAt === null
        ? []
        : [t('channels:fact.queued', { count: known.queued, age: relativeText(t, known.oldestAt, now) })]),
      ...(known.nextAttemptAt === null || known.nextAttemptAt - now < 5_000
        ? []
        : [t('channels:fact.next', { age: relativeText(t, known.nextAttemptAt, now) })]),
      ...(known.failed + known.dropped === 0
        ? []
        : [t('channels:fact.lost', { count: known.failed + known.dropped })]),
    ];
  }
  return (
    <li className="stack-small">
      <div className="row">
        {health && <StateBadge state={BADGES[health.state]} word={t(`channels:state.${health.state}`)} />}
        <strong>{name}</strong>
        {channel.settings.type !== 'desktop' && (
          <span className="soft">{t(`channels:type.${channel.settings.type}`)}</span>
        )}
        <code className="grow wrap">{whereOf(channel)}</code>
        {health !== undefined && health.queued > 0 && (
          <Button kind="quiet" onClick={() => void call('channels.retry', { id: channel.id })}>
            {t('channels:retry')}
          </Button>
        )}
        <Button kind="quiet" aria-label={t('channels:edit', { name })} onClick={onEdit}>
          {t('channels:editShort')}
        </Button>
      </div>
      <div className="soft small">{facts.join(' · ')}</div>
      {health?.lastError && <div className="small">{text(health.lastError.message)}</div>}
    </li>
  );
}

/** Where a channel leads, in one line. */
function whereOf({ settings }: Channel): string {
  switch (settings.type) {
    case 'desktop':
      return '';
    case 'smtp':
      return `${settings.host}:${settings.port} → ${settings.to.join(', ') || '–'}`;
    case 'webhook':
    case 'alertmanager':
      return settings.url;
    case 'syslog':
      return `${settings.transport}://${settings.host}:${settings.port}`;
    case 'command':
      return settings.argv.join(' ');
  }
}
