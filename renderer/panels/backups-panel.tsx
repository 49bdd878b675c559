import { EmptyState } from '../components/empty-state.tsx';
import { RelativeTime } from '../components/figures.tsx';
import { PageLink } from '../components/page-link.tsx';
import { RequestView } from '../components/request-view.tsx';
import { StateBadge, type StateName } from '../components/state-badge.tsx';
import { durationText } from '../components/time.ts';
import { useRequest } from '../components/use-request.ts';
import { useTranslation } from '../locales/use-translation.ts';
import type { PanelViewProps } from './panel-types.ts';

const shapeOf: Readonly<Record<'ok' | 'late' | 'never' | 'broken', StateName>> = {
  ok: 'ok',
  late: 'warning',
  never: 'critical',
  broken: 'critical',
};

/** How often the state of the backups is asked for, milliseconds. */
const EVERY_MS = 60_000;

/** Could the data of each plan be had back, and how old would it be. */
export function BackupsPanel({ panel, data }: PanelViewProps<'backups'>) {
  const { t } = useTranslation();
  const request = useRequest('site.overview', {}, { refreshMs: EVERY_MS, enabled: data.alive });
  if (!data.alive && request.data === null) return null;
  return (
    <RequestView request={request} rows={3}>
      {({ restoreConfidence }) => {
        const shown = restoreConfidence.filter(
          ({ plan }) => panel.plans.length === 0 || panel.plans.includes(plan),
        );
        if (shown.length === 0)
          return (
            <EmptyState
              title={t('overview:confidence.none')}
              action={
                <PageLink className="btn" to="/backups/plans/new">
                  {t('overview:confidence.add')}
                </PageLink>
              }
            />
          );
        return (
          <table className="plain-table" aria-label={data.title}>
            <thead>
              <tr>
                <th scope="col">{t('dashboards:panel.plan')}</th>
                <th scope="col">{t('dashboards:panel.state')}</th>
                <th scope="col">{t('overview:confidence.lastVerified')}</th>
                <th scope="col">RPO</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((entry) => (
                <tr key={entry.plan}>
                  <td>
                    <PageLink to={`/backups/${encodeURIComponent(entry.plan)}`}>{entry.plan}</PageLink>
                  </td>
                  <td>
                    <StateBadge state={shapeOf[entry.state]} word={t(`overview:confidence.${entry.state}`)} />
                  </td>
                  <td>
                    <RelativeTime time={entry.lastVerifiedAt} />
                  </td>
                  <td className="figure">{entry.rpoMs === null ? '—' : durationText(t, entry.rpoMs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        );
      }}
    </RequestView>
  );
}
