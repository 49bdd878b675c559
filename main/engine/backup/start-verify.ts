import type { Job } from '#shared/contract/jobs.ts';
import { type AppError, appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import type { JobControl, JobOutcome } from '../platform/jobs.ts';
import type { StoredPoint } from './catalogue.ts';
import { knownChain, linksOf } from './chain.ts';
import { type BackupContext, type PauseMemory, planLink, taskInJob } from './context.ts';
import type { PointFindings, VerifyTask } from './verify-task.ts';

/**
 * Starts the verification of one point with all it builds on, or of all points of a plan, newest first, as a job. Damage ends the job with
 * BACKUP_DAMAGE_FOUND when all are done; the reports tell what is damaged.
 *
 * @returns the job, or BACKUP_POINT_MISSING, BACKUP_NO_POINTS, BACKUP_CHAIN_BROKEN
 */
export function startVerify(context: BackupContext, plan: string, pointId: string | undefined): Result<Job> {
  const all = context.catalogue.points(plan);
  const asked = all.find((point) => point.id === pointId);
  const chain = asked === undefined ? null : knownChain(asked, all);
  if (chain?.ok === false) return chain;
  const points = pointId === undefined ? all : (chain?.value.toReversed() ?? []);
  if (points.length === 0)
    return err(
      pointId === undefined
        ? appError('BACKUP_NO_POINTS', { name: plan })
        : appError('BACKUP_POINT_MISSING', { id: pointId }),
    );
  return ok(
    verifyJob(
      context,
      plan,
      points,
      pointId === undefined
        ? { zh: `校验 ${plan} 的全部恢复点`, en: `Verify the restore points of ${plan}` }
        : { zh: `校验 ${plan} 的恢复点`, en: `Verify a restore point of ${plan}` },
    ),
  );
}

/** Starts the verification of these archives alone, in this order, as a job that ends as {@link startVerify} says. */
export function verifyJob(
  context: BackupContext,
  plan: string,
  points: readonly StoredPoint[],
  title: Bilingual,
): Job {
  return context.jobs.start({
    kind: 'verify',
    title,
    link: planLink(plan),
    canPause: true,
    work: (control) => work(context, points, control),
  });
}

async function work(
  context: BackupContext,
  points: readonly StoredPoint[],
  control: JobControl,
): Promise<JobOutcome> {
  let damage: AppError | null = null;
  let other: AppError | null = null;
  const pause: PauseMemory = { isPaused: false };
  for (const point of points) {
    const error = await verifyOne(context, point, control, pause);
    if (error?.code === 'CANCELLED') return err(error);
    // The worst is told at the end: damage before an absent medium, the newest point first.
    if (error?.code === 'BACKUP_DAMAGE_FOUND') damage ??= error;
    else other ??= error;
  }
  const worst = damage ?? other;
  return worst === null ? ok({ kind: 'point', id: points[0]?.id ?? '' }) : err(worst);
}

/** @returns what is wrong with the point, or null when it is sound */
async function verifyOne(
  context: BackupContext,
  point: StoredPoint,
  control: JobControl,
  pause: PauseMemory,
): Promise<AppError | null> {
  const { catalogue, clock, broadcast, logger } = context;
  const chain = knownChain(point, catalogue.points());
  const task: VerifyTask = {
    archivePath: point.archivePath,
    manifestSha256: point.manifestSha256,
    earlier: chain.ok ? linksOf(chain.value.slice(0, -1)) : [],
    identities: [...context.keyRing.keys().identities],
    archiveBytes: point.archiveBytes,
    ...(point.report.archiveSha256 === undefined ? {} : { archiveSha256: point.report.archiveSha256 }),
  };
  const outcome = await taskInJob<Result<PointFindings>>(
    context,
    control,
    'backup.verify',
    task,
    undefined,
    pause,
  );
  if (!outcome.ok) {
    if (outcome.error.code === 'BACKUP_ARCHIVE_ABSENT') {
      catalogue.setPointState(point.id, 'missing');
      broadcast('backup.changed', { plan: point.plan });
    }
    return outcome.error;
  }
  const findings = outcome.value;
  const error = findings.ok
    ? null
    : appError('BACKUP_DAMAGE_FOUND', { point: point.id, count: findings.damaged.length });
  const { proven, ...report } = { proven: true, ...findings };
  // Hashes that lie beside the archive only prove too little for a stamp.
  const at = proven ? clock.now() : point.verifiedAt;
  catalogue.setVerified(at, { pointId: point.id, ...report }, error);
  broadcast('backup.changed', { plan: point.plan });
  if (error !== null)
    logger.log('error', 'damage found', {
      plan: point.plan,
      point: point.id,
      places: findings.damaged.length,
    });
  return error;
}
