import type { Job } from '#shared/contract/jobs.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { JobControl, JobOutcome } from '../platform/jobs.ts';
import type { StoredPoint } from './catalogue.ts';
import { type BackupContext, planLink, taskInJob } from './context.ts';
import type { VerifyFindings } from './verify.ts';
import type { VerifyTask } from './verify-task.ts';

/**
 * Starts the verification of one point, or of the newest of a plan, as a job. Damage ends the job with
 * BACKUP_DAMAGE_FOUND; the report tells what is damaged.
 *
 * @returns the job, or BACKUP_POINT_MISSING, BACKUP_NO_POINTS
 */
export function startVerify(context: BackupContext, plan: string, pointId: string | undefined): Result<Job> {
  const points = context.catalogue.points(plan);
  const point = pointId === undefined ? points[0] : points.find((each) => each.id === pointId);
  if (point === undefined)
    return err(
      pointId === undefined
        ? appError('BACKUP_NO_POINTS', { name: plan })
        : appError('BACKUP_POINT_MISSING', { id: pointId }),
    );
  return ok(
    context.jobs.start({
      kind: 'verify',
      title: { zh: `校验 ${plan} 的恢复点`, en: `Verify a restore point of ${plan}` },
      link: planLink(plan),
      canPause: true,
      work: (control) => work(context, point, control),
    }),
  );
}

async function work(context: BackupContext, point: StoredPoint, control: JobControl): Promise<JobOutcome> {
  const { catalogue, clock, broadcast, logger } = context;
  const task: VerifyTask = { archivePath: point.archivePath, manifestSha256: point.manifestSha256 };
  const outcome = await taskInJob<Result<VerifyFindings>>(context, control, 'backup.verify', task);
  if (!outcome.ok) {
    if (outcome.error.code === 'BACKUP_ARCHIVE_ABSENT') {
      catalogue.setPointState(point.id, 'missing');
      broadcast('backup.changed', { plan: point.plan });
    }
    return outcome;
  }
  const findings = outcome.value;
  const error: AppError | null = findings.ok
    ? null
    : appError('BACKUP_DAMAGE_FOUND', { point: point.id, count: findings.damaged.length });
  catalogue.setVerified(clock.now(), { pointId: point.id, ...findings }, error);
  broadcast('backup.changed', { plan: point.plan });
  if (error === null) return ok({ kind: 'point', id: point.id });
  logger.log('error', 'damage found', { plan: point.plan, point: point.id, places: findings.damaged.length });
  return err(error);
}
