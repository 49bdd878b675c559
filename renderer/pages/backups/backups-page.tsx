import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader, Panel } from '../../components/page-header.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { FindFiles } from './find-files.tsx';
import { type AssessedPlan, isBreach } from './objective.ts';
import { PlanCard } from './plan-card.tsx';
import { RebuildDialog, RebuildJobs } from './rebuild-dialog.tsx';
import { useBackups } from './use-backups.ts';

/** Plans against their promises, breaches first; then a search for files over all points. */
export function BackupsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const backups = useBackups();
  const [rebuilding, setRebuilding] = useState(false);
  const { assessed } = backups;
  return (
    <div className="page stack">
      <PageHeader
        title={t('backups:title')}
        summary={assessed && assessed.length > 0 && <Summary plans={assessed} />}
        actions={
          <>
            <Button onClick={() => setRebuilding(true)}>{t('backups:rebuild')}</Button>
            <Link className="btn btn-primary" to="/backups/plans/new">
              {t('backups:newPlan')}
            </Link>
          </>
        }
      />
      <RebuildJobs onEnded={backups.reload} />
      <RequestView request={backups.plans} rows={6}>
        {({ plans }) =>
          plans.length === 0 ? (
            <EmptyState
              title={t('backups:none.title')}
              body={t('backups:none.body')}
              action={
                <Button kind="primary" onClick={() => void navigate('/backups/plans/new')}>
                  {t('backups:newPlan')}
                </Button>
              }
            />
          ) : (
            <section className="plan-list" aria-label={t('backups:plan.list')}>
              {(assessed ?? []).map(({ plan, objective }) => (
                <PlanCard key={plan.id} plan={plan} objective={objective} />
              ))}
            </section>
          )
        }
      </RequestView>
      {(backups.points.data?.points.length ?? 0) > 0 && (
        <Panel title={t('backups:find.label')}>
          <FindFiles
            onRestore={({ path, plan }) =>
              void navigate(
                `/recovery/restore?plan=${encodeURIComponent(plan)}&path=${encodeURIComponent(path)}`,
              )
            }
          />
        </Panel>
      )}
      {rebuilding && <RebuildDialog onClose={() => setRebuilding(false)} />}
    </div>
  );
}

function Summary({ plans }: { readonly plans: readonly AssessedPlan[] }) {
  const { t } = useTranslation();
  const breaches = plans.filter(({ objective }) => isBreach(objective.state)).length;
  return breaches === 0 ? (
    <StateBadge state="ok" word={t('backups:summaryOk', { plans: plans.length })} />
  ) : (
    <StateBadge state="critical" word={t('backups:summaryBreach', { plans: plans.length, breaches })} />
  );
}
