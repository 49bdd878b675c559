import { useMemo } from 'react';
import { Link } from 'react-router';
import type { AlertStatistic } from '#shared/contract/notify.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { durationText } from '../../../components/time.ts';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { Span } from './use-span.ts';

/** What each rule cost in a span of time, those first that somebody should change. */
export function StatisticsView({ span }: { readonly span: Span }) {
  const { t } = useTranslation();
  const request = useRequest('notify.statistics', { from: span.from, to: span.to }, { patient: true });
  const columns = useColumns();
  return (
    <RequestView request={request} rows={8}>
      {({ statistics, totals, lateAfterMs }) => (
        <div className="stack statistics">
          <p>
            {t('alerts:statistics.totals', {
              alerts: totals.alerts,
              notices: totals.notices,
              suppressed: totals.suppressed,
              acknowledged: totals.acknowledged,
            })}
            {totals.meanToAcknowledgeMs !== null &&
              ` ${t('alerts:statistics.mean', { time: durationText(t, totals.meanToAcknowledgeMs) })}`}
          </p>
          <p className="soft small">
            {t('alerts:statistics.marksMean', { time: durationText(t, lateAfterMs) })}
          </p>
          <DataTable
            id="alert-statistics"
            label={t('alerts:history.view.statistics')}
            columns={columns}
            rows={statistics}
            rowKey={({ name, rule }) => `${rule?.file} ${rule?.group} ${name}`}
            defaultSort={{ column: 'marks', descending: false }}
            empty={<EmptyState title={t('alerts:statistics.none')} />}
          />
        </div>
      )}
    </RequestView>
  );
}

/** Rules that somebody should change first, then those that told most; those that never fired come last. */
export function urgency({ marks, notices, alerts }: AlertStatistic): number {
  const isMarked = marks.some((mark) => mark !== 'never_fired');
  return (isMarked ? -2e9 : alerts > 0 ? -1e9 : 0) - notices;
}

function useColumns(): readonly Column<AlertStatistic>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const time = (ms: number | null): string => (ms === null || ms === 0 ? '—' : durationText(t, ms));
    const count = (
      id: 'alerts' | 'openings' | 'notices' | 'suppressed' | 'acknowledged' | 'ignored',
    ): Column<AlertStatistic> => ({
      id,
      title: t(`alerts:statistics.${id}`),
      width: 82,
      align: 'right',
      text: (row) => row[id].toLocaleString('en-US'),
      sortBy: (row) => row[id],
    });
    return [
      {
        id: 'name',
        title: t('alerts:facts.rule'),
        width: 180,
        text: ({ name }) => name,
        render: ({ name, rule }) =>
          rule === null ? (
            name
          ) : (
            <Link to={`/alerts?tab=rules&rule=${encodeURIComponent(name)}`}>{name}</Link>
          ),
        sortBy: ({ name }) => name,
      },
      {
        id: 'marks',
        title: t('alerts:statistics.mark'),
        width: 150,
        text: ({ marks }) => marks.map((mark) => t(`alerts:statistics.marks.${mark}`)).join(', '),
        sortBy: urgency,
      },
      count('alerts'),
      count('openings'),
      count('notices'),
      count('suppressed'),
      count('acknowledged'),
      count('ignored'),
      {
        id: 'open',
        title: t('alerts:statistics.open'),
        width: 110,
        align: 'right',
        text: ({ openMs }) => time(openMs),
        sortBy: ({ openMs }) => openMs,
      },
      {
        id: 'toAcknowledge',
        title: t('alerts:statistics.toAcknowledge'),
        width: 110,
        align: 'right',
        text: ({ meanToAcknowledgeMs }) => time(meanToAcknowledgeMs),
        sortBy: ({ meanToAcknowledgeMs }) => meanToAcknowledgeMs ?? -1,
      },
      {
        id: 'toResolve',
        title: t('alerts:statistics.toResolve'),
        width: 110,
        align: 'right',
        text: ({ meanToResolveMs }) => time(meanToResolveMs),
        sortBy: ({ meanToResolveMs }) => meanToResolveMs ?? -1,
      },
    ];
  }, [t]);
}
