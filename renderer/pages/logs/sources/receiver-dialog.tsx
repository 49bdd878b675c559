import { useState } from 'react';
import { type LogReceiver, type LogReceiverState, logReceiverSchema } from '#shared/contract/logs-sources.ts';
import { Button } from '../../../components/button.tsx';
import { CheckField } from '../../../components/check-field.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { ListField } from '../../../components/list-field.tsx';
import { NumberField } from '../../../components/number-field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

export type ReceiverDialogProps = {
  /** Null: a new one. */
  readonly receiver: LogReceiverState | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** Usual ports: 514 needs rights that the console should not have. */
const PORTS = { udp: 5514, tcp: 5514, tls: 6514 } as const;
const noTls = { certFile: '', keyFile: '', clientCaFile: null };

/** A place that takes syslog messages: where it listens, who may send, and how much. */
export function ReceiverDialog({ receiver, onClose, onDone }: ReceiverDialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [draft, setDraft] = useState<LogReceiver>(
    () =>
      receiver ??
      logReceiverSchema.parse({ name: 'syslog', enabled: true, protocol: 'udp', port: PORTS.udp }),
  );
  const parsed = logReceiverSchema.safeParse({
    ...draft,
    tls: draft.protocol === 'tls' ? (draft.tls ?? noTls) : null,
  });
  const wrong = new Set(parsed.success ? [] : parsed.error.issues.map(({ path }) => String(path[0])));
  const saving = useSaving(onDone);
  const change = (part: Partial<LogReceiver>): void => setDraft((old) => ({ ...old, ...part }));
  const tls = draft.tls ?? noTls;
  const open = draft.address !== '127.0.0.1' && draft.address !== '::1' && draft.allow.length === 0;
  return (
    <Overlay
      title={t(receiver === null ? 'logs:receivers.add' : 'logs:receivers.changeTitle')}
      onClose={onClose}
    >
      <form
        className="stack-small fields"
        data-testid="log-receiver-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (parsed.success)
            void saving.run(call('logs.receivers.put', { ...parsed.data, id: receiver?.id ?? null }));
        }}
      >
        <TextField
          autoFocus
          label={t('logs:wizard.name')}
          maxLength={100}
          value={draft.name}
          onChange={(name) => change({ name })}
        />
        <div className="fields-row">
          <SelectField
            label={t('logs:receivers.protocol')}
            value={draft.protocol}
            options={[
              ['udp', 'UDP'],
              ['tcp', 'TCP'],
              ['tls', 'TLS'],
            ]}
            onChange={(protocol) => change({ protocol, port: PORTS[protocol] })}
          />
          <TextField
            mono
            label={t('logs:receivers.address')}
            error={wrong.has('address') ? t('logs:receivers.addressBad') : null}
            value={draft.address}
            maxLength={45}
            onChange={(address) => change({ address: address.trim() })}
          />
          <NumberField
            label={t('logs:receivers.port')}
            max={65_535}
            value={draft.port}
            onChange={(port) => change({ port: Math.floor(port ?? 0) })}
          />
        </div>
        <ListField
          label={t('logs:receivers.allow')}
          hint={t('logs:receivers.allowHint')}
          error={wrong.has('allow') ? t('logs:receivers.allowBad') : null}
          placeholder="10.0.0.0/8"
          value={draft.allow}
          onChange={(allow) => change({ allow })}
        />
        {open && (
          <div className="notice notice-warning" role="status">
            <div className="notice-body">{t('logs:receivers.openWarning')}</div>
          </div>
        )}
        {draft.protocol === 'tls' && (
          <>
            <TextField
              mono
              label={t('logs:receivers.certFile')}
              value={tls.certFile}
              onChange={(certFile) => change({ tls: { ...tls, certFile } })}
            />
            <TextField
              mono
              label={t('logs:receivers.keyFile')}
              value={tls.keyFile}
              onChange={(keyFile) => change({ tls: { ...tls, keyFile } })}
            />
            <TextField
              mono
              label={t('logs:receivers.clientCaFile')}
              hint={t('logs:receivers.clientCaHint')}
              value={tls.clientCaFile ?? ''}
              onChange={(value) =>
                change({ tls: { ...tls, clientCaFile: value.trim() === '' ? null : value } })
              }
            />
          </>
        )}
        <div className="fields-row">
          <SelectField
            label={t('logs:receivers.hostFrom')}
            value={draft.hostFrom}
            options={[
              ['message', t('logs:receivers.hostFromMessage')],
              ['address', t('logs:receivers.hostFromAddress')],
            ]}
            onChange={(hostFrom) => change({ hostFrom })}
          />
          <TextField
            label={t('logs:wizard.zoneShort')}
            placeholder={Intl.DateTimeFormat().resolvedOptions().timeZone}
            maxLength={64}
            value={draft.zone}
            onChange={(zone) => change({ zone: zone.trim() })}
          />
          <NumberField
            label={t('logs:receivers.rate')}
            unit={t('logs:receivers.rateUnit')}
            value={draft.maxMessagesPerSecond}
            onChange={(value) => change({ maxMessagesPerSecond: Math.floor(value ?? 20_000) })}
          />
        </div>
        <CheckField
          label={t('logs:receivers.enabled')}
          value={draft.enabled}
          onChange={(enabled) => change({ enabled })}
        />
        {saving.error && <ErrorNotice error={saving.error} />}
        <div className="row">
          <Button kind="primary" type="submit" disabled={!parsed.success || saving.busy}>
            {t('common:action.save')}
          </Button>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <span className="spacer" />
          {receiver !== null && (
            <Button
              kind="danger"
              title={t('logs:receivers.removeHint')}
              onClick={() => void saving.run(call('logs.receivers.remove', { id: receiver.id }))}
            >
              {t('common:action.remove')}
            </Button>
          )}
        </div>
      </form>
    </Overlay>
  );
}
