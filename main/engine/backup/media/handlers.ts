import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { AreaHandlers } from '#shared/contract/index.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { BackupContext } from '../context.ts';
import {
  type CopyDestination,
  copyAsPlanned,
  destinationNamed,
  destinationOf,
  startCopy,
} from '../copy/start-copy.ts';
import { startVerifyCopies } from '../copy/start-verify-copies.ts';
import { archiveSystemError, targetError } from '../faults.ts';
import { refreshKit } from './kit.ts';
import { type MediumIdentity, writeMedium } from './medium-file.ts';
import type { StoredMedium } from './medium-store.ts';
import { isMountPoint } from './mounts.ts';
import { mediumView, shelfView } from './shelf-view.ts';

type MediaHandlers = Pick<
  AreaHandlers<'backup'>,
  | 'backup.media.list'
  | 'backup.media.label'
  | 'backup.media.move'
  | 'backup.media.mark'
  | 'backup.media.pool'
  | 'backup.media.ledger'
  | 'backup.media.contents'
  | 'backup.copy'
  | 'backup.copies'
  | 'backup.copies.verify'
>;

/** Handlers for media and copies. `ready`: what they wait for, the area's settling after a start. */
export function createMediaHandlers(context: BackupContext, ready: Promise<void>): MediaHandlers {
  const { shelf, broadcast } = context;
  const found = (name: string): Result<StoredMedium> => {
    const medium = shelf.media.find(name);
    return medium === null ? err(appError('BACKUP_MEDIUM_MISSING', { medium: name })) : ok(medium);
  };
  const changed = (medium: StoredMedium) => {
    broadcast('backup.media.changed', { mediumId: medium.id });
    return ok(mediumView(context, shelf.media.find(medium.id) ?? medium));
  };
  return {
    'backup.media.list': async () => {
      await ready;
      const { unlabelled } = await lookAtMedia(context);
      const spaces = [];
      for (const root of unlabelled) {
        const space = await context.media.space(root);
        if (typeof space !== 'string') spaces.push({ root, ...space });
      }
      return ok({ ...shelfView(context), unlabelled: spaces });
    },
    'backup.media.label': async (input) => {
      await ready;
      const labelled = await label(context, input);
      if (!labelled.ok) return labelled;
      await lookAtMedia(context);
      return changed(labelled.value);
    },
    'backup.media.move': async ({ medium: name, location, who, note }) => {
      const medium = found(name);
      if (!medium.ok) return medium;
      shelf.media.moved(medium.value.id, location, {
        at: context.clock.now(),
        what: 'moved',
        who: who ?? shelf.operator,
        place: location,
        note,
      });
      return changed(medium.value);
    },
    'backup.media.mark': async ({ medium: name, as, who, note }) => {
      const medium = found(name);
      if (!medium.ok) return medium;
      shelf.media.setMark(medium.value.id, as === 'sound' ? null : as, {
        at: context.clock.now(),
        what: as === 'sound' ? 'repaired' : as,
        who: who ?? shelf.operator,
        place: medium.value.location,
        note,
      });
      return changed(medium.value);
    },
    'backup.media.pool': ({ name, cycleDays }) => {
      shelf.media.setCycleDays(name, cycleDays);
      broadcast('backup.media.changed', { mediumId: null });
      return ok({});
    },
    'backup.media.ledger': ({ medium: name }) => {
      const medium = found(name);
      return medium.ok ? ok({ entries: shelf.media.ledger(medium.value.id) }) : medium;
    },
    'backup.media.contents': async ({ medium: name }) => {
      await ready;
      const medium = found(name);
      if (!medium.ok) return medium;
      const points = [];
      for (const { pointId } of shelf.store.in({ kind: 'medium', id: medium.value.id })) {
        const copy = shelf.copies.of(pointId).find(({ mediumId }) => mediumId === medium.value.id);
        const point = context.catalogue.point(pointId);
        if (copy !== undefined)
          points.push({ pointId, plan: point?.plan ?? '', startedAt: point?.startedAt ?? null, copy });
      }
      return ok({ points: points.sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0)) });
    },
    'backup.copy': async ({ name, to, pointId, all, bytesPerSecond }) => {
      await ready;
      const plan = context.catalogue.plan(name);
      if (plan === null && context.catalogue.points(name).length === 0)
        return err(appError('BACKUP_PLAN_MISSING', { name }));
      if (pointId !== undefined && context.catalogue.point(pointId)?.plan !== name)
        return err(appError('BACKUP_POINT_MISSING', { id: pointId }));
      await lookAtMedia(context);
      const destinations = wanted(context, name, to);
      if (!destinations.ok) return destinations;
      const wish =
        pointId !== undefined
          ? ({ kind: 'point', id: pointId } as const)
          : ({ kind: all ? 'all' : 'newest' } as const);
      const jobIds: string[] = [];
      for (const destination of destinations.value) {
        const job = startCopy(context, name, destination, { wish, bytesPerSecond });
        if (!job.ok) return job;
        jobIds.push(job.value.id);
      }
      return ok({ jobIds });
    },
    'backup.copies.verify': async ({ target }) => {
      await ready;
      await lookAtMedia(context);
      const destination = destinationNamed(context, target);
      if (!destination.ok) return destination;
      const job = startVerifyCopies(context, destination.value);
      return job.ok ? ok({ jobId: job.value.id }) : job;
    },
    'backup.copies': async ({ pointId }) => {
      await ready;
      const copies = shelf.copies.of(pointId);
      if (copies.length === 0) return err(appError('BACKUP_POINT_MISSING', { id: pointId }));
      return ok({ copies: [...copies], restorable: shelf.copies.restorable(pointId) });
    },
  };
}

/** The targets that a copy by hand goes to. By name it is that one; else those of the plan, all of which must be at hand. */
function wanted(
  context: BackupContext,
  name: string,
  to: string | undefined,
): Result<readonly CopyDestination[]> {
  if (to !== undefined) {
    const one = destinationNamed(context, to);
    return one.ok ? ok([one.value]) : one;
  }
  const targets = context.catalogue.plan(name)?.spec.copyTo ?? [];
  if (targets.length === 0) return err(appError('BACKUP_COPY_NO_TARGET', { name }));
  const destinations = targets.map((target) => destinationOf(context, target));
  const here = destinations.flatMap((each) => (each.ok ? [each.value] : []));
  const missing = destinations.find((each) => !each.ok);
  return here.length === 0 && missing?.ok === false ? missing : ok(here);
}

/**
 * Looks which media are at hand, and which archives. Whoever looks, a medium that came gets the copies that wait for it, where
 * the shelf serves.
 */
export async function lookAtMedia(
  context: BackupContext,
): Promise<{ readonly unlabelled: readonly string[] }> {
  const { shelf, broadcast, catalogue } = context;
  const looked = await shelf.watch.look();
  if (context.closing.aborted) return looked;
  const changed = await shelf.copies.refresh(context.media);
  if (context.closing.aborted) return looked;
  if (looked.came.length > 0 || looked.went.length > 0) broadcast('backup.media.changed', { mediumId: null });
  const plans = new Set<string>();
  for (const id of changed) plans.add(catalogue.point(id)?.plan ?? '');
  for (const id of [...looked.came, ...looked.went])
    for (const { pointId } of shelf.store.in({ kind: 'medium', id }))
      plans.add(catalogue.point(pointId)?.plan ?? '');
  for (const plan of plans) if (plan !== '') broadcast('backup.changed', { plan });
  if (shelf.serves)
    for (const id of looked.came) {
      const medium = shelf.media.find(id);
      if (medium !== null && medium.mark === null)
        for (const { spec } of catalogue.plans()) copyAsPlanned(context, spec.name, medium);
    }
  return looked;
}

type LabelInput = {
  readonly root: string;
  readonly label: string;
  readonly pool: string;
  readonly location: string;
  readonly who?: string | undefined;
  readonly anyFolder: boolean;
};

async function label(context: BackupContext, input: LabelInput): Promise<Result<StoredMedium>> {
  const { shelf, clock, media } = context;
  const root = resolve(input.root);
  const names = await media.list(root);
  if (typeof names === 'string')
    return err(appError('BACKUP_TARGET_MISSING', { dir: root }, { field: 'root' }));
  const present = await shelf.watch.read(root);
  if (present === 'unsigned') return err(appError('BACKUP_MEDIUM_DAMAGED_FILE', { root }, { field: 'root' }));
  if (present !== null)
    return err(appError('BACKUP_MEDIUM_LABELLED', { root, label: present.label }, { field: 'root' }));
  if (shelf.media.all().some((medium) => medium.label === input.label && medium.mark !== 'retired'))
    return err(appError('BACKUP_MEDIUM_LABEL_TWICE', { label: input.label }, { field: 'label' }));
  if (!input.anyFolder && !(await isMountPoint(media, root)))
    return err(appError('BACKUP_MEDIUM_NOT_MOUNTED', { root }, { field: 'root' }));
  const who = input.who ?? shelf.operator;
  const identity: MediumIdentity = {
    format: 'hmtt-medium',
    version: 1,
    id: randomUUID(),
    label: input.label,
    pool: input.pool,
    createdAt: clock.now(),
    by: `${who}@${context.host}`,
  };
  const written = await media.ask(`label ${root}`, async (): Promise<Result<object>> => {
    try {
      writeMedium(root, identity);
      return ok({});
    } catch (thrown) {
      return err(targetError(root, thrown));
    }
  });
  if (typeof written === 'string') return err(archiveSystemError(root, { code: 'ENOENT' }));
  if (!written.ok) return written;
  shelf.media.add(identity, input.location, {
    at: clock.now(),
    what: 'labelled',
    who,
    place: input.location,
    note: root,
  });
  shelf.media.seen(identity.id, clock.now(), root, null);
  await refreshKit(context, { place: { kind: 'medium', id: identity.id }, root });
  return ok(
    shelf.media.find(identity.id) ?? {
      ...identity,
      location: input.location,
      mark: null,
      lastRoot: root,
      lastSeenAt: clock.now(),
      lastCopiedAt: null,
      freeBytes: null,
      totalBytes: null,
    },
  );
}
