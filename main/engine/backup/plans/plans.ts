import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type * as z from 'zod';
import type { BackupPlan } from '#shared/contract/backup.ts';
import type { restoreConfidenceSchema } from '#shared/contract/site.ts';
import { lacksSources } from '#shared/domain/lacking-sources.ts';
import { isPastPromise, type Promised } from '#shared/domain/past-promise.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Catalogue, PlanSpec, StoredPlan, StoredPoint } from '../catalogue.ts';
import { standings } from '../chain.ts';
import { targetError } from '../faults.ts';
import { nextOf, nextRun } from '../schedule/due.ts';
import { changedFields } from './changes.ts';
import type { PlanStore } from './plan-store.ts';

/** How well one plan could get the site back. */
export type Confidence = z.infer<typeof restoreConfidenceSchema>;

/** What of a plan is wrong on whatever machine it is; looks at no file. @returns the plan with its paths resolved */
export function checkPlanShape(spec: PlanSpec, now: number): Result<PlanSpec> {
  if (spec.sources.length + spec.databases.length + spec.remotes.length === 0)
    return err(appError('BACKUP_NOTHING_TO_BACK_UP', { name: spec.name }, { field: 'sources' }));
  for (const [index, database] of spec.databases.entries())
    if (database.kind === 'sqlite' && !isAbsolute(database.file))
      return err(
        appError('BACKUP_PATH_NOT_ABSOLUTE', { path: database.file }, { field: `databases.${index}.file` }),
      );
  for (const [index, source] of spec.sources.entries()) {
    const place = { field: `sources.${index}` };
    if (!isAbsolute(source)) return err(appError('BACKUP_PATH_NOT_ABSOLUTE', { path: source }, place));
  }
  if (!isAbsolute(spec.targetDir))
    return err(appError('BACKUP_PATH_NOT_ABSOLUTE', { path: spec.targetDir }, { field: 'targetDir' }));
  for (const [index, target] of spec.copyTo.entries()) {
    if (target.kind !== 'folder') continue;
    const place = { field: `copyTo.${index}.dir` };
    if (!isAbsolute(target.dir))
      return err(appError('BACKUP_PATH_NOT_ABSOLUTE', { path: target.dir }, place));
    // A copy beside the original is lost with it.
    if (resolve(target.dir) === resolve(spec.targetDir))
      return err(appError('BACKUP_COPY_SAME_PLACE', { dir: target.dir }, place));
  }
  for (const [index, { cron }] of spec.schedules.entries()) {
    const next = nextRun(cron, now);
    if (!next.ok) return err({ ...next.error, field: `schedules.${index}.cron` });
  }
  const sources = spec.sources.map((source) => resolve(source));
  return ok({ ...spec, targetDir: resolve(spec.targetDir), sources });
}

/**
 * Looks at a plan before it is taken, and makes its target folder. The plan is refused whole.
 *
 * @param known sources that the plan has already: their disk may be away now
 */
function checkPlan(spec: PlanSpec, now: number, known: readonly string[] = []): Result<PlanSpec> {
  const sound = checkPlanShape(spec, now);
  if (!sound.ok) return sound;
  for (const [index, source] of spec.sources.entries())
    try {
      if (!known.includes(source)) lstatSync(source);
    } catch (thrown) {
      const why = describeThrown(thrown);
      return err(appError('BACKUP_SOURCE_MISSING', { path: source, why }, { field: `sources.${index}` }));
    }
  const { targetDir } = sound.value;
  try {
    mkdirSync(targetDir, { recursive: true, mode: 0o700 });
    const real = realpathSync(targetDir);
    if (spec.sources.some((source) => realPlace(source) === real))
      return err(appError('BACKUP_TARGET_IS_SOURCE', { dir: targetDir }, { field: 'targetDir' }));
  } catch (thrown) {
    return err({ ...targetError(targetDir, thrown), field: 'targetDir' });
  }
  return sound;
}

/** Where a path leads; the path itself when it is not there now. */
function realPlace(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}

/** What taking, changing and removing plans needs. */
export type PlanDeps = {
  readonly catalogue: Catalogue;
  readonly store: PlanStore;
  readonly now: number;
  /** Who asks, for the record. */
  readonly who: string;
};

/** Takes a plan. */
export function addPlan(spec: PlanSpec, { catalogue, store, now, who }: PlanDeps): Result<{ id: string }> {
  if (catalogue.plan(spec.name) !== null)
    return err(appError('BACKUP_PLAN_EXISTS', { name: spec.name }, { field: 'name' }));
  const checked = checkPlan(spec, now);
  if (!checked.ok) return checked;
  const id = randomUUID();
  catalogue.addPlan(id, checked.value, now);
  store.record(spec.name, { at: now, who, kind: 'added', fields: changedFields({}, checked.value) });
  return ok({ id });
}

/** Replaces the settings of the plan of that name. Points that exist stay as they are. */
export function updatePlan(
  spec: PlanSpec,
  { catalogue, store, now, who }: PlanDeps,
): Result<{ changed: string[] }> {
  const plan = catalogue.plan(spec.name);
  if (plan === null) return err(appError('BACKUP_PLAN_MISSING', { name: spec.name }));
  const checked = checkPlan(spec, now, plan.spec.sources);
  if (!checked.ok) return checked;
  const fields = changedFields(plan.spec, checked.value);
  const changed = fields.map(({ name }) => name);
  if (changed.length > 0)
    store.update(
      spec.name,
      checked.value,
      { at: now, who, kind: 'changed', fields },
      changed.includes('schedules'),
    );
  return ok({ changed });
}

/** Takes a plan of an import, new or in the place of the one of its name; its folders need not be on this machine yet. */
export function takePlan(spec: PlanSpec, { catalogue, store, now, who }: PlanDeps): Result<object> {
  const sound = checkPlanShape(spec, now);
  if (!sound.ok) return sound;
  const known = catalogue.plan(spec.name);
  const fields = changedFields(known?.spec ?? {}, sound.value);
  if (known === null) {
    catalogue.addPlan(randomUUID(), sound.value, now);
    store.record(spec.name, { at: now, who, kind: 'added', fields });
  } else if (fields.length > 0)
    store.update(
      spec.name,
      sound.value,
      { at: now, who, kind: 'changed', fields },
      fields.some(({ name }) => name === 'schedules'),
    );
  return ok({});
}

/** Takes a plan away; its archives and its history stay. */
export function removePlan(
  name: string,
  { catalogue, store, now, who }: PlanDeps,
): Result<Record<string, never>> {
  const plan = catalogue.plan(name);
  if (plan === null) return err(appError('BACKUP_PLAN_MISSING', { name }));
  catalogue.removePlan(name);
  store.record(name, { at: now, who, kind: 'removed', fields: changedFields(plan.spec, {}) });
  return ok({});
}

/** A plan with what its points say, as operators see it. */
export function describePlan(plan: StoredPlan, points: readonly StoredPoint[], now: number): BackupPlan {
  const { spec } = plan;
  const next = nextOf(spec.schedules, now);
  return {
    ...spec,
    id: plan.id,
    createdAt: plan.createdAt,
    nextRunAt: next?.at ?? null,
    nextRunType: next?.type ?? null,
    points: points.length,
    lastPointAt: points[0]?.finishedAt ?? null,
    lastVerifiedAt: newestVerified(points)?.verifiedAt ?? null,
    lastError: plan.lastError,
  };
}

/** The newest point that passed verification, lacks nothing and is there, with all it builds on, by the order in which points were first seen. */
export function newestVerified(points: readonly StoredPoint[]): StoredPoint | null {
  const chains = standings(points);
  return points
    .filter(
      (point, index) =>
        point.verifiedAt !== null && chains[index]?.brokenBy === null && !lacksSources(point.report),
    )
    .reduce<StoredPoint | null>(
      (best, point) => (best === null || point.seq > best.seq ? point : best),
      null,
    );
}

/** From when a plan's promise counts, and when its schedules first ask for a run after that. */
export function promisedFrom(
  { schedules }: Pick<PlanSpec, 'schedules'>,
  lastVerified: number,
): Pick<Promised, 'lastVerified' | 'dueAt'> {
  return { lastVerified, dueAt: nextOf(schedules, lastVerified)?.at ?? null };
}

/**
 * Judges a plan by the age of its last verified restorable point, not by the exit of its last job. `late` is older than
 * the plan's RPO, the time that the run needs which is due left out; without an RPO a plan is late only when its last run failed.
 */
export function judgePlan(plan: StoredPlan, points: readonly StoredPoint[], now: number): Confidence {
  const verified = newestVerified(points);
  const newest = points[0];
  const { rpoMs } = plan.spec;
  const isLate =
    verified !== null &&
    (rpoMs === null
      ? plan.lastError !== null
      : isPastPromise({ rpoMs, ...promisedFrom(plan.spec, verified.startedAt) }, now));
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
