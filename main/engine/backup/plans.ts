import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type * as z from 'zod';
import type { BackupPlan } from '#shared/contract/backup.ts';
import type { restoreConfidenceSchema } from '#shared/contract/site.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Catalogue, PlanSpec, StoredPlan, StoredPoint } from './catalogue.ts';
import { standings } from './chain.ts';
import { targetError } from './faults.ts';
import { nextRun } from './schedule.ts';

/** How well one plan could get the site back. */
export type Confidence = z.infer<typeof restoreConfidenceSchema>;

/** Looks at a plan before it is taken, and makes its target folder. The plan is refused whole. */
export function checkPlan(catalogue: Catalogue, spec: PlanSpec, now: number): Result<PlanSpec> {
  if (catalogue.plan(spec.name) !== null)
    return err(appError('BACKUP_PLAN_EXISTS', { name: spec.name }, { field: 'name' }));
  for (const [index, source] of spec.sources.entries()) {
    const place = { field: `sources.${index}` };
    if (!isAbsolute(source)) return err(appError('BACKUP_PATH_NOT_ABSOLUTE', { path: source }, place));
    try {
      lstatSync(source);
    } catch (thrown) {
      return err(appError('BACKUP_SOURCE_MISSING', { path: source, why: describeThrown(thrown) }, place));
    }
  }
  if (!isAbsolute(spec.targetDir))
    return err(appError('BACKUP_PATH_NOT_ABSOLUTE', { path: spec.targetDir }, { field: 'targetDir' }));
  if (spec.schedule !== null) {
    const next = nextRun(spec.schedule, now);
    if (!next.ok) return err({ ...next.error, field: 'schedule' });
  }
  const targetDir = resolve(spec.targetDir);
  try {
    mkdirSync(targetDir, { recursive: true, mode: 0o700 });
    const real = realpathSync(targetDir);
    if (spec.sources.some((source) => realpathSync(source) === real))
      return err(appError('BACKUP_TARGET_IS_SOURCE', { dir: targetDir }, { field: 'targetDir' }));
  } catch (thrown) {
    return err({ ...targetError(targetDir, thrown), field: 'targetDir' });
  }
  return ok({ ...spec, targetDir, sources: spec.sources.map((source) => resolve(source)) });
}

/** Takes a plan. */
export function addPlan(catalogue: Catalogue, spec: PlanSpec, now: number): Result<{ readonly id: string }> {
  const checked = checkPlan(catalogue, spec, now);
  if (!checked.ok) return checked;
  const id = randomUUID();
  catalogue.addPlan(id, checked.value, now);
  return ok({ id });
}

/** A plan with what its points say, as operators see it. */
export function describePlan(
  plan: StoredPlan,
  points: readonly StoredPoint[],
  lastStart: number | null,
  now: number,
): BackupPlan {
  const { spec } = plan;
  const next = spec.schedule === null ? null : nextRun(spec.schedule, Math.max(now, lastStart ?? 0));
  return {
    ...spec,
    id: plan.id,
    createdAt: plan.createdAt,
    nextRunAt: next?.ok ? next.value : null,
    points: points.length,
    lastPointAt: points[0]?.finishedAt ?? null,
    lastVerifiedAt: newestVerified(points)?.verifiedAt ?? null,
    lastError: plan.lastError,
  };
}

/** The newest point that passed verification and is there, with all it builds on, by the order in which points were first seen. */
export function newestVerified(points: readonly StoredPoint[]): StoredPoint | null {
  const chains = standings(points);
  return points
    .filter((point, index) => point.verifiedAt !== null && chains[index]?.brokenBy === null)
    .reduce<StoredPoint | null>(
      (best, point) => (best === null || point.seq > best.seq ? point : best),
      null,
    );
}

/**
 * Judges a plan by the age of its last verified restorable point, not by the exit of its last job. `late` is older than
 * the plan's RPO; without an RPO a plan is late only when its last run failed.
 */
export function judgePlan(plan: StoredPlan, points: readonly StoredPoint[], now: number): Confidence {
  const verified = newestVerified(points);
  const newest = points[0];
  const { rpoMs } = plan.spec;
  const isLate =
    verified !== null && (rpoMs === null ? plan.lastError !== null : now - verified.startedAt > rpoMs);
  const state =
    newest === undefined
      ? 'never'
      : verified === null || newest.state === 'broken'
        ? 'broken'
        : isLate
          ? 'late'
          : 'ok';
  return {
    plan: plan.spec.name,
    dataClass: plan.spec.dataClass,
    lastPointAt: newest?.finishedAt ?? null,
    lastVerifiedAt: verified?.verifiedAt ?? null,
    rpoMs,
    state,
  };
}
