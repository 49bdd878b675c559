import { useMemo } from 'react';
import { EmptyState } from '../components/empty-state.tsx';
import { RelativeTime } from '../components/figures.tsx';
import { PageLink } from '../components/page-link.tsx';
import { RequestView } from '../components/request-view.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { useEvent, useRequest } from '../components/use-request.ts';
import { useText } from '../components/use-text.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { chosenProblems } from './alert-filter.ts';
import type { PanelViewProps } from './panel-types.ts';

/** What is wrong, the worst first. */
export function AlertsPanel({ panel, data }: PanelViewProps<'alerts'>) {
  const { t } = useTranslation();
  const text = useText();
  const request = useRequest(
    'alerts.list',
    { state: panel.show, limit: 1_000 },
    { subject: panel.show, enabled: data.alive },
  );
  const { reload } = request;
  useEvent('alerts.changed', () => {
    if (data.alive) reload();
  });
  const { fill } = data;
  const chosen = useMemo(
    () => chosenProblems(request.data?.alerts ?? [], panel, fill),
    [request.data, panel, fill],
  );
  if (!data.alive && request.data === null) return null;
  return (
    <RequestView request={request} rows={4}>
      {() =>
        chosen.length === 0 ? (
          <EmptyState title={t('dashboards:panel.noAlerts')} />
        ) : (
          <ul className="panel-alerts" aria-label={data.title}>
            {chosen.slice(0, panel.limit).map((problem) => (
              <li key={problem.id} className="panel-alert">
                <StateBadge
                  state={problem.until === null ? problem.severity : 'ok'}
                  {...(problem.until === null ? {} : { word: t('dashboards:panel.ended') })}
                />
                <PageLink to={problem.link}>{text(problem.sentence)}</PageLink>
                <span className="soft small">
                  <RelativeTime time={problem.since} />
                </span>
              </li>
            ))}
            {chosen.length > panel.limit && (
              <li className="soft small">
                {t('dashboards:panel.moreAlerts', { count: chosen.length - panel.limit })}
              </li>
            )}
          </ul>
        )
      }
    </RequestView>
  );
}
