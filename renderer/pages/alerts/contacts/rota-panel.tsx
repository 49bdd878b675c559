import { useState } from 'react';
import type { Contact, OnCallSpan, Rota } from '#shared/contract/contacts.ts';
import { wallClockOf } from '#shared/domain/rota/wall-clock.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { relativeText } from '../../../components/time.ts';
import { useNow } from '../../../components/use-now.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { OverrideDialog } from './override-dialog.tsx';

const DAY_MS = 86_400_000;
const SHOWN_DAYS = 14;

export type RotaPanelProps = {
  readonly rota: Rota;
  readonly people: readonly Contact[];
  readonly onEdit: () => void;
  readonly onChanged: () => void;
};

/** One rota: who is on call now, who comes next, and two weeks of it at a time. */
export function RotaPanel({ rota, people, onEdit, onChanged }: RotaPanelProps) {
  const { t } = useTranslation();
  const now = useNow(30_000);
  const [page, setPage] = useState(0);
  const [overriding, setOverriding] = useState(false);
  const onCall = useRequest('shifts.onCall', { rota: rota.id }, { refreshMs: 30_000 });
  const clock = wallClockOf(rota.timeZone);
  // From midnight there, so that the request stays the same for a day.
  const from = clock.toUtc((Math.floor(clock.toWall(now) / DAY_MS) + page * SHOWN_DAYS) * DAY_MS);
  const calendar = useRequest('shifts.calendar', { rota: rota.id, from, to: from + SHOWN_DAYS * DAY_MS });
  useEvent('channels.changed', () => {
    onCall.reload();
    calendar.reload();
  });
  const nameOf = (id: string): string => people.find((one) => one.id === id)?.name ?? t('channels:rota.gone');
  const whoIs = (ids: readonly string[]): string => ids.map(nameOf).join(t('channels:rota.and'));
  const [current] = onCall.data?.rotas ?? [];
  return (
    <Panel
      title={`${rota.name} · ${rota.timeZone}`}
      extra={
        <span className="row">
          <Button onClick={() => setOverriding(true)}>{t('channels:override.new')}</Button>
          <Button onClick={onEdit}>{t('channels:rota.change')}</Button>
        </span>
      }
    >
      {current && (
        <dl className="row" data-testid="on-call">
          <dt className="soft">{t('channels:rota.now')}</dt>
          <dd>
            {current.contacts.length === 0 ? (
              <StateBadge state="warning" word={t('channels:rota.nobody')} />
            ) : (
              <strong>
                {current.contacts.map(({ name, phone }) => (phone ? `${name} ${phone}` : name)).join(' · ')}
              </strong>
            )}
          </dd>
          <dt className="soft">
            {t('channels:rota.next', { age: relativeText(t, current.next.from, now) })}
          </dt>
          <dd>
            {current.next.people.length === 0 ? t('channels:rota.nobody') : current.next.people.join(' · ')}
          </dd>
        </dl>
      )}
      <RequestView request={calendar} rows={5}>
        {(data) => (
          <>
            {data.gaps.length > 0 && (
              <StateBadge state="warning" word={t('channels:rota.gaps', { count: data.gaps.length })} />
            )}
            <table className="table" aria-label={t('channels:rota.calendar', { name: rota.name })}>
              <thead>
                <tr>
                  <th scope="col">{t('channels:rota.from')}</th>
                  <th scope="col">{t('channels:rota.to')}</th>
                  <th scope="col">{t('channels:rota.shift')}</th>
                  <th scope="col">{t('channels:rota.who')}</th>
                </tr>
              </thead>
              <tbody>
                {data.spans.map((span) => (
                  <SpanRow key={span.from} span={span} rota={rota} now={now} who={whoIs(span.contacts)} />
                ))}
              </tbody>
            </table>
            <div className="row">
              <Button kind="quiet" onClick={() => setPage(page - 1)}>
                {t('channels:rota.before')}
              </Button>
              <Button kind="quiet" disabled={page === 0} onClick={() => setPage(0)}>
                {t('channels:rota.today')}
              </Button>
              <Button kind="quiet" onClick={() => setPage(page + 1)}>
                {t('channels:rota.after')}
              </Button>
            </div>
          </>
        )}
      </RequestView>
      {overriding && (
        <OverrideDialog
          rota={rota}
          people={people}
          onClose={() => setOverriding(false)}
          onDone={() => {
            setOverriding(false);
            onChanged();
          }}
        />
      )}
    </Panel>
  );
}

/** A moment on the clocks of the rota's zone. */
function wallText({ timeZone }: Rota, at: number): string {
  return new Date(wallClockOf(timeZone).toWall(at)).toISOString().slice(0, 16).replace('T', ' ');
}

function SpanRow(props: {
  readonly span: OnCallSpan;
  readonly rota: Rota;
  readonly now: number;
  readonly who: string;
}) {
  const { t } = useTranslation();
  const { span, rota, now, who } = props;
  const isNow = span.from <= now && now < span.to;
  const override = rota.overrides.find(({ id }) => id === span.override);
  return (
    <tr aria-current={isNow ? 'time' : undefined}>
      <td className="figure">{wallText(rota, span.from)}</td>
      <td className="figure">{wallText(rota, span.to)}</td>
      <td>
        {span.shifts.join(', ')}
        {override && (
          <span className="soft">
            {' '}
            {t('channels:override.mark')}
            {override.note === '' ? '' : `: ${override.note}`}
          </span>
        )}
      </td>
      <td>
        {who === '' ? (
          <StateBadge
            state={rota.gapsMeant || override ? 'not_watched' : 'warning'}
            word={t('channels:rota.nobody')}
          />
        ) : isNow ? (
          <strong>{who}</strong>
        ) : (
          who
        )}
      </td>
    </tr>
  );
}
