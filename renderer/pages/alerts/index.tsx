import { useSearchParams } from 'react-router';
import { type Severity, severitySchema } from '#shared/contract/site.ts';
import type { PageModule } from '../../app/page-module.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ProblemLine } from '../../components/problem-line.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useSite } from '../../stores/site.ts';
import { AlertHistory } from './alert-history.tsx';

const severities: readonly Severity[] = severitySchema.options;

/** What the address says: `view=history`, `severity=critical`. */
function useAlertView() {
  const [params, setParams] = useSearchParams();
  const set = (key: 'view' | 'severity', value: string): void =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      if (value === '') next.delete(key);
      else next.set(key, value);
      return next;
    });
  return {
    history: params.get('view') === 'history',
    severity: severities.find((known) => known === params.get('severity')) ?? null,
    set,
  };
}

function AlertsPage() {
  const { t } = useTranslation();
  const view = useAlertView();
  const counts = useSite((state) => state.status?.problems);
  return (
    <div className="page">
      <PageHeader
        title={t('alerts:title')}
        summary={counts && t('alerts:summary', counts)}
        actions={
          <>
            <select
              className="input"
              aria-label={t('alerts:severityFilter')}
              value={view.severity ?? ''}
              onChange={(event) => view.set('severity', event.target.value)}
            >
              <option value="">{t('alerts:allSeverities')}</option>
              {severities.map((severity) => (
                <option key={severity} value={severity}>
                  {t(`common:state.${severity}`)}
                </option>
              ))}
            </select>
            <fieldset className="segmented" aria-label={t('alerts:view')}>
              <Button aria-pressed={!view.history} onClick={() => view.set('view', '')}>
                {t('alerts:firing')}
              </Button>
              <Button aria-pressed={view.history} onClick={() => view.set('view', 'history')}>
                {t('alerts:history')}
              </Button>
            </fieldset>
          </>
        }
      />
      {view.history ? <AlertHistory severity={view.severity} /> : <Firing />}
    </div>
  );
}

/** What is wrong now, worst first. */
function Firing() {
  const { t } = useTranslation();
  const view = useAlertView();
  const alerts = useRequest('alerts.list', { state: 'firing' }, { refreshMs: 15_000 });
  useEvent('alerts.changed', alerts.reload);
  return (
    <RequestView request={alerts}>
      {(data) => {
        const shown = data.alerts
          .filter((alert) => view.severity === null || alert.severity === view.severity)
          .toSorted(
            (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.since - b.since,
          );
        if (data.alerts.length === 0) {
          return (
            <EmptyState
              title={t('alerts:none')}
              body={t('alerts:noneBody')}
              action={<Button onClick={() => view.set('view', 'history')}>{t('alerts:toHistory')}</Button>}
            />
          );
        }
        if (shown.length === 0) {
          return (
            <EmptyState
              title={t('alerts:noneFiltered')}
              action={<Button onClick={() => view.set('severity', '')}>{t('alerts:showAll')}</Button>}
            />
          );
        }
        return (
          <>
            <p className="soft figure" role="status">
              {t('common:table.shown', { shown: shown.length, total: data.total })}
            </p>
            <ul className="problem-list" data-testid="firing">
              {shown.map((alert) => (
                <ProblemLine key={alert.id} problem={alert} />
              ))}
            </ul>
          </>
        );
      }}
    </RequestView>
  );
}

/** What is wrong now, and what was. */
export const alertsPage: PageModule = { id: 'alerts', Component: AlertsPage, keys: [] };
