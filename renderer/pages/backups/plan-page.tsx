import { useMemo, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { BackupPlan, ListedPoint } from '#shared/contract/backup.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { JobProgressView } from '../../components/job-progress-view.tsx';
import { PageHeader, Panel } from '../../components/page-header.tsx';
import { PageTabs, useTab } from '../../components/page-tabs.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useCall } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { ObjectiveBadge } from './badges.tsx';
import { PromiseLine } from './plan-card.tsx';
import { newsOf } from './plan-news.ts';
import { RunNow } from './run-now.tsx';
import { planTabs } from './tabs/plan-tabs.ts';
import { useBackups, useJobsOf } from './use-backups.ts';

/** One plan: how it stands, its points, what it is made of. */
export function PlanPage() {
  const { t } = useTranslation();
  const { name = '' } = useParams();
  const backups = useBackups();
  const tab = useTab(planTabs);
  const { assessed } = backups;
  const points = useMemo(
    () => (backups.points.data?.points ?? []).filter((point) => point.plan === name),
    [backups.points.data, name],
  );
  const found = assessed?.find(({ plan }) => plan.name === name);
  const error = backups.plans.error ?? backups.points.error;
  if (assessed === null) {
    return (
      <div className="page">
        {error && error.code !== 'ENGINE_GONE' ? (
          <ErrorNotice error={error} onRetry={backups.reload} />
        ) : (
          <Skeleton rows={8} />
        )}
      </div>
    );
  }
  // Archives of a plan that was removed are still there: its points are shown all the same.
  if (!found && points.length === 0) {
    return (
      <div className="page">
        <EmptyState
          title={t('backups:plan.missing', { name })}
          action={<Link to="/backups">{t('backups:plan.back')}</Link>}
        />
      </div>
    );
  }
  return (
    <div className="page stack">
      <PageHeader
        title={name}
        summary={
          found && (
            <span className="row">
              <ObjectiveBadge state={found.objective.state} />
              <PromiseLine plan={found.plan} objective={found.objective} />
            </span>
          )
        }
        actions={<PlanActions {...(found ? { plan: found.plan } : {})} name={name} points={points} />}
      />
      <News name={name} lastError={found?.plan.lastError ?? null} />
      <PageTabs tabs={planTabs} current={tab?.id} label={t('backups:tabs.planLabel', { name })} />
      {tab && (
        <tab.Component
          name={name}
          plan={found?.plan ?? null}
          objective={found?.objective ?? null}
          points={points}
        />
      )}
    </div>
  );
}

type PlanActionsProps = {
  readonly plan?: BackupPlan;
  readonly name: string;
  readonly points: readonly ListedPoint[];
};

function PlanActions({ plan, name, points }: PlanActionsProps) {
  const { t } = useTranslation();
  const call = useCall();
  const navigate = useNavigate();
  const busy = useJobsOf(name).some((job) => job.endedAt === null);
  const [error, setError] = useState<AppError | null>(null);
  const verify = async (): Promise<void> => {
    const answer = await call('backup.verify', { name });
    setError(answer.ok ? null : answer.error);
  };
  return (
    <>
      {error && <ErrorNotice error={error} />}
      {plan && <RunNow plan={plan} busy={busy} />}
      {plan && (
        <Link className="btn" to={`/backups/plans/${encodeURIComponent(name)}/edit`}>
          {t('plans:edit')}
        </Link>
      )}
      {plan && points.length > 0 && (
        <Button disabled={busy} onClick={() => void verify()}>
          {t('backups:plan.verify')}
        </Button>
      )}
      <Button
        disabled={points.length === 0}
        onClick={() => void navigate(`/recovery/restore?plan=${encodeURIComponent(name)}`)}
      >
        {t('backups:plan.restore')}
      </Button>
    </>
  );
}

/** What goes on with this plan, or ended just now, and why its last run failed. */
function News({ name, lastError }: { readonly name: string; readonly lastError: AppError | null }) {
  const news = newsOf(useJobsOf(name), lastError);
  return (
    <>
      {news.jobs.map((job) => (
        <Panel key={job.id}>
          <JobProgressView job={job} />
        </Panel>
      ))}
      {news.lastError && <ErrorNotice error={news.lastError} />}
    </>
  );
}
