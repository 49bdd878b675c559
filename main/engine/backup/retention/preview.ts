import { createHash } from 'node:crypto';
import type { RetentionPolicy, RetentionPreview } from '#shared/contract/backup-retention.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { StoredPoint } from '../catalogue.ts';
import { chainLength } from '../chain.ts';
import { factsOf, type RetentionContext } from './context.ts';
import { decideRetention, type RetentionDecision } from './policy.ts';

/** What pruning would do, with what only the engine needs. */
export type PrunePlan = {
  readonly preview: RetentionPreview;
  /** Points to remove, those that nothing builds on first: a prune that is cut off leaves no broken chain. */
  readonly remove: readonly StoredPoint[];
};

/**
 * Decides what a plan's retention would remove now.
 *
 * @param policy another policy than the plan's, to look what it would do
 * @returns BACKUP_PLAN_MISSING when there is no such plan
 */
export function planPrune(
  context: RetentionContext,
  name: string,
  policy?: RetentionPolicy | null,
): Result<PrunePlan> {
  const plan = context.catalogue.plan(name);
  if (plan === null) return err(appError('BACKUP_PLAN_MISSING', { name }));
  const facts = factsOf(context, plan);
  const asked = policy === undefined ? facts : { ...facts, policy };
  const decided = decideRetention(asked);
  const points = context.catalogue.points(name);
  const goes = new Set(decided.points.filter(({ keep }) => !keep).map(({ pointId }) => pointId));
  const remove = points
    .filter(({ id }) => goes.has(id))
    .map((point) => ({ point, length: chainLength(point, points) }))
    .sort((a, b) => b.length - a.length || a.point.seq - b.point.seq)
    .map(({ point }) => point);
  return ok({
    remove,
    preview: {
      plan: name,
      policy: asked.policy,
      timeZone: asked.policy?.timeZone ?? asked.timeZone,
      refusal: decided.refusal,
      points: describe(points, decided),
      remove: remove.length,
      freedBytes: sum(remove),
      keptBytes: sum(points) - sum(remove),
      hash: hashOf(name, asked.policy, remove),
    },
  });
}

const sum = (points: readonly StoredPoint[]): number =>
  points.reduce((total, point) => total + point.archiveBytes, 0);

function describe(points: readonly StoredPoint[], decided: RetentionDecision): RetentionPreview['points'] {
  return decided.points.map((decision, index) => {
    const point = points[index];
    if (point?.id !== decision.pointId) throw new Error('decisions are not in the order of the points');
    const { type, startedAt, archivePath, archiveBytes } = point;
    return { ...decision, reasons: [...decision.reasons], type, startedAt, archivePath, archiveBytes };
  });
}

/** SHA-256 of what will be removed under which policy. Reasons and totals follow from it. */
function hashOf(plan: string, policy: RetentionPolicy | null, remove: readonly StoredPoint[]): string {
  const points = remove.map(({ id, manifestSha256, archivePath }) => [id, manifestSha256, archivePath]);
  return createHash('sha256')
    .update(JSON.stringify({ plan, policy, points: points.sort() }))
    .digest('hex');
}
