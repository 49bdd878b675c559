import { useNavigate } from 'react-router';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { FindFiles } from '../find-files.tsx';
import { PlanCard } from '../plan-card.tsx';
import { useMeasured } from '../promise-panel.tsx';
import type { BackupsTabProps } from './backups-tabs.ts';

/** Plans against their promises, breaches first; then a search for files over all points. */
export function PlansTab({ backups }: BackupsTabProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const measured = useMeasured();
  return (
    <>
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
              {(backups.assessed ?? []).map(({ plan, objective }) => (
                <PlanCard
                  key={plan.id}
                  plan={plan}
                  objective={objective}
                  measured={measured.get(plan.name)}
                />
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
    </>
  );
}
