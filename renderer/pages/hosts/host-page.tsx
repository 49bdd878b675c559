import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { Host, Target } from '#shared/contract/hosts.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmByTyping } from '../../components/confirm-by-typing.tsx';
import { Overlay } from '../../components/drawer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { RelativeTime } from '../../components/figures.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useCall, useEvent, useRequest } from '../../components/use-request.ts';
import { useTimeRange } from '../../components/use-time-range.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { ChecksPanel } from './checks/checks-panel.tsx';
import { EditHost } from './edit-host.tsx';
import { HostCharts } from './host-charts.tsx';
import { InventoryPanel } from './inventory/inventory-panel.tsx';
import { StateStrip } from './state-strip.tsx';
import { TargetTable } from './target-table.tsx';

/** One host: its state over time, its targets, its key metrics, on one time axis. */
export function HostPage() {
  const { hostId = '' } = useParams();
  const range = useTimeRange();
  const request = useRequest(
    'hosts.get',
    { id: hostId, start: range.start, end: range.end },
    { subject: hostId, patient: true },
  );
  useEvent('hosts.changed', ({ ids }) => {
    if (ids.includes(hostId)) request.reload();
  });
  return (
    <div className="page">
      <BackLink />
      <RequestView request={request} rows={10}>
        {({ host, targets, history }) => (
          <>
            <HostHead host={host} heldBy={heldBy(targets)} />
            {host.lastError && host.state !== 'up' && <ErrorNotice error={host.lastError} />}
            <StateStrip spans={history} start={range.start} end={range.end} />
            <TargetTable host={host} targets={targets} />
            <ChecksPanel host={host} />
            <HostCharts host={host} targets={targets} />
            <InventoryPanel host={host} targets={targets} />
          </>
        )}
      </RequestView>
    </div>
  );
}

function BackLink() {
  const { t } = useTranslation();
  return (
    <PageLink className="back-link" to="/hosts">
      ← {t('hosts:host.back')}
    </PageLink>
  );
}

/** The file that lists targets of a host now, if one does. */
function heldBy(targets: readonly Target[]): string | undefined {
  const held = targets.find(({ origin, goneAt }) => origin?.file && goneAt === undefined);
  return held?.origin?.file ?? undefined;
}

function HostHead({ host, heldBy: file }: { readonly host: Host; readonly heldBy?: string | undefined }) {
  const { t } = useTranslation();
  const [removing, setRemoving] = useState(false);
  const [editing, setEditing] = useState(false);
  const labels = Object.entries(host.labels);
  return (
    <>
      <PageHeader
        title={
          <span className="row">
            {host.name} <StateBadge state={host.state} />
          </span>
        }
        summary={
          <>
            {t(`common:tier.${host.tier}`)} · {host.address} · {t('hosts:column.since')}{' '}
            <RelativeTime time={host.stateSince} /> · {t('hosts:host.seen')}{' '}
            <RelativeTime time={host.lastSeenAt} />
            {file !== undefined && <span> · {t('jobs:fromFile', { file })}</span>}
            {labels.length > 0 && ' · '}
            {labels.map(([name, value]) => (
              <span key={name} className="label-chip">
                {name}={value}
              </span>
            ))}
          </>
        }
        actions={
          <>
            <PageLink
              className="btn"
              to={`/logs?q=${encodeURIComponent(`host:${JSON.stringify(host.name)}`)}`}
            >
              {t('hosts:host.logs')}
            </PageLink>
            {!host.thisWorkstation && (
              <>
                <Button onClick={() => setEditing(true)}>{t('hosts:host.edit')}</Button>
                <Button kind="quiet" onClick={() => setRemoving(true)}>
                  {t('hosts:host.remove')}
                </Button>
              </>
            )}
          </>
        }
      />
      {editing && <EditHost host={host} heldBy={file} onClose={() => setEditing(false)} />}
      {removing && <RemoveHost host={host} onClose={() => setRemoving(false)} />}
    </>
  );
}

function RemoveHost({ host, onClose }: { readonly host: Host; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const remove = async (): Promise<void> => {
    setBusy(true);
    const result = await call('hosts.remove', { id: host.id });
    setBusy(false);
    if (result.ok) void navigate('/hosts');
    else setError(result.error);
  };
  return (
    <Overlay kind="dialog" title={`${t('hosts:host.remove')} ${host.name}`} onClose={onClose}>
      <p>{t('hosts:host.removeExplain')}</p>
      {error && <ErrorNotice error={error} />}
      <ConfirmByTyping
        word={host.name}
        actionLabel={t('hosts:host.remove')}
        busy={busy}
        onConfirm={() => void remove()}
      />
    </Overlay>
  );
}
