import { useMemo } from 'react';
import { PageHeader } from '../../components/page-header.tsx';
import { PageTabs, useTab } from '../../components/page-tabs.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useSite } from '../../stores/site.ts';
import { alertsTabs } from './alerts-tabs.ts';
import { useAlertViews } from './use-alerts.ts';

/** What is wrong, what was, and who is told of it: one view each. */
export function AlertsPage() {
  const { t } = useTranslation();
  const alerts = useAlertViews();
  const tab = useTab(alertsTabs);
  const status = useSite((state) => state.status?.problems);
  const counts = useCounts(alerts.data?.alerts.length ?? null);
  return (
    <div className="page">
      <PageHeader
        title={t('alerts:title')}
        summary={
          status && (
            <StateBadge
              state={status.critical > 0 ? 'critical' : status.warning > 0 ? 'warning' : 'ok'}
              word={t('alerts:summary', status)}
            />
          )
        }
      />
      <PageTabs tabs={alertsTabs} current={tab?.id} label={t('alerts:tabs.label')} counts={counts} />
      {tab && <tab.Component alerts={alerts} />}
    </div>
  );
}

/** How many there are of what a tab shows, where a person wants to know before going there. */
function useCounts(firing: number | null): Readonly<Record<string, number>> {
  const silences = useRequest('notify.silences.list', {}, { refreshMs: 60_000 });
  useEvent('notify.changed', silences.reload);
  const silenced = silences.data?.silences.length ?? 0;
  return useMemo(
    () => ({ ...(firing === null ? {} : { firing }), ...(silenced === 0 ? {} : { silences: silenced }) }),
    [firing, silenced],
  );
}
