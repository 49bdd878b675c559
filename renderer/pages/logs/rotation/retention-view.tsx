import { useState } from 'react';
import { MLPS_LOCK_DAYS } from '#shared/contract/logs-rotation-policy.ts';
import type { StreamRetention } from '#shared/contract/logs-rotation-runs.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { NumberField } from '../../../components/number-field.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { HoldDialog } from './hold-dialog.tsx';

/** How long the searchable store keeps lines, per stream, and what is held against removal. */
export function RetentionView() {
  const { t } = useTranslation();
  const request = useRequest('rotation.retention.get', {});
  const key = JSON.stringify(request.data);
  return (
    <Panel title={t('rotation:retention.title')}>
      <RequestView request={request}>
        {({ defaultDays, lockDays, streams }) => (
          <RetentionForm
            key={key}
            defaultDays={defaultDays}
            lockDays={lockDays}
            streams={streams}
            onSaved={request.reload}
          />
        )}
      </RequestView>
    </Panel>
  );
}

type RetentionFormProps = {
  readonly defaultDays: number;
  readonly lockDays: number;
  readonly streams: readonly StreamRetention[];
  readonly onSaved: () => void;
};

function RetentionForm({ defaultDays, lockDays, streams, onSaved }: RetentionFormProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [days, setDays] = useState<number | null>(defaultDays);
  const [lock, setLock] = useState<number | null>(lockDays);
  const [own, setOwn] = useState(() => new Map(streams.map(({ stream, days: kept }) => [stream, kept])));
  const [holding, setHolding] = useState<{ readonly stream: StreamRetention } | null>(null);
  const saving = useSaving(onSaved);
  const nameOf = (stream: string): string => (stream === '' ? t('rotation:retention.default') : stream);
  const whole = (value: number | null): number | null =>
    value === null || value < 1 ? null : Math.floor(value);
  const tooShort = lock !== null && days !== null && days < lock;
  return (
    <form
      className="stack-small"
      data-testid="log-retention"
      onSubmit={(event) => {
        event.preventDefault();
        void saving.run(
          call('rotation.retention.set', {
            ...(days === null ? {} : { defaultDays: days }),
            ...(lock === null ? {} : { lockDays: lock }),
            streams: [...own].map(([stream, kept]) => ({ stream, days: kept })),
          }),
        );
      }}
    >
      <div className="fields-row">
        <NumberField
          label={t('rotation:retention.days')}
          unit={t('rotation:form.days')}
          error={tooShort ? t('rotation:retention.tooShort') : null}
          value={days}
          onChange={(value) => setDays(whole(value))}
        />
        <NumberField
          label={t('rotation:form.lockDays')}
          hint={t('rotation:retention.lockHint')}
          unit={t('rotation:form.days')}
          min={lockDays}
          value={lock}
          onChange={(value) => setLock(whole(value) ?? 0)}
        />
      </div>
      <div>
        <Button
          onClick={() => {
            setLock(Math.max(MLPS_LOCK_DAYS, lockDays));
            setDays(Math.max(MLPS_LOCK_DAYS, days ?? 0));
          }}
        >
          {t('rotation:form.mlps', { days: MLPS_LOCK_DAYS })}
        </Button>
      </div>
      {streams.length > 0 && (
        <table className="plain-table">
          <caption className="visually-hidden">{t('rotation:retention.streams')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('rotation:retention.stream')}</th>
              <th scope="col">{t('rotation:retention.ownDays')}</th>
              <th scope="col">{t('rotation:hold.title')}</th>
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {streams.map((stream) => (
              <tr key={stream.stream}>
                <td className="mono">{nameOf(stream.stream)}</td>
                <td>
                  <input
                    className="input figure number-input"
                    type="number"
                    min={1}
                    aria-label={`${t('rotation:retention.ownDays')} ${nameOf(stream.stream)}`}
                    placeholder={String(days ?? '')}
                    value={own.get(stream.stream) ?? ''}
                    onChange={(event) =>
                      setOwn((old) =>
                        new Map(old).set(
                          stream.stream,
                          event.target.value === '' ? null : whole(Number(event.target.value)),
                        ),
                      )
                    }
                  />
                </td>
                <td>
                  {stream.hold === null
                    ? t('rotation:hold.none')
                    : t('rotation:hold.by', {
                        who: stream.hold.who,
                        why: stream.hold.why,
                        since: absoluteText(stream.hold.since),
                      })}
                </td>
                <td>
                  <Button onClick={() => setHolding({ stream })}>
                    {t(stream.hold === null ? 'rotation:hold.hold' : 'rotation:hold.release')}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {saving.error && <ErrorNotice error={saving.error} />}
      <div>
        <Button kind="primary" type="submit" disabled={saving.busy || tooShort || days === null}>
          {t('common:action.save')}
        </Button>
      </div>
      {holding && (
        <HoldDialog
          kind={holding.stream.hold === null ? 'hold' : 'release'}
          what={nameOf(holding.stream.stream)}
          onClose={() => setHolding(null)}
          onDone={() => {
            setHolding(null);
            onSaved();
          }}
          send={({ who, why, until }) =>
            holding.stream.hold === null
              ? call('rotation.retention.hold', { stream: holding.stream.stream, who, why, until })
              : call('rotation.retention.release', { stream: holding.stream.stream, who, why })
          }
        />
      )}
    </form>
  );
}
