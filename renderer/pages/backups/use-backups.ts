import { useCallback, useMemo } from 'react';
import type { BackupPlan, ListedPoint } from '#shared/contract/backup.ts';
import type { Job } from '#shared/contract/jobs.ts';
import { useNow } from '../../components/use-now.ts';
import { type RequestState, useEvent, useRequest } from '../../components/use-request.ts';
import { useJobs } from '../../stores/jobs.ts';
import { type AssessedPlan, assessPlans } from './objective.ts';

/** Plans and points as the engine knows them, kept fresh by its events. */
export type Backups = {
  readonly plans: RequestState<{ plans: BackupPlan[] }>;
  readonly points: RequestState<{ points: ListedPoint[] }>;
  /** Plans against their promises, breaches first; null until both are known. */
  readonly assessed: readonly AssessedPlan[] | null;
  readonly reload: () => void;
};

/** Asks for plans and points, and again whenever the engine says that something changed. */
export function useBackups(): Backups {
  const plans = useRequest('backup.plans.list', {});
  const points = useRequest('backup.points.list', {});
  const now = useNow(30_000);
  const reloadPlans = plans.reload;
  const reloadPoints = points.reload;
  const reload = useCallback(() => {
    reloadPlans();
    reloadPoints();
  }, [reloadPlans, reloadPoints]);
  useEvent('backup.changed', reload);
  const assessed = useMemo(
    () => (plans.data && points.data ? assessPlans(plans.data.plans, points.data.points, now) : null),
    [plans.data, points.data, now],
  );
  return { plans, points, assessed, reload };
}

/** The address of a plan's page. */
export function planPath(name: string): string {
  return `/backups/${encodeURIComponent(name)}`;
}

/** The address of a point's page. */
export function pointPath(pointId: string): string {
  return `/backups/points/${encodeURIComponent(pointId)}`;
}

/** Jobs of a plan that are going on or ended within the last minutes, newest first. */
export function useJobsOf(name: string): readonly Job[] {
  const jobs = useJobs((state) => state.jobs);
  const now = useNow(60_000);
  return useMemo(
    () =>
      jobs.filter(
        (job) =>
          (job.kind === 'backup' || job.kind === 'verify' || job.kind === 'prune') &&
          job.link === planPath(name) &&
          (job.endedAt === null || now - job.endedAt < 300_000),
      ),
    [jobs, name, now],
  );
}
