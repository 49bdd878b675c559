import { join } from 'node:path';
import type { Job } from '#shared/contract/jobs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { JobControl, JobOutcome } from '../../platform/jobs.ts';
import { type BackupContext, taskInJob } from '../context.ts';
import type { CopyDestination } from './start-copy.ts';
import { checkedMessage, type VerifyCopiesTask } from './verify-copies-task.ts';

/**
 * Starts the verification of every copy on a target as a job. It ends with BACKUP_COPIES_DAMAGED when one is not what it was; the
 * others are marked as verified.
 */
export function startVerifyCopies(context: BackupContext, target: CopyDestination): Result<Job> {
  const copies = context.shelf.store.in(target.place).filter(({ state }) => state !== 'missing');
  if (copies.length === 0) return err(appError('BACKUP_COPIES_NONE', { target: target.name }));
  return ok(
    context.jobs.start({
      kind: 'verify',
      title: { zh: `校验 ${target.name} 上的副本`, en: `Verify the copies on ${target.name}` },
      link: '/backups?tab=media',
      canPause: true,
      work: (control) => work(context, target, control),
    }),
  );
}

async function work(
  context: BackupContext,
  target: CopyDestination,
  control: JobControl,
): Promise<JobOutcome> {
  const { shelf, catalogue, clock } = context;
  const { place, root, name } = target;
  const copies = shelf.store.in(place).filter(({ state }) => state !== 'missing');
  const task: VerifyCopiesTask = {
    items: copies.map(({ pointId, rel, bytes, sha256 }) => ({
      pointId,
      path: join(root, rel),
      bytes,
      sha256: sha256 === '' ? shelf.store.sha256Of(pointId) : sha256,
    })),
  };
  const plans = new Set<string>();
  const outcome = await taskInJob<Result<{ readonly damaged: number }>>(
    context,
    control,
    'backup.verifyCopies',
    task,
    (message) => {
      const one = checkedMessage.safeParse(message);
      if (!one.success || context.closing.aborted) return;
      const { pointId, error } = one.data;
      const copy = shelf.store.get(pointId, place);
      if (copy === null) return;
      plans.add(catalogue.point(pointId)?.plan ?? '');
      // A medium that was pulled says nothing about its copies.
      if (error?.code === 'BACKUP_ARCHIVE_ABSENT' || error?.code === 'FILE_UNREADABLE') return;
      if (error === null) shelf.store.put({ ...copy, verifiedAt: clock.now(), state: 'intact', error: null });
      else shelf.store.setState(pointId, place, 'broken', error);
    },
  );
  if (context.closing.aborted || !outcome.ok) return outcome.ok ? ok({ kind: 'copy', id: name }) : outcome;
  for (const plan of plans) if (plan !== '') context.broadcast('backup.changed', { plan });
  context.broadcast('backup.media.changed', { mediumId: place.kind === 'medium' ? place.id : null });
  const { damaged } = outcome.value;
  return damaged === 0
    ? ok({ kind: 'copy', id: name })
    : err(appError('BACKUP_COPIES_DAMAGED', { target: name, count: damaged }));
}
