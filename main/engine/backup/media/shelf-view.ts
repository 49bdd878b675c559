import type { InsertNow, Medium, Pool, RotationEntry } from '#shared/contract/backup-media.ts';
import type { BackupContext } from '../context.ts';
import { planCopy } from '../copy/copy-plan.ts';
import type { StoredMedium } from './medium-store.ts';
import { planRotation } from './rotation.ts';

/** The rotation calendar of a pool as of now. */
export function calendarOf(context: BackupContext, pool: string): readonly RotationEntry[] {
  const { shelf, clock } = context;
  const inUse = shelf.media.all().filter((medium) => medium.pool === pool && medium.mark === null);
  return planRotation(
    inUse.map((medium) => ({ ...medium, isHere: shelf.watch.rootOf(medium.id) !== null })),
    shelf.media.cycleDays(pool),
    clock.now(),
  );
}

function describe(
  context: BackupContext,
  medium: StoredMedium,
  due: RotationEntry | null,
  points: number,
): Medium {
  const { shelf } = context;
  const root = shelf.watch.rootOf(medium.id);
  return {
    id: medium.id,
    label: medium.label,
    pool: medium.pool,
    state: medium.mark ?? (root !== null ? 'here' : due?.isOverdue === true ? 'overdue' : 'absent'),
    root,
    location: medium.location,
    createdAt: medium.createdAt,
    lastSeenAt: medium.lastSeenAt,
    lastCopiedAt: medium.lastCopiedAt,
    dueAt: due?.dueAt ?? null,
    freeBytes: medium.freeBytes,
    totalBytes: medium.totalBytes,
    points,
    problem: shelf.watch.problemOf(medium.id),
  };
}

/** Points per medium that are intact there. */
function countPoints(context: BackupContext): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const copies of context.shelf.store.byPoint().values())
    for (const { place, state } of copies)
      if (place.kind === 'medium' && state === 'intact')
        counts.set(place.id, (counts.get(place.id) ?? 0) + 1);
  return counts;
}

/** One medium as operators see it. */
export function mediumView(context: BackupContext, medium: StoredMedium): Medium {
  const due = calendarOf(context, medium.pool).find(({ mediumId }) => mediumId === medium.id) ?? null;
  return describe(context, medium, due, countPoints(context).get(medium.id) ?? 0);
}

/** Points of the plans that copy to the pool which are on none of its media yet. */
function waitingFor(context: BackupContext, pool: string): number {
  const { catalogue, shelf } = context;
  const media = new Set(shelf.media.all().flatMap((medium) => (medium.pool === pool ? [medium.id] : [])));
  const onPool = (pointId: string): boolean =>
    (shelf.store.byPoint().get(pointId) ?? []).some(
      ({ place, state }) => place.kind === 'medium' && media.has(place.id) && state === 'intact',
    );
  let waiting = 0;
  for (const { spec } of catalogue.plans()) {
    if (!spec.copyTo.some((target) => target.kind === 'pool' && target.pool === pool)) continue;
    const points = shelf.copies.atHand().filter((point) => point.plan === spec.name);
    const planned = planCopy({ kind: 'newest' }, points, onPool);
    waiting += planned.ok ? planned.value.length : 0;
  }
  return waiting;
}

/**
 * What somebody is to insert now: the next medium of each pool that is due, or for which points wait, while none of the pool
 * is here.
 */
function insertNow(context: BackupContext, pools: readonly Pool[]): InsertNow[] {
  const { shelf } = context;
  const asked: InsertNow[] = [];
  for (const { name, calendar } of pools) {
    const next = calendar[0];
    const medium = next === undefined ? null : shelf.media.find(next.mediumId);
    if (next === undefined || medium === null) continue;
    if (calendar.some(({ mediumId }) => shelf.watch.rootOf(mediumId) !== null)) continue;
    const waiting = waitingFor(context, name);
    if (waiting === 0 && next.dueAt > context.clock.now()) continue;
    const { label, location } = medium;
    asked.push({
      pool: name,
      mediumId: medium.id,
      label,
      location,
      waiting,
      sentence: {
        zh: `请插入介质 ${label}${location === '' ? '' : `（存放于：${location}）`}${waiting === 0 ? '：轮换日已到。' : `：有 ${waiting} 个恢复点待复制。`}`,
        en: `Insert ${label}${location === '' ? '' : ` (it lies: ${location})`}: ${waiting === 0 ? 'its day has come.' : `${waiting} points wait to be copied.`}`,
      },
    });
  }
  return asked;
}

/** The pools with their calendars. */
function poolsOf(context: BackupContext): Pool[] {
  const { media } = context.shelf;
  return media.pools().map((name) => ({
    name,
    cycleDays: media.cycleDays(name),
    calendar: [...calendarOf(context, name)],
  }));
}

/** Every medium as it stands now. */
export function mediaOf(context: BackupContext, pools: readonly Pool[] = poolsOf(context)): Medium[] {
  const due = new Map(
    pools.flatMap(({ calendar }) => calendar.map((entry) => [entry.mediumId, entry] as const)),
  );
  const counts = countPoints(context);
  return context.shelf.media
    .all()
    .map((medium) => describe(context, medium, due.get(medium.id) ?? null, counts.get(medium.id) ?? 0));
}

/** All media, the pools with their calendars, and what to insert now. */
export function shelfView(context: BackupContext): {
  readonly media: Medium[];
  readonly pools: Pool[];
  readonly insertNow: InsertNow[];
} {
  const pools = poolsOf(context);
  return { media: mediaOf(context, pools), pools, insertNow: insertNow(context, pools) };
}
