import { useState } from 'react';
import type { RemoteState, RemoteStatus } from '#shared/contract/remote.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { durationText, relativeText } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import { useCall } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { RemoteAddForm } from './remote-add-form.tsx';

export type RemoteEndpointsProps = { readonly status: RemoteStatus; readonly onChanged: () => void };

/** Where samples are sent to, how that goes, and a form for one more. */
export function RemoteEndpoints({ status, onChanged }: RemoteEndpointsProps) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  return (
    <div className="stack">
      <h3>{t('remote:write.title')}</h3>
      <p className="soft">{t('remote:write.body')}</p>
      {status.endpoints.length === 0 && <p>{t('remote:write.none')}</p>}
      {status.endpoints.map((state) => (
        <Endpoint key={state.id} state={state} onChanged={onChanged} />
      ))}
      {status.queueBytes > 0 && (
        <p className="soft small">
          {t('remote:write.queue', {
            bytes: formatBytes(status.queueBytes),
            limit: formatBytes(status.limits.maxBytes),
            age: durationText(t, status.limits.maxAgeMs),
          })}
        </p>
      )}
      {adding ? (
        <RemoteAddForm
          onAdded={() => {
            setAdding(false);
            onChanged();
          }}
          onCancel={() => setAdding(false)}
        />
      ) : (
        <div className="row">
          <Button onClick={() => setAdding(true)}>{t('remote:write.add')}</Button>
        </div>
      )}
    </div>
  );
}

/** More than this is a backlog; less is what the last seconds brought. */
const BACKLOG_MS = 60_000;

function Endpoint({ state, onChanged }: { readonly state: RemoteState; readonly onChanged: () => void }) {
  const { t } = useTranslation();
  const text = useText();
  const call = useCall();
  const now = useNow(1_000);
  const [asking, setAsking] = useState(false);
  const count = (value: number): string => value.toLocaleString('en-US');
  const isBehind = state.backlogSince !== null && now - state.backlogSince > BACKLOG_MS;
  const parts = [
    t('remote:write.backlog', { count: count(state.backlogSamples) }),
    ...(state.backlogSince !== null && isBehind
      ? [t('remote:write.backlogSince', { age: relativeText(t, state.backlogSince, now) })]
      : []),
    t('remote:write.rate', { rate: rateText(state.samplesPerSecond) }),
    t('remote:write.sent', { count: count(state.samplesSent), bytes: formatBytes(state.bytesSent) }),
    ...(state.samplesRefused > 0 ? [t('remote:write.refused', { count: count(state.samplesRefused) })] : []),
    ...(state.samplesGivenUp > 0 ? [t('remote:write.givenUp', { count: count(state.samplesGivenUp) })] : []),
    // Shorter pauses would only flicker.
    ...(state.nextAttemptAt === null || state.nextAttemptAt - now < 5_000
      ? []
      : [t('remote:write.next', { age: relativeText(t, state.nextAttemptAt, now) })]),
  ];
  const remove = async (): Promise<void> => {
    const result = await call('remote.remove', { id: state.id });
    if (result.ok) onChanged();
  };
  return (
    <div className="stack remote-endpoint" data-testid="remote-endpoint">
      <div className="row">
        <Badge state={state} isBehind={isBehind} />
        <strong>{state.endpoint.name}</strong>
        <code className="grow">{state.endpoint.url}</code>
        <Button kind="quiet" onClick={() => setAsking(true)}>
          {t('remote:write.remove')}
        </Button>
      </div>
      <div className="soft small">{parts.join(' · ')}</div>
      {state.lastError && <div className="small">{text(state.lastError.message)}</div>}
      {state.lastRefusal && state.lastRefusal.error.message.en !== state.lastError?.message.en && (
        <ErrorNotice error={state.lastRefusal.error} />
      )}
      {asking && (
        <div className="row" role="alert">
          <span>
            {t('remote:write.removeAsk', {
              name: state.endpoint.name,
              count: count(state.backlogSamples),
            })}
          </span>
          <Button kind="danger" onClick={() => void remove()}>
            {t('remote:write.removeConfirm')}
          </Button>
          <Button kind="quiet" onClick={() => setAsking(false)}>
            {t('common:action.cancel')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Badge({ state, isBehind }: { readonly state: RemoteState; readonly isBehind: boolean }) {
  const { t } = useTranslation();
  switch (state.state) {
    case 'stopped':
      return <StateBadge state="unknown" word={t('remote:write.stopped')} />;
    case 'retrying':
      return <StateBadge state={isBehind ? 'critical' : 'warning'} word={t('remote:write.retrying')} />;
    case 'sending':
      if (isBehind) return <StateBadge state="info" word={t('remote:write.catchingUp')} />;
      return (
        <StateBadge
          state="ok"
          word={t(state.backlogSamples === 0 ? 'remote:write.idle' : 'remote:write.sending')}
        />
      );
  }
}

function rateText(rate: number): string {
  return rate >= 10 || rate === 0 ? Math.round(rate).toLocaleString('en-US') : rate.toFixed(1);
}
