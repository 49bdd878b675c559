import { useState } from 'react';
import type { NotifyConfig, Receiver } from '#shared/contract/notify-config.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ReceiverDialog } from './receiver-dialog.tsx';
import { type Names, receiverWords } from './route-words.ts';
import type { SaveConfig } from './use-config.ts';

/** Whom routes can name: each a set of channels and people. */
export function ReceiversPanel({
  config,
  names,
  save,
}: {
  readonly config: NotifyConfig;
  readonly names: Names;
  readonly save: SaveConfig;
}) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<Receiver | 'new' | null>(null);
  const before = editing === 'new' ? null : editing;
  return (
    <Panel
      title={t('alerts:receivers.title')}
      extra={<Button onClick={() => setEditing('new')}>{t('alerts:receivers.new')}</Button>}
    >
      <ul className="plain-list lines">
        {config.receivers.map((receiver) => (
          <li key={receiver.name} className="row">
            <strong>{receiver.name}</strong>
            <span className="grow">
              {receiverWords(t, receiver, names)}
              {!receiver.sendResolved && <span className="soft"> · {t('alerts:receivers.noResolved')}</span>}
            </span>
            <Button
              kind="quiet"
              aria-label={`${t('alerts:edit')} ${receiver.name}`}
              onClick={() => setEditing(receiver)}
            >
              {t('alerts:edit')}
            </Button>
          </li>
        ))}
      </ul>
      {editing !== null && (
        <ReceiverDialog
          receiver={before}
          names={names}
          isUsed={before !== null && isUsed(config, before.name)}
          onClose={() => setEditing(null)}
          onSave={(receiver) => save(withReceiver(config, before?.name ?? null, receiver))}
        />
      )}
    </Panel>
  );
}

/** Whether a route, or a step of its escalation, names a receiver. */
function isUsed({ route }: NotifyConfig, name: string): boolean {
  const names = (one: NotifyConfig['route']): boolean =>
    one.receiver === name ||
    (one.escalation ?? []).some(({ receiver }) => receiver === name) ||
    one.routes.some(names);
  return names(route);
}

/** The configuration with a receiver put in the place of one, added, or (null) taken away; routes follow a new name. */
export function withReceiver(
  config: NotifyConfig,
  before: string | null,
  receiver: Receiver | null,
): NotifyConfig {
  if (receiver === null)
    return { ...config, receivers: config.receivers.filter(({ name }) => name !== before) };
  if (before === null) return { ...config, receivers: [...config.receivers, receiver] };
  const renamed = (route: NotifyConfig['route']): NotifyConfig['route'] => ({
    ...route,
    receiver: route.receiver === before ? receiver.name : route.receiver,
    escalation:
      route.escalation?.map((step) =>
        step.receiver === before ? { ...step, receiver: receiver.name } : step,
      ) ?? null,
    routes: route.routes.map(renamed),
  });
  return {
    ...config,
    receivers: config.receivers.map((one) => (one.name === before ? receiver : one)),
    route: renamed(config.route),
  };
}
