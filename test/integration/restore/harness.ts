import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RequestInput } from '#shared/contract/index.ts';
import { type HeadlessEngine, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { jobEnd } from '../../helpers/job-end.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

/** Backs a folder up and gives the restore point's id. */
export async function backUp(
  engine: HeadlessEngine,
  name: string,
  source: string,
  targetDir: string,
): Promise<string> {
  await engine.call('backup.plans.add', { name, sources: [source], targetDir });
  return run(engine, name);
}

/** Runs a plan once more. */
export async function run(engine: HeadlessEngine, name: string, type: 'full' | 'incremental' = 'full') {
  const job = await jobEnd(engine, (await engine.call('backup.run', { name, type })).jobId);
  if (job.result === null) throw new Error(JSON.stringify(job.error));
  return job.result.id;
}

/** Waits until a restore has made its folder: it stands at its beginning then, wherever its progress is told to be. */
export async function begunIn(folder: string): Promise<void> {
  const end = performance.now() + 60_000;
  while (!existsSync(folder)) {
    if (performance.now() > end) throw new Error(`the restore does not begin: there is no ${folder}`);
    await wait(1);
  }
}

/** Waits until a restore has written something, or has ended. */
export async function underWay(engine: HeadlessEngine, restoreId: string): Promise<void> {
  const end = performance.now() + 60_000;
  for (;;) {
    const { jobId } = await engine.call('restore.get', { restoreId });
    const job = await engine.call('jobs.get', { id: jobId ?? '' });
    if ((job.progress?.filesDone ?? 0) > 0 || job.endedAt !== null) return;
    if (performance.now() > end) throw new Error(`the restore does not begin: ${JSON.stringify(job)}`);
    await wait(5);
  }
}

async function planned(engine: HeadlessEngine, jobId: string) {
  const job = await jobEnd(engine, jobId);
  if (job.result === null) throw new Error(JSON.stringify(job.error));
  return engine.call('restore.plan.get', { planId: job.result.id });
}

/** Computes a plan. */
export async function plan(engine: HeadlessEngine, input: RequestInput<'restore.plan'>) {
  return planned(engine, (await engine.call('restore.plan', input)).jobId);
}

/** Computes the plan of undoing a restore. */
export async function undoPlan(engine: HeadlessEngine, input: RequestInput<'restore.undo'>) {
  return planned(engine, (await engine.call('restore.undo', input)).jobId);
}

/** Runs a plan to its end. */
export async function execute(engine: HeadlessEngine, made: Awaited<ReturnType<typeof plan>>) {
  const { restoreId, jobId } = await engine.call('restore.start', {
    planId: made.id,
    confirm: made.confirmWord,
  });
  const job = await jobEnd(engine, jobId);
  const { evidence } = await engine.call('restore.evidence', { restoreId });
  if (evidence === null) throw new Error('a restore that ended has no evidence');
  return { planned: made, job, evidence, restoreId };
}

/** Plans and runs a restore to its end. */
export async function restore(engine: HeadlessEngine, input: RequestInput<'restore.plan'>) {
  return execute(engine, await plan(engine, input));
}

/** Plans and runs the undoing of a restore. */
export async function undo(engine: HeadlessEngine, input: RequestInput<'restore.undo'>) {
  return execute(engine, await undoPlan(engine, input));
}

/** Gives a test an engine of its own, in a process of its own. */
export async function withEngine(
  work: (engine: HeadlessEngine, root: string) => Promise<void>,
): Promise<void> {
  const root = temporaryFolder('restore');
  const engine = await startHeadlessEngine(join(root, 'data'));
  try {
    await work(engine, root);
  } finally {
    engine.close();
    await engine.stop();
  }
}
