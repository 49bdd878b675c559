import type { BackupPlan } from '#shared/contract/backup.ts';
import type { AreaHandlers } from '#shared/contract/index.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { operatingUser } from '../../platform/operating-user.ts';
import { type BackupContext, jobAnswer } from '../context.ts';
import { recipientsProblem } from '../crypto/recipients.ts';
import { dropMirrors } from '../remote/take.ts';
import { startRun } from '../start-run.ts';
import { PlanStore } from './plan-store.ts';
import { addPlan, describePlan, type PlanDeps, removePlan, updatePlan } from './plans.ts';

/** The requests about plans and their runs. */
export type PlanHandlers = Pick<
  AreaHandlers<'backup'>,
  | 'backup.plans.list'
  | 'backup.plans.add'
  | 'backup.plans.update'
  | 'backup.plans.remove'
  | 'backup.plans.history'
  | 'backup.runs.list'
  | 'backup.run'
>;

/** All plans, with what their points say. */
export function plansOf({ catalogue, clock, shelf }: BackupContext): readonly BackupPlan[] {
  const points = shelf.copies.atHand();
  return catalogue.plans().map((plan) =>
    describePlan(
      plan,
      points.filter((point) => point.plan === plan.spec.name),
      clock.now(),
    ),
  );
}

/** @param ready resolves when what an earlier crash left is settled */
export function createPlanHandlers(context: BackupContext, ready: Promise<void>): PlanHandlers {
  const { catalogue, clock, broadcast } = context;
  const store = new PlanStore(context.db);
  const deps = (): PlanDeps => ({ catalogue, store, now: clock.now(), who: operatingUser() });
  const told = <T>(plan: string, result: Result<T>): Result<T> => {
    if (result.ok) broadcast('backup.changed', { plan });
    return result;
  };
  return {
    'backup.plans.list': async () => {
      await ready;
      return ok({ plans: [...plansOf(context)] });
    },
    'backup.plans.add': async (spec) => {
      const problem = await recipientsProblem(spec.encryption?.recipients ?? []);
      return problem === null ? told(spec.name, addPlan(spec, deps())) : err(problem);
    },
    'backup.plans.update': async (spec) => {
      const problem = await recipientsProblem(spec.encryption?.recipients ?? []);
      return problem === null ? told(spec.name, updatePlan(spec, deps())) : err(problem);
    },
    'backup.plans.remove': ({ name }) => {
      const removed = removePlan(name, deps());
      if (removed.ok) dropMirrors(context.sources, name, []);
      return told(name, removed);
    },
    'backup.plans.history': ({ name, limit }) => ok({ changes: [...store.history(name, limit)] }),
    'backup.runs.list': ({ plan, limit }) => {
      const { runs, total } = store.runs(plan, limit);
      return total === 0 && catalogue.plan(plan) === null
        ? err(appError('BACKUP_PLAN_MISSING', { name: plan }))
        : ok({ runs: [...runs], total });
    },
    'backup.run': async ({ name, type, regardless }) => {
      await ready;
      // A run that was cut off still starts its service or runs its after-hook; this one waits for that.
      await context.sources.catchingUp.get(name);
      const job = startRun(context, name, type, { trigger: 'hand', regardless });
      return job.ok ? ok(jobAnswer(job.value)) : job;
    },
  };
}
