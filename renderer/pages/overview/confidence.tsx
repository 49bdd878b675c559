import type { Overview } from '#shared/contract/site.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { RelativeTime } from '../../components/figures.tsx';
import { Panel } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { StateBadge, type StateName } from '../../components/state-badge.tsx';
import { durationText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';

type Entry = Overview['restoreConfidence'][number];

const shapeOf: Readonly<Record<Entry['state'], StateName>> = {
  ok: 'ok',
  late: 'warning',
  never: 'critical',
  broken: 'critical',
};

/** For each backup plan: could its data be had back, and how old would it be. */
export function Confidence({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('overview:confidence.title')}>
      {overview.restoreConfidence.length === 0 ? (
        <EmptyState
          title={t('overview:confidence.none')}
          body={t('overview:confidence.noneBody')}
          action={
            <PageLink className="btn" to="/backups/plans/new">
              {t('overview:confidence.add')}
            </PageLink>
          }
        />
      ) : (
        <ul className="plain-list" data-testid="confidence">
          {overview.restoreConfidence.map((entry) => (
            <li key={entry.plan} className="confidence">
              <div className="row">
                <PageLink to={`/backups/${encodeURIComponent(entry.plan)}`}>{entry.plan}</PageLink>
                <StateBadge state={shapeOf[entry.state]} word={t(`overview:confidence.${entry.state}`)} />
              </div>
              <div className="soft small">
                {t(`overview:confidence.${entry.dataClass}`)} · {t('overview:confidence.lastPoint')}{' '}
                <RelativeTime time={entry.lastPointAt} /> · {t('overview:confidence.lastVerified')}{' '}
                <RelativeTime time={entry.lastVerifiedAt} />
                {entry.rpoMs !== null &&
                  ` · ${t('overview:confidence.rpo', { time: durationText(t, entry.rpoMs) })}`}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
