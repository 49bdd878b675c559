import { randomUUID } from 'node:crypto';
import type { AreaHandlers } from '#shared/contract/index.ts';
import type { Job } from '#shared/contract/jobs.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { JobControl, JobOutcome } from '../../platform/jobs.ts';
import { TaskFailure } from '../../platform/worker-tasks.ts';
import type { StoredPlan, StoredPoint } from '../catalogue.ts';
import { chainOf, linksOf } from '../chain.ts';
import { type BackupContext, jobAnswer, planLink, taskInJob } from '../context.ts';
import type { RunMade } from '../finish-point.ts';
import { type SynthesizeTask, synthesisPaths } from './synthesize-task.ts';

/** The request for a full made of a chain. */
export function createSyntheticHandlers(
  context: BackupContext,
  ready: Promise<void>,
): Pick<AreaHandlers<'backup'>, 'backup.synthesize'> {
  return {
    'backup.synthesize': async ({ name }) => {
      await ready;
      const job = startSynthesis(context, name);
      return job.ok ? ok(jobAnswer(job.value)) : job;
    },
  };
}

/**
 * Starts to make a full of the archives that the plan's newest point is restored from, as a job. The sources are not touched.
 *
 * @returns the job, or BACKUP_PLAN_MISSING, BACKUP_RUN_ACTIVE, BACKUP_NO_POINTS, BACKUP_SYNTHESIZE_FULL, BACKUP_CHAIN_BROKEN
 */
function startSynthesis(context: BackupContext, name: string): Result<Job> {
  const { catalogue, active, jobs } = context;
  const plan = catalogue.plan(name);
  if (plan === null) return err(appError('BACKUP_PLAN_MISSING', { name }));
  if (active.has(name)) return err(appError('BACKUP_RUN_ACTIVE', { name }));
  const points = context.shelf.copies.atHand().filter((point) => point.plan === name);
  const [newest] = points.toSorted((a, b) => b.seq - a.seq);
  if (newest === undefined) return err(appError('BACKUP_NO_POINTS', { name }));
  if (newest.parentId === null) return err(appError('BACKUP_SYNTHESIZE_FULL', { name }));
  const chain = chainOf(newest, points);
  if (!chain.ok) return chain;
  const task = taskOf(context, plan, newest, chain.value);
  active.set(name, task.id);
  // The time of the state, not of now: a schedule must not take this for a run that read the sources.
  catalogue.beginRun(
    {
      pointId: task.id,
      plan: name,
      type: 'full',
      startedAt: task.startedAt,
      archivePath: synthesisPaths(task).archive,
    },
    'hand',
  );
  return ok(
    jobs.start({
      kind: 'backup',
      title: { zh: `合成全备份 ${name}`, en: `Put together a full of ${name}` },
      link: planLink(name),
      canPause: true,
      work: async (control) => {
        const outcome = await work(context, task, control).finally(() => active.delete(name));
        const pointId = outcome.ok ? (outcome.value?.id ?? null) : null;
        if (pointId !== null) for (const call of context.afterRun) call(name, pointId);
        return outcome;
      },
    }),
  );
}

function taskOf(
  context: BackupContext,
  { spec }: StoredPlan,
  of: StoredPoint,
  chain: readonly StoredPoint[],
): SynthesizeTask {
  const archive = of.archivePath.split(/[\\/]/).at(-1) ?? of.archivePath;
  return {
    id: randomUUID(),
    plan: spec.name,
    tool: context.tool,
    of: { id: of.id, manifestSha256: of.manifestSha256, archive },
    startedAt: of.startedAt,
    at: context.clock.now(),
    chain: linksOf(chain),
    targetDir: spec.targetDir,
    indexDir: context.indexDir,
    identities: [...context.keyRing.keys().identities],
    encryption: spec.encryption && {
      recipients: spec.encryption.recipients,
      keyFiles: [...context.keys.filesFor(spec.encryption.recipients)],
    },
    reasons: [
      {
        zh: `由恢复点 ${of.id} 的 ${chain.length} 个归档合成，未读取来源。`,
        en: `Put together from the ${chain.length} archives of point ${of.id}; the sources were not read.`,
      },
    ],
    expectedBytes: chain[0]?.report.bytes ?? null,
  };
}

async function work(context: BackupContext, task: SynthesizeTask, control: JobControl): Promise<JobOutcome> {
  const { broadcast, logger, clock } = context;
  const about = { plan: task.plan, point: task.id, of: task.of.id };
  logger.log('info', 'a full is made of a chain', about);
  broadcast('backup.changed', { plan: task.plan });
  let outcome: Result<RunMade>;
  // A thread that dies cannot clean up after itself; the next start does it.
  let clean = true;
  try {
    outcome = await taskInJob<Result<RunMade>>(context, control, 'backup.synthesize', task);
  } catch (thrown) {
    if (!(thrown instanceof TaskFailure)) throw thrown;
    outcome = err(thrown.error);
    clean = false;
  }
  if (outcome.ok) made(context, task, outcome.value);
  else failed(context, task, outcome.error, clean);
  logger.log(outcome.ok ? 'info' : 'warn', 'making a full of a chain ended', {
    ...about,
    at: clock.now(),
    ...(outcome.ok ? {} : { code: outcome.error.code, detail: outcome.error.detail }),
  });
  broadcast('backup.changed', { plan: task.plan });
  return outcome.ok ? ok({ kind: 'point', id: task.id }) : outcome;
}

function made({ catalogue, clock }: BackupContext, task: SynthesizeTask, run: RunMade): void {
  catalogue.addPoint({
    id: task.id,
    plan: task.plan,
    type: 'full',
    parentId: null,
    baseId: null,
    startedAt: task.startedAt,
    finishedAt: run.finishedAt,
    archivePath: run.archivePath,
    archiveBytes: run.archiveBytes,
    manifestSha256: run.manifestSha256,
    state: 'complete',
    // Every hash was compared while copying and again after reading back.
    verifiedAt: clock.now(),
    verifyError: null,
    report: run.report,
  });
}

/** The plan's own runs are not concerned: its error stays what the last of them left. */
function failed(
  { catalogue, clock }: BackupContext,
  task: SynthesizeTask,
  error: AppError,
  clean: boolean,
): void {
  const state = error.code === 'CANCELLED' ? 'cancelled' : 'failed';
  catalogue.endRun(task.id, state, clock.now(), error, clean);
}
