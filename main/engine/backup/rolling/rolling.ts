import type { VerifyCover } from '#shared/contract/backup-retention.ts';
import type { StoredPlan, StoredPoint } from '../catalogue.ts';
import type { RetentionContext } from '../retention/context.ts';
import { verifyJob } from '../start-verify.ts';
import { planRolling, type RollingPlan } from './plan-rolling.ts';

const DAY_MS = 86_400_000;

function rollingOf({ catalogue, store, clock }: RetentionContext, plan: StoredPlan): RollingPlan {
  const now = clock.now();
  const { name, verifyCoverDays } = plan.spec;
  const archives = catalogue.points(name).map((point) => ({
    id: point.id,
    bytes: point.archiveBytes,
    verifiedAt: point.verifyError === null ? point.verifiedAt : null,
    canBeRead: point.state === 'complete',
  }));
  // Without a cover time nothing is read by itself; how much was read lately is told for 30 days.
  return planRolling(archives, verifyCoverDays ?? 30, now, store.rolledBytes(name, Math.floor(now / DAY_MS)));
}

/** How far rolling verification has come, plan by plan. */
export function coverOf(context: RetentionContext): VerifyCover[] {
  return context.catalogue.plans().map((plan) => {
    const { totalBytes, coveredBytes, oldestVerifiedAt, overdue } = rollingOf(context, plan);
    const { name, verifyCoverDays } = plan.spec;
    return {
      plan: name,
      coverDays: verifyCoverDays,
      totalBytes,
      coveredBytes,
      oldestVerifiedAt,
      overdue: verifyCoverDays === null ? 0 : overdue.length,
    };
  });
}

/** The archive that is to be read next of any plan; null when none is due, or other work goes on. */
function nextDue(context: RetentionContext): StoredPoint | null {
  const busy = context.jobs.list().some((job) => job.endedAt === null);
  if (busy) return null;
  for (const plan of context.catalogue.plans()) {
    if (plan.spec.verifyCoverDays === null) continue;
    const { next } = rollingOf(context, plan);
    if (next !== null) return context.catalogue.point(next);
  }
  return null;
}

/**
 * Verifies the archive that waits longest, if one is due and no other long work goes on: one archive at a time, so that the
 * load is that of one reader.
 *
 * @returns the id of the point that is being verified; null when nothing is due
 */
export function rollOn(context: RetentionContext): string | null {
  const point = nextDue(context);
  if (point === null) return null;
  const { jobs, store, clock, closing } = context;
  const job = verifyJob(context, point.plan, [point], {
    zh: `滚动校验 ${point.plan}`,
    en: `Rolling verification of ${point.plan}`,
  });
  void jobs.ended(job.id).then(({ state }) => {
    // Cancelled means not read. Damage means read, and the report tells what was found.
    if (state === 'cancelled' || closing.aborted) return;
    store.addRolled(point.plan, Math.floor(clock.now() / DAY_MS), point.archiveBytes);
  });
  return point.id;
}
