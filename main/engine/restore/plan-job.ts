import { stat } from 'node:fs/promises';
import type { RestorePlan } from '#shared/contract/restore.ts';
import { ok } from '#shared/errors/index.ts';
import { diskSpace } from '../platform/disk.ts';
import type { JobControl, JobOutcome } from '../platform/jobs.ts';
import { type RestoreContext, removePlanFile, safetyFolder } from './context.ts';
import type { PlanTaskProgress, PlanTaskResult } from './plan-task.ts';
import { PHASES, progressMeter } from './progress.ts';
import { type SpaceNeed, tightest } from './space-tally.ts';
import { runTargetTask } from './target-task.ts';

/** A plan before it is computed. */
export type PlanDraft = Omit<
  RestorePlan,
  'hash' | 'totals' | 'freeBytes' | 'neededBytes' | 'confirmWord' | 'safety'
> & { readonly keepsSafety: boolean };

/**
 * Computes a plan in a thread of its own, and stores it.
 *
 * @param task the name of the task, and what it is started with
 * @param expected entries to come, for the progress bar; null when not known
 */
export async function computePlan(
  context: RestoreContext,
  control: JobControl,
  draft: PlanDraft,
  task: { readonly name: 'restore.plan' | 'restore.undo'; readonly data: unknown },
  expected: number | null,
): Promise<JobOutcome> {
  const { clock, folder, records, points } = context;
  const meter = progressMeter(clock);
  const result = await runTargetTask<PlanTaskResult>(context, {
    ...task,
    host: draft.host,
    writes: null,
    signal: control.signal,
    heard: (message) => {
      // The task posts exactly these.
      const { entries, current } = message as PlanTaskProgress;
      control.progress(meter(PHASES.planning, entries, expected, 'files', entries, current));
    },
  });
  if (!result.ok) {
    removePlanFile(folder, draft.id);
    return result;
  }
  const { keepsSafety, ...plan } = draft;
  const { hash, totals, overwritten, space } = result.value;
  const safety =
    keepsSafety && overwritten.files > 0 ? await safetyOf(context, draft.id, overwritten, space) : null;
  const worst = await tightest(needsWithSafety(space, safety));
  const isRisky =
    plan.original ||
    (plan.host !== null && plan.targetDir === '/') ||
    totals.update.files > 0 ||
    totals.remove.files > 0;
  records.add(
    {
      ...plan,
      hash,
      totals,
      freeBytes: worst?.freeBytes ?? 0,
      neededBytes: worst?.neededBytes ?? 0,
      safety: safety?.plan ?? null,
      // Where nothing that exists is touched, nothing has to be typed.
      confirmWord: isRisky ? plan.planName : '',
    },
    points.rtoMs(plan.planName),
    keepsSafety,
  );
  return ok({ kind: 'restore-plan', id: plan.id });
}

type Safety = { readonly plan: NonNullable<RestorePlan['safety']>; readonly device: string };

/** How what is overwritten will be kept: under another name where it lies on the same file system, else as a copy. */
async function safetyOf(
  { folder }: RestoreContext,
  id: string,
  overwritten: { readonly files: number; readonly bytes: number },
  space: readonly SpaceNeed[],
): Promise<Safety> {
  const device = String((await stat(folder)).dev);
  const method = space.every((need) => need.device === device) ? 'link' : 'copy';
  const { freeBytes } = await diskSpace(folder);
  return { device, plan: { ...overwritten, method, dir: safetyFolder(folder, id), freeBytes } };
}

/** Copies take space, too, on the file system of the data folder. */
function needsWithSafety(space: readonly SpaceNeed[], safety: Safety | null): readonly SpaceNeed[] {
  if (safety === null || safety.plan.method === 'link') return space;
  const { bytes, dir } = safety.plan;
  const here = space.find((need) => need.device === safety.device);
  const at = dir.slice(0, Math.max(dir.lastIndexOf('/'), dir.lastIndexOf('\\')));
  const own = { device: safety.device, at: here?.at ?? at, neededBytes: (here?.neededBytes ?? 0) + bytes };
  return [...space.filter((need) => need.device !== safety.device), own];
}
