import { randomUUID } from 'node:crypto';
import type { BackupType } from '#shared/contract/backup.ts';
import type { RunTrigger } from '#shared/contract/backup-schedule.ts';
import type { Job } from '#shared/contract/jobs.ts';
import { type AppError, appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import type { JobControl, JobOutcome } from '../platform/jobs.ts';
import { TaskFailure } from '../platform/worker-tasks.ts';
import { sqliteError } from '../storage/sqlite.ts';
import { newestPoints, type StoredPlan, type StoredPoint } from './catalogue.ts';
import { chainOf, linksOf } from './chain.ts';
import { type BackupContext, planLink, taskInJob } from './context.ts';
import { forgetMade } from './crypto/made-note.ts';
import type { RunMade } from './finish-point.ts';
import { keepWindows } from './limits/window-keeper.ts';
import { windowState } from './limits/windows.ts';
import type { ParentRef } from './manifest.ts';
import { fullRun, planRun, type RunPlan } from './plan-run.ts';
import { contentReasons } from './plans/changes.ts';
import { PlanStore } from './plans/plan-store.ts';
import { refuseForSpace } from './retention/space.ts';
import { type RunTask, runPaths } from './run-task.ts';
import { STRONGEST_FIRST } from './schedule/due.ts';
import { runSources, tellSteps } from './sources/around.ts';
import { pruneStates, type StateTask } from './state-index.ts';

function refTo(point: StoredPoint | null): ParentRef | null {
  if (point === null) return null;
  const archive = point.archivePath.split(/[\\/]/).at(-1) ?? point.archivePath;
  return { id: point.id, manifestSha256: point.manifestSha256, archive };
}

/** Why a run begins, and what it may do. */
export type RunHow = {
  readonly trigger: RunTrigger;
  /** Also outside of the plan's hours, and without a pause when they end. */
  readonly regardless?: boolean;
  /** What the report says of the run besides why it made its type. */
  readonly reasons?: readonly Bilingual[];
};

/**
 * Starts a run as a job.
 *
 * @returns the job, or BACKUP_PLAN_MISSING, BACKUP_RUN_ACTIVE, BACKUP_OUTSIDE_WINDOW, DISK_FULL
 */
export function startRun(
  context: BackupContext,
  name: string,
  asked: BackupType,
  how: RunHow = { trigger: 'hand' },
): Result<Job> {
  const { catalogue, active, jobs, clock } = context;
  const plan = catalogue.plan(name);
  if (plan === null) return err(appError('BACKUP_PLAN_MISSING', { name }));
  if (active.has(name)) return err(appError('BACKUP_RUN_ACTIVE', { name }));
  const { windows } = plan.spec.limits;
  const hours = windowState(windows, clock.now());
  if (!hours.isOpen && how.regardless !== true)
    return err(appError('BACKUP_OUTSIDE_WINDOW', { name, ...localTime(hours.changesAt) }));
  const planned = planRun(asked, catalogue.points(name));
  const decided = {
    ...planned,
    reasons: [...planned.reasons, ...(how.reasons ?? []), ...changesSinceLast(context, name)],
  };
  const task = taskOf(context, plan, decided, clock.now());
  active.set(name, task.id);
  try {
    begin(context, task, how.trigger);
  } catch (thrown) {
    active.delete(name);
    return err(sqliteError(context.db.name, thrown));
  }
  // A run that keeps a service stopped is not made to wait for tomorrow night.
  const keptTo = how.regardless === true || plan.spec.offline !== null ? [] : windows;
  return ok(
    jobs.start({
      kind: 'backup',
      title: { zh: `备份 ${name}`, en: `Back up ${name}` },
      link: planLink(name),
      canPause: true,
      work: async (control, jobId) => {
        const endKeeping = keepWindows(jobId, keptTo, control.progress, {
          jobs,
          clock,
          timers: context.sources.timers,
        });
        const outcome = await work(context, plan, task, decided, how.trigger, control).finally(() => {
          endKeeping();
          active.delete(name);
        });
        const pointId = outcome.ok ? (outcome.value?.id ?? null) : null;
        if (pointId !== null) for (const call of context.afterRun) call(name, pointId);
        return outcome;
      },
    }),
  );
}

/** What was changed in the plan since its last run. */
function changesSinceLast({ db, clock }: BackupContext, name: string): readonly Bilingual[] {
  const store = new PlanStore(db);
  return contentReasons(store.history(name, 1000), store.lastStart(name, STRONGEST_FIRST, clock.now()));
}

/** A moment in the words of both languages, local time. */
function localTime(at: number | null): Bilingual {
  const text = at === null ? null : new Date(at).toLocaleString('sv-SE').slice(0, 16);
  return { zh: text ?? '无', en: text ?? 'never' };
}

/** Writes down that the run may leave files behind. */
function begin({ catalogue }: BackupContext, task: RunTask, trigger: RunTrigger): void {
  catalogue.beginRun(
    {
      pointId: task.id,
      plan: task.plan,
      type: task.type,
      startedAt: task.startedAt,
      archivePath: runPaths(task).archive,
    },
    trigger,
  );
}

function taskOf(context: BackupContext, plan: StoredPlan, decided: RunPlan, startedAt: number): RunTask {
  const id = randomUUID();
  const points = context.catalogue.points(plan.spec.name);
  const chain = decided.parent === null ? null : chainOf(decided.parent, points);
  const { spec } = plan;
  return {
    id,
    plan: spec.name,
    type: decided.type,
    parent: refTo(decided.parent),
    base: refTo(decided.base),
    host: context.host,
    tool: context.tool,
    startedAt,
    sources: spec.sources,
    exclude: spec.exclude,
    targetDir: spec.targetDir,
    indexDir: context.indexDir,
    chain: chain?.ok ? linksOf(chain.value) : [],
    changeDetection: spec.changeDetection,
    bytesPerSecond: spec.limits.bytesPerSecond,
    placed: [],
    lacking: [],
    reasons: [...decided.reasons],
    encryption: spec.encryption && {
      recipients: spec.encryption.recipients,
      keyFiles: [...context.keys.filesFor(spec.encryption.recipients)],
    },
    expectedBytes: points.find((point) => point.type === 'full')?.report.bytes ?? null,
    previousId: decided.parent?.id ?? points[0]?.id ?? null,
  };
}

async function work(
  context: BackupContext,
  plan: StoredPlan,
  task: RunTask,
  decided: RunPlan,
  trigger: RunTrigger,
  control: JobControl,
): Promise<JobOutcome> {
  if (decided.parent === null) return attempt(context, plan, task, decided, control);
  const state = await composeState(context, task, control);
  if (state.ok) return attempt(context, plan, task, decided, control);
  if (state.error.code === 'CANCELLED') {
    failed(context, task, state.error, true);
    return state;
  }
  // What the parent holds cannot be read any more: nothing is compared with a guess.
  const instead = fullRun(
    {
      zh: `无法读取恢复点 ${decided.parent.id} 的内容，改做全备份。`,
      en: `What point ${decided.parent.id} holds cannot be read, so a full is made.`,
    },
    state.error.message,
  );
  context.catalogue.endRun(task.id, 'failed', context.clock.now(), state.error, true);
  const full = taskOf(context, plan, instead, context.clock.now());
  context.active.set(task.plan, full.id);
  begin(context, full, trigger);
  return attempt(context, plan, full, instead, control);
}

/** Makes sure that the state at the parent is at hand before a run is compared with it. */
async function composeState(
  context: BackupContext,
  { indexDir, chain }: RunTask,
  control: JobControl,
): Promise<Result<object>> {
  const task: StateTask = { indexDir, chain };
  try {
    return await taskInJob<Result<object>>(context, control, 'backup.state', task);
  } catch (thrown) {
    if (!(thrown instanceof TaskFailure)) throw thrown;
    return err(thrown.error);
  }
}

async function attempt(
  context: BackupContext,
  plan: StoredPlan,
  task: RunTask,
  decided: RunPlan,
  control: JobControl,
): Promise<JobOutcome> {
  const { broadcast, logger, clock, catalogue } = context;
  const tooSmall = await refuseForSpace(context, task);
  if (tooSmall !== null) {
    failed(context, task, tooSmall, true);
    broadcast('backup.changed', { plan: task.plan });
    return err(tooSmall);
  }
  const reasons = decided.reasons.map((reason) => reason.en);
  logger.log('info', 'backup run started', { plan: task.plan, point: task.id, type: task.type, reasons });
  broadcast('backup.changed', { plan: task.plan });
  let outcome: Result<RunMade>;
  // A thread that dies cannot clean up after itself; the next start does it.
  let clean = true;
  const around = runSources(context.sources, plan.spec, task);
  try {
    const prepared = await around.prepare(control.signal, control.progress);
    outcome = prepared.ok
      ? await taskInJob<Result<RunMade>>(
          context,
          control,
          'backup.run',
          { ...task, ...prepared.value },
          around.heard,
        )
      : prepared;
  } catch (thrown) {
    if (!(thrown instanceof TaskFailure)) {
      // A bug must not leave a service standing still.
      await around.finish(err(appError('INTERNAL', { what: String(thrown) })));
      throw thrown;
    }
    outcome = err(thrown.error);
    clean = false;
  }
  let result: JobOutcome = outcome.ok ? made(context, task, decided, outcome.value) : outcome;
  if (!result.ok) failed(context, task, result.error, clean);
  const trouble = await around.finish(outcome);
  if (outcome.ok) tellSteps(context, task.id);
  // A service that stands still is worse than whatever else went wrong.
  if (trouble !== null && (result.ok || trouble.code === 'BACKUP_OFFLINE_START_FAILED')) {
    catalogue.setPlanError(task.plan, trouble);
    result = err(trouble);
  }
  logger.log(result.ok ? 'info' : 'warn', 'backup run ended', {
    plan: task.plan,
    point: task.id,
    at: clock.now(),
    ...(result.ok ? {} : { code: result.error.code, detail: result.error.detail }),
  });
  broadcast('backup.changed', { plan: task.plan });
  return result;
}

function made(context: BackupContext, task: RunTask, decided: RunPlan, run: RunMade): JobOutcome {
  const { catalogue, clock } = context;
  catalogue.addPoint({
    id: task.id,
    plan: task.plan,
    type: task.type,
    parentId: decided.parent?.id ?? null,
    baseId: decided.base?.id ?? null,
    startedAt: task.startedAt,
    finishedAt: run.finishedAt,
    archivePath: run.archivePath,
    archiveBytes: run.archiveBytes,
    manifestSha256: run.manifestSha256,
    state: 'complete',
    // The run read everything back and compared every hash before it gave the archive its name.
    verifiedAt: clock.now(),
    verifyError: null,
    report: run.report,
  });
  forgetMade(context.indexDir, task.id);
  pruneStates(context.indexDir, newestPoints(catalogue));
  catalogue.setPlanError(task.plan, null);
  return ok({ kind: 'point', id: task.id });
}

function failed(context: BackupContext, task: RunTask, error: AppError, clean: boolean): void {
  const { catalogue, clock } = context;
  const cancelled = error.code === 'CANCELLED';
  catalogue.endRun(task.id, cancelled ? 'cancelled' : 'failed', clock.now(), error, clean);
  // What the operator stopped is no fault of the plan.
  if (!cancelled) catalogue.setPlanError(task.plan, error);
}
