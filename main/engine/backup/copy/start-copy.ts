import { isAbsolute, resolve } from 'node:path';
import type { CopyTarget } from '#shared/contract/backup-media.ts';
import type { Job } from '#shared/contract/jobs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { JobControl, JobOutcome } from '../../platform/jobs.ts';
import { TaskFailure } from '../../platform/worker-tasks.ts';
import { type BackupContext, planLink, taskInJob } from '../context.ts';
import { refreshKit } from '../media/kit.ts';
import { ARCHIVES_FOLDER } from '../media/medium-file.ts';
import type { StoredMedium } from '../media/medium-store.ts';
import { calendarOf } from '../media/shelf-view.ts';
import { type CopyWish, planCopy } from './copy-plan.ts';
import { type CopyPlace, placeKey } from './copy-store.ts';
import { type CopyDone, type CopyTask, copiedMessage } from './copy-task.ts';

/** A target that points can be copied to now. */
export type CopyDestination = {
  readonly place: CopyPlace;
  readonly root: string;
  readonly name: string;
};

/** What a copy is asked to do. */
export type CopyOrder = {
  readonly wish: CopyWish;
  readonly bytesPerSecond: number | null;
};

function toMedium(context: BackupContext, medium: StoredMedium): Result<CopyDestination> {
  const { shelf } = context;
  if (medium.mark !== null) return err(appError('BACKUP_MEDIUM_OUT_OF_USE', { label: medium.label }));
  const problem = shelf.watch.problemOf(medium.id);
  if (problem?.code === 'BACKUP_MEDIUM_CLONED') return err(problem);
  const root = shelf.watch.rootOf(medium.id);
  if (root === null) return err(absent(medium.label, medium.location));
  return ok({ place: { kind: 'medium', id: medium.id }, root, name: medium.label });
}

function absent(label: string, location: string) {
  return appError('BACKUP_MEDIUM_ABSENT', {
    label,
    zh: location === '' ? '' : `（存放于：${location}）`,
    en: location === '' ? '' : ` (it lies: ${location})`,
  });
}

/** The medium of a pool that takes the next copy: of those that are here the one that is due first. */
function ofPool(context: BackupContext, pool: string): Result<CopyDestination> {
  const calendar = calendarOf(context, pool);
  const { media, watch } = context.shelf;
  const here = calendar.find(({ mediumId }) => watch.rootOf(mediumId) !== null);
  const due = here ?? calendar[0];
  const medium = due === undefined ? null : media.find(due.mediumId);
  if (medium === null) return err(appError('BACKUP_MEDIUM_MISSING', { medium: pool }));
  return toMedium(context, medium);
}

/** Where an entry of a plan's `copyTo` leads now; BACKUP_MEDIUM_ABSENT when its medium is to be inserted. */
export function destinationOf(context: BackupContext, target: CopyTarget): Result<CopyDestination> {
  if (target.kind === 'pool') return ofPool(context, target.pool);
  const dir = resolve(target.dir);
  return ok({ place: { kind: 'folder', dir }, root: dir, name: dir });
}

/** What a person means by `--to`: an absolute path, a medium's label or id, a pool. */
export function destinationNamed(context: BackupContext, to: string): Result<CopyDestination> {
  if (isAbsolute(to)) {
    const medium = context.shelf.media.all().find(({ id }) => context.shelf.watch.rootOf(id) === resolve(to));
    return medium === undefined
      ? destinationOf(context, { kind: 'folder', dir: to })
      : toMedium(context, medium);
  }
  const medium = context.shelf.media.find(to);
  if (medium !== null) return toMedium(context, medium);
  return context.shelf.media.pools().includes(to)
    ? ofPool(context, to)
    : err(appError('BACKUP_MEDIUM_MISSING', { medium: to }));
}

/**
 * Starts a copy of points of a plan to one target as a job.
 *
 * @returns the job, or BACKUP_NO_POINTS, BACKUP_COPY_ACTIVE, BACKUP_COPY_SAME_PLACE
 */
export function startCopy(
  context: BackupContext,
  plan: string,
  destination: CopyDestination,
  order: CopyOrder,
): Result<Job> {
  const { shelf, jobs } = context;
  const key = placeKey(destination.place);
  if (shelf.writing.has(key)) return err(appError('BACKUP_COPY_ACTIVE', { target: destination.name }));
  if (context.catalogue.points(plan).length === 0) return err(appError('BACKUP_NO_POINTS', { name: plan }));
  if (context.catalogue.plan(plan)?.spec.targetDir === destination.root)
    return err(appError('BACKUP_COPY_SAME_PLACE', { dir: destination.root }));
  const job = jobs.start({
    kind: 'copy',
    title: {
      zh: `复制 ${plan} 的恢复点到 ${destination.name}`,
      en: `Copy points of ${plan} to ${destination.name}`,
    },
    link: planLink(plan),
    canPause: true,
    work: (control) =>
      work(context, plan, destination, order, control).finally(() => shelf.writing.delete(key)),
  });
  shelf.writing.set(key, job.id);
  return ok(job);
}

async function work(
  context: BackupContext,
  plan: string,
  destination: CopyDestination,
  order: CopyOrder,
  control: JobControl,
): Promise<JobOutcome> {
  const { shelf, logger, clock, broadcast } = context;
  await shelf.copies.refresh(context.media);
  const present = new Set(
    shelf.store
      .in(destination.place)
      .filter(({ state }) => state === 'intact')
      .map(({ pointId }) => pointId),
  );
  const points = shelf.copies.atHand().filter((point) => point.plan === plan);
  const planned = planCopy(order.wish, points, (id) => present.has(id));
  if (!planned.ok) return planned;
  const medium =
    destination.place.kind === 'medium' ? { id: destination.place.id, label: destination.name } : null;
  const task: CopyTask = {
    root: destination.root,
    folder: medium === null ? '' : ARCHIVES_FOLDER,
    name: destination.name,
    medium,
    items: planned.value.map(({ id, archivePath }) => ({
      pointId: id,
      archivePath,
      sha256: shelf.store.sha256Of(id),
    })),
    bytesPerSecond: order.bytesPerSecond,
  };
  let copied = 0;
  let outcome: Result<CopyDone>;
  try {
    outcome = await taskInJob<Result<CopyDone>>(context, control, 'backup.copy', task, (message) => {
      const one = copiedMessage.safeParse(message);
      if (!one.success || context.closing.aborted) return;
      copied += 1;
      const at = clock.now();
      shelf.store.put({
        pointId: one.data.pointId,
        place: destination.place,
        rel: one.data.rel,
        bytes: one.data.bytes,
        sha256: one.data.sha256,
        copiedAt: at,
        // It was read back and has the hash of an archive that was verified.
        verifiedAt: at,
        state: 'intact',
        error: null,
      });
    });
  } catch (thrown) {
    if (!(thrown instanceof TaskFailure)) throw thrown;
    outcome = err(thrown.error);
  }
  if (context.closing.aborted) return outcome.ok ? ok({ kind: 'copy', id: plan }) : outcome;
  logger.log(outcome.ok ? 'info' : 'warn', 'copy ended', {
    plan,
    target: destination.name,
    copied,
    wanted: task.items.length,
    ...(outcome.ok ? {} : { code: outcome.error.code, detail: outcome.error.detail }),
  });
  if (copied > 0 || outcome.ok) {
    await shelf.copies.refresh(context.media);
    await refreshKit(context, destination);
  }
  if (medium !== null && copied > 0)
    shelf.media.copied(medium.id, clock.now(), {
      at: clock.now(),
      what: 'copied',
      who: '',
      place: destination.root,
      note: `${plan}: ${copied}`,
    });
  broadcast('backup.changed', { plan });
  broadcast('backup.media.changed', { mediumId: medium?.id ?? null });
  return outcome.ok ? ok({ kind: 'copy', id: plan }) : outcome;
}

/**
 * Starts what a plan's `copyTo` asks for, after a run or when a medium came. A medium that is not here is no failure: the
 * list of media says which one to insert.
 *
 * @param only the medium that came; left out, all targets are served
 */
export function copyAsPlanned(context: BackupContext, plan: string, only?: StoredMedium): void {
  const spec = context.catalogue.plan(plan)?.spec;
  for (const target of spec?.copyTo ?? []) {
    if (only !== undefined && (target.kind !== 'pool' || target.pool !== only.pool)) continue;
    const destination = only === undefined ? destinationOf(context, target) : toMedium(context, only);
    const started = destination.ok
      ? startCopy(context, plan, destination.value, { wish: { kind: 'newest' }, bytesPerSecond: null })
      : destination;
    if (!started.ok)
      context.logger.log('info', 'a copy waits', {
        plan,
        code: started.error.code,
        ...started.error.message,
      });
  }
}
