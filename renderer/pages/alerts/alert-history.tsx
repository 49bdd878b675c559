import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import type { Problem, Severity } from '#shared/contract/site.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { AbsoluteTime } from '../../components/figures.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { absoluteText, durationText } from '../../components/time.ts';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';

const RANK: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/** Every alert that the console remembers, newest first, with how long it lasted. */
export function AlertHistory({ severity }: { readonly severity: Severity | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const columns = useColumns();
  const alerts = useRequest('alerts.list', { state: 'all', limit: 5000 });
  useEvent('alerts.changed', alerts.reload);
  return (
    <RequestView request={alerts} rows={10}>
      {(data) => (
        <DataTable
          id="alert-history"
          label={t('alerts:table')}
          columns={columns}
          rows={data.alerts.filter((alert) => severity === null || alert.severity === severity)}
          rowKey={(alert) => `${alert.id}@${alert.since}`}
          total={data.total}
          defaultSort={{ column: 'since', descending: true }}
          onOpen={(alert) => void navigate(alert.link)}
          empty={<EmptyState title={t('alerts:noHistory')} body={t('alerts:noHistoryBody')} />}
        />
      )}
    </RequestView>
  );
}

function useColumns(): readonly Column<Problem>[] {
  const { t } = useTranslation();
  const text = useText();
  return useMemo(
    () => [
      {
        id: 'severity',
        title: t('alerts:column.severity'),
        text: (alert) => t(`common:state.${alert.severity}`),
        render: (alert) => <StateBadge state={alert.severity} />,
        sortBy: (alert) => RANK[alert.severity],
        width: 96,
      },
      {
        id: 'state',
        title: t('alerts:column.state'),
        text: (alert) => t(alert.until === null ? 'alerts:stateFiring' : 'alerts:stateResolved'),
        sortBy: (alert) => (alert.until === null ? 0 : 1),
        width: 84,
      },
      {
        id: 'sentence',
        title: t('alerts:column.sentence'),
        text: (alert) => text(alert.sentence),
        sortBy: (alert) => text(alert.sentence),
        width: 460,
      },
      {
        id: 'since',
        title: t('alerts:column.since'),
        text: (alert) => absoluteText(alert.since),
        render: (alert) => <AbsoluteTime time={alert.since} />,
        sortBy: (alert) => alert.since,
        width: 160,
      },
      {
        id: 'until',
        title: t('alerts:column.until'),
        text: (alert) => (alert.until === null ? '—' : absoluteText(alert.until)),
        sortBy: (alert) => alert.until ?? Number.MAX_SAFE_INTEGER,
        width: 160,
      },
      {
        id: 'length',
        title: t('alerts:column.length'),
        text: (alert) => durationText(t, (alert.until ?? Date.now()) - alert.since),
        sortBy: (alert) => (alert.until ?? Date.now()) - alert.since,
        align: 'right',
        width: 130,
      },
    ],
    [t, text],
  );
}
