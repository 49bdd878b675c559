import { existsSync } from 'node:fs';
import * as z from 'zod';
import type { Job } from '#shared/contract/jobs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { JobControl, JobOutcome } from '../platform/jobs.ts';
import type { NewPoint } from './catalogue.ts';
import { standings } from './chain.ts';
import { type BackupContext, taskInJob } from './context.ts';
import type { InspectDone, Inspected, InspectTask } from './inspect-task.ts';

/** How deep media are searched for archives. */
const SEARCH_DEPTH = 12;

// The task is this program's own code; the shape is checked, the point inside is taken as it is typed.
const inspectedMessage = z.object({ kind: z.enum(['point', 'unreadable']) });

/**
 * Puts what the thread found into the catalogue, at once.
 *
 * @returns the point, or null when it is unreadable, or a copy of one that is at hand
 */
export function takeInspected(context: BackupContext, message: unknown): NewPoint | null {
  if (context.closing.aborted || !inspectedMessage.safeParse(message).success) return null;
  const inspected = message as Inspected;
  if (inspected.kind === 'unreadable') {
    context.logger.log('warn', 'an archive could not be catalogued', {
      path: inspected.path,
      code: inspected.error.code,
      detail: inspected.error.detail,
    });
    return null;
  }
  const { point } = inspected;
  const known = context.catalogue.point(point.id);
  // A copy on another medium must not take the place of an archive that is at hand.
  if (known !== null && known.archivePath !== point.archivePath && existsSync(known.archivePath)) return null;
  context.catalogue.addPoint(point);
  return point;
}

/** Starts rebuilding the catalogue from folders alone, as a job. */
export function startRebuild(context: BackupContext, dirs: readonly string[]): Result<Job> {
  return ok(
    context.jobs.start({
      kind: 'rebuild',
      title: { zh: '重建备份目录', en: 'Rebuild the backup catalogue' },
      link: '/backups',
      canPause: true,
      work: (control) => work(context, dirs, control),
    }),
  );
}

async function work(
  context: BackupContext,
  dirs: readonly string[],
  control: JobControl,
): Promise<JobOutcome> {
  const plans = new Set<string>();
  const task: InspectTask = { paths: [...dirs], depth: SEARCH_DEPTH, indexDir: context.indexDir };
  const outcome = await taskInJob<Result<InspectDone>>(
    context,
    control,
    'backup.inspect',
    task,
    (message) => {
      const point = takeInspected(context, message);
      if (point !== null) plans.add(point.plan);
    },
  );
  for (const plan of plans) context.broadcast('backup.changed', { plan });
  if (!outcome.ok) return outcome;
  const { points, unreadable } = outcome.value;
  const known = context.catalogue.points();
  for (const [index, { brokenBy }] of standings(known).entries()) {
    const point = known[index];
    if (brokenBy !== null && point !== undefined && plans.has(point.plan))
      context.logger.log('warn', 'a chain is not whole', {
        plan: point.plan,
        point: point.id,
        link: brokenBy,
      });
  }
  context.logger.log('info', 'catalogue rebuilt', { dirs, points, unreadable });
  if (points === 0) return err(appError('BACKUP_NOTHING_FOUND', { dirs: dirs.join(', ') }));
  return ok({ kind: 'points', id: String(points) });
}
