import { useState } from 'react';
import type { ChannelType } from '#shared/contract/channel-settings.ts';
import type { Channel } from '#shared/contract/channels.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { DurationSelect } from '../../../wizards/duration-select.tsx';
import { draftOf, isComplete, newDraft, settingsOf } from './channel-draft.ts';
import { ChannelFields } from './channel-fields.tsx';
import { ChannelTest } from './channel-test.tsx';

const TYPES: readonly ChannelType[] = ['smtp', 'webhook', 'alertmanager', 'syslog', 'command'];
const HOUR_MS = 3_600_000;
const USUAL_LIMITS = [HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 3 * 24 * HOUR_MS, 7 * 24 * HOUR_MS];

export type ChannelDialogProps = {
  /** Null: a new one. */
  readonly channel: Channel | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** Writes one channel; it can be tried before it is saved. */
export function ChannelDialog({ channel, onClose, onDone }: ChannelDialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [name, setName] = useState(channel?.name ?? '');
  const [enabled, setEnabled] = useState(channel?.enabled ?? true);
  const [giveUpAfterMs, setGiveUp] = useState(channel?.giveUpAfterMs ?? 24 * HOUR_MS);
  const [draft, setDraft] = useState(() => (channel ? draftOf(channel.settings) : newDraft('smtp')));
  const { busy, error, run } = useSaving(onDone);
  const [asking, setAsking] = useState(false);
  const ready = isComplete(draft) && name.trim() !== '' && !busy;
  const isDesktop = draft.type === 'desktop';
  const input = () => ({ name: name.trim(), enabled, giveUpAfterMs, settings: settingsOf(draft) });
  const save = (): Promise<void> =>
    run(
      channel === null
        ? call('channels.add', input())
        : call('channels.update', { ...input(), id: channel.id }),
    );
  return (
    <Overlay kind="drawer" title={t(channel === null ? 'channels:new' : 'channels:change')} onClose={onClose}>
      <form
        className="fields"
        data-testid="channel-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void save();
        }}
      >
        {channel === null && (
          <SelectField
            label={t('channels:field.type')}
            name="type"
            autoFocus
            value={draft.type}
            options={TYPES.map((type) => [type, t(`channels:type.${type}`)])}
            onChange={(type) => setDraft(newDraft(type))}
          />
        )}
        <p className="soft">{t(`channels:about.${draft.type}`)}</p>
        <TextField
          label={`${t('channels:field.name')} *`}
          hint={t('channels:hint.name')}
          name="name"
          maxLength={80}
          value={name}
          onChange={setName}
        />
        <ChannelFields draft={draft} onChange={setDraft} />
        {!isDesktop && (
          <DurationSelect
            label={t('channels:field.giveUp')}
            hint={t('channels:hint.giveUp')}
            usual={USUAL_LIMITS}
            none={t('channels:usualLimit')}
            value={giveUpAfterMs}
            onChange={(ms) => setGiveUp(ms ?? 24 * HOUR_MS)}
          />
        )}
        <label className="row">
          <input type="checkbox" checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
          {t('channels:field.enabled')}
        </label>
        <p className="soft small">{t('channels:secrets')}</p>
        <ChannelTest draft={draft} ready={isComplete(draft)} />
        {error && <ErrorNotice error={error} />}
        {asking && channel !== null && (
          <div className="row" role="alert">
            <span className="grow">{t('channels:removeAsk', { name: channel.name })}</span>
            <Button kind="danger" onClick={() => void run(call('channels.remove', { id: channel.id }))}>
              {t('common:action.remove')}
            </Button>
            <Button kind="quiet" onClick={() => setAsking(false)}>
              {t('common:action.cancel')}
            </Button>
          </div>
        )}
        <div className="row">
          {channel !== null && !isDesktop && (
            <Button kind="quiet" onClick={() => setAsking(true)}>
              {t('common:action.remove')}
            </Button>
          )}
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={!ready}>
            {t('common:action.save')}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}
