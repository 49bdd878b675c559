import { Link } from 'react-router';
import type { BackupPlan } from '#shared/contract/backup.ts';
import type { Measured } from '#shared/contract/recovery-drills.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { JobProgressView } from '../../components/job-progress-view.tsx';
import { absoluteText, durationText, relativeText } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { ObjectiveBadge } from './badges.tsx';
import type { Objective } from './objective.ts';
import { newsOf } from './plan-news.ts';
import { rtoText } from './promise-panel.tsx';
import { RunNow } from './run-now.tsx';
import { planPath, useJobsOf } from './use-backups.ts';

export type PlanCardProps = {
  readonly plan: BackupPlan;
  readonly objective: Objective;
  /** What was measured of its objectives, when that is known. */
  readonly measured?: Measured | undefined;
};

/** One plan in the list: how it stands, what it promises, what is real, and the button that helps. */
export function PlanCard({ plan, objective, measured }: PlanCardProps) {
  const { t } = useTranslation();
  const jobs = useJobsOf(plan.name);
  const news = newsOf(jobs, plan.lastError);
  return (
    <article className="plan-card" data-testid="plan-card" data-plan={plan.name} data-state={objective.state}>
      <div className="plan-head">
        <ObjectiveBadge state={objective.state} />
        <h2>
          <Link to={planPath(plan.name)}>{plan.name}</Link>
        </h2>
        <span className="soft">{t(`backups:dataClass.${plan.dataClass}`)}</span>
        <span className="spacer" />
        <RunNow plan={plan} busy={jobs.some((job) => job.endedAt === null)} />
        <Link className="btn" to={`${planPath(plan.name)}?tab=points`}>
          {t('backups:plan.open')}
        </Link>
      </div>
      <PromiseLine plan={plan} objective={objective} measured={measured} />
      {news.lastError && <ErrorNotice error={news.lastError} />}
      {news.jobs.map((job) => (
        <JobProgressView key={job.id} job={job} />
      ))}
    </article>
  );
}

/** The promise beside the reality, in words. */
export function PromiseLine({ plan, objective, measured }: PlanCardProps) {
  const { t } = useTranslation();
  const now = useNow(30_000);
  const { rpoMs, verifiedPoint, overMs } = objective;
  return (
    <div className="promise figure">
      <span>
        {rpoMs === null
          ? t('backups:plan.noPromise')
          : t('backups:plan.promise', { rpo: durationText(t, rpoMs) })}
      </span>
      <span title={verifiedPoint ? absoluteText(verifiedPoint.startedAt) : ''}>
        {verifiedPoint
          ? t('backups:plan.reality', { age: relativeText(t, verifiedPoint.startedAt, now) })
          : t('backups:plan.realityNever')}
      </span>
      {overMs !== null && (
        <span className="state-critical">{t('backups:plan.over', { time: durationText(t, overMs) })}</span>
      )}
      {measured && measured.rtoMs !== null && (
        <span className={measured.rtoState === 'breached' ? 'state-critical' : ''}>
          {t('plans:promise.rtoLine', {
            rto: durationText(t, measured.rtoMs),
            measured: rtoText(t, measured),
          })}
        </span>
      )}
      <span className="soft">{t('backups:plan.points', { count: plan.points })}</span>
      <span className="soft">
        {plan.nextRunAt === null
          ? t('backups:plan.byHand')
          : t('plans:next', {
              time: absoluteText(plan.nextRunAt).slice(0, 16),
              type: t(`backups:type.${plan.nextRunType ?? 'full'}`),
            })}
      </span>
    </div>
  );
}
