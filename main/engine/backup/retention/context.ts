import { dirname } from 'node:path';
import { lacksSources } from '#shared/domain/lacking-sources.ts';
import type { StoredPlan, StoredPoint } from '../catalogue.ts';
import type { BackupContext } from '../context.ts';
import { localTimeZone } from './calendar.ts';
import type { Guard, RetentionFacts } from './policy.ts';
import { RetentionStore } from './store.ts';

/** What retention works with. */
export type RetentionContext = BackupContext & {
  readonly store: RetentionStore;
  /** Path of console.db. */
  readonly database: string;
};

/** The area's context with what retention keeps. */
export function retentionContext(context: BackupContext): RetentionContext {
  return { ...context, store: new RetentionStore(context.db), database: context.db.name };
}

/** True when the plan's points are to lie in a second place too. */
function wantsCopies({ spec }: StoredPlan): boolean {
  return spec.copyTo.length > 0;
}

/** Why points of a plan must stay, whatever its policy says. */
function guardsOf(
  { store, pointsInUse, clock }: RetentionContext,
  plan: StoredPlan,
  points: readonly StoredPoint[],
): Guard[] {
  const ids = new Set(points.map(({ id }) => id));
  const held = store
    .activeHolds(clock.now())
    .filter(({ pointId }) => ids.has(pointId))
    .map(({ pointId, who, why, until }): Guard => {
      const end = until === null ? null : new Date(until).toISOString().slice(0, 16).replace('T', ' ');
      return {
        pointId,
        reason: {
          zh: `保全锁定：${who}，${why}${end === null ? '' : `，至 ${end} UTC`}`,
          en: `under a legal hold by ${who}: ${why}${end === null ? '' : `, until ${end} UTC`}`,
        },
      };
    });
  const used = pointsInUse();
  const copied = wantsCopies(plan) ? store.copied() : null;
  return [
    ...held,
    ...points.flatMap((point): Guard[] => {
      const guards: Guard[] = [];
      if (used.has(point.id))
        guards.push({
          pointId: point.id,
          reason: { zh: '恢复任务正在使用', en: 'a restore is using it' },
        });
      if (copied !== null && !copied.has(point.id))
        guards.push({
          pointId: point.id,
          reason: { zh: '尚未复制到第二处', en: 'it is not copied to a second place yet' },
        });
      if (dirname(point.archivePath) !== plan.spec.targetDir)
        guards.push({
          pointId: point.id,
          reason: { zh: '不在本计划的目标目录中', en: "it lies outside of the plan's target folder" },
        });
      return guards;
    }),
  ];
}

/** Everything that a decision about a plan's points depends on, as it is now. */
export function factsOf(context: RetentionContext, plan: StoredPlan): RetentionFacts {
  const { catalogue, store, clock } = context;
  const name = plan.spec.name;
  const points = catalogue.points(name);
  return {
    points: points.map((point) => ({
      id: point.id,
      seq: point.seq,
      parentId: point.parentId,
      type: point.type,
      takenAt: point.startedAt,
      state: point.state,
      verified: point.verifiedAt !== null && point.verifyError === null,
      isPartial: lacksSources(point.report),
    })),
    policy: plan.spec.retention,
    timeZone: localTimeZone(),
    now: clock.now(),
    latestNow: store.latestNow(),
    ...store.accepted(name),
    guards: guardsOf(context, plan, points),
    alarms: store
      .massChanges(name)
      .filter(({ acknowledgedAt }) => acknowledgedAt === null)
      .map(({ pointId }) => pointId),
  };
}
