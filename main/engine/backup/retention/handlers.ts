import type { LegalHold } from '#shared/contract/backup-retention.ts';
import type { AreaHandlers } from '#shared/contract/index.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { type BackupContext, jobAnswer } from '../context.ts';
import { coverOf } from '../rolling/rolling.ts';
import { factsOf, type RetentionContext, retentionContext } from './context.ts';
import { complianceOfAll } from './health.ts';
import { occurrences } from './occurrences.ts';
import { CLOCK_TOLERANCE_MS } from './policy.ts';
import { planPrune } from './preview.ts';
import { startPrune } from './prune.ts';
import { simulateRetention } from './simulate.ts';
import { judgeNewRuns } from './watch-changes.ts';

/** The requests of this part of the area. */
export type RetentionHandlers = Pick<
  AreaHandlers<'backup'>,
  | 'backup.retention.preview'
  | 'backup.retention.simulate'
  | 'backup.retention.acceptClock'
  | 'backup.retention.history'
  | 'backup.prune'
  | 'backup.hold.set'
  | 'backup.hold.clear'
  | 'backup.hold.list'
  | 'backup.massChange.list'
  | 'backup.massChange.acknowledge'
  | 'backup.compliance'
  | 'backup.verifyCover'
>;

const WEEK_MS = 7 * 86_400_000;

/** Answers what the contract asks of retention. */
export function createRetentionHandlers(area: BackupContext, ready: Promise<void>): RetentionHandlers {
  const context = retentionContext(area);
  const { catalogue, store, clock, broadcast } = context;
  const after = async <T>(answer: () => Result<T>): Promise<Result<T>> => {
    await ready;
    return answer();
  };
  const changed = (plan: string): void => broadcast('backup.changed', { plan });
  const missing = (name: string) => err(appError('BACKUP_PLAN_MISSING', { name }));
  return {
    'backup.retention.preview': ({ name, policy }) =>
      after(() => {
        judgeNewRuns(context, name);
        const planned = planPrune(context, name, policy);
        return planned.ok ? ok(planned.value.preview) : planned;
      }),
    'backup.retention.simulate': ({ name, policy, weeks }) => {
      const plan = catalogue.plan(name);
      if (plan === null) return missing(name);
      const now = clock.now();
      const { points, timeZone } = factsOf(context, plan);
      const bytes = new Map(catalogue.points(name).map(({ id, archiveBytes }) => [id, archiveBytes]));
      return ok(
        simulateRetention({
          points: points.toReversed().map((point) => ({ ...point, bytes: bytes.get(point.id) ?? 0 })),
          policy,
          timeZone,
          runs: occurrences(plan.spec, now, now + weeks * WEEK_MS),
          now,
          weeks,
        }),
      );
    },
    'backup.retention.acceptClock': ({ name, who, why }) => {
      if (catalogue.plan(name) === null) return missing(name);
      const now = clock.now();
      const points = catalogue.points(name);
      const future = points.filter(({ startedAt }) => startedAt > now + CLOCK_TOLERANCE_MS);
      store.acceptClock(
        name,
        now,
        { who, why },
        Math.max(0, ...points.map(({ seq }) => seq)),
        future.map(({ id }) => id),
      );
      changed(name);
      return ok({});
    },
    'backup.retention.history': ({ name }) => ok({ prunes: store.prunes(name) }),
    'backup.prune': ({ name, hash }) =>
      after(() => {
        judgeNewRuns(context, name);
        const job = startPrune(context, name, hash);
        return job.ok ? ok(jobAnswer(job.value)) : job;
      }),
    'backup.hold.set': (hold) => setHold(context, hold),
    'backup.hold.clear': ({ pointId, who, why }) => {
      if (!store.clearHold(pointId, who, why, clock.now()))
        return err(appError('BACKUP_HOLD_MISSING', { id: pointId }));
      changed(catalogue.point(pointId)?.plan ?? '');
      return ok({});
    },
    'backup.hold.list': ({ plan }) => {
      const ids = plan === undefined ? null : new Set(catalogue.points(plan).map(({ id }) => id));
      return ok({ holds: store.holds().filter(({ pointId }) => ids === null || ids.has(pointId)) });
    },
    'backup.massChange.list': ({ plan }) => ok({ changes: store.massChanges(plan) }),
    'backup.massChange.acknowledge': ({ pointId, who, note }) => {
      if (!store.acknowledgeMassChange(pointId, who, note, clock.now()))
        return err(appError('BACKUP_MASS_CHANGE_MISSING', { id: pointId }));
      changed(catalogue.point(pointId)?.plan ?? '');
      return ok({});
    },
    'backup.compliance': () => after(() => ok({ plans: complianceOfAll(context) })),
    'backup.verifyCover': () => after(() => ok({ plans: coverOf(context) })),
  };
}

function setHold(
  { catalogue, store, clock, broadcast }: RetentionContext,
  hold: Pick<LegalHold, 'pointId' | 'who' | 'why' | 'until'>,
): Result<LegalHold> {
  const now = clock.now();
  const point = catalogue.point(hold.pointId);
  if (point === null) return err(appError('BACKUP_POINT_MISSING', { id: hold.pointId }));
  if (hold.until !== null && hold.until <= now)
    return err(appError('BACKUP_HOLD_PAST', {}, { field: 'until' }));
  const known = store.activeHolds(now).find(({ pointId }) => pointId === hold.pointId);
  if (known !== undefined)
    return err(appError('BACKUP_HOLD_EXISTS', { id: hold.pointId, who: known.who, why: known.why }));
  const id = store.setHold(hold, now);
  broadcast('backup.changed', { plan: point.plan });
  return ok({ ...hold, id, setAt: now, clearedAt: null, clearedBy: null });
}
