import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { AppCheckResult, Evidence, RestorePlan } from '#shared/contract/restore.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { JobControl, JobOutcome } from '../platform/jobs.ts';
import { sleep } from '../platform/timers.ts';
import { checkApplication } from './app-check.ts';
import { missingRestore, planFile, type RestoreContext, safetyFolder } from './context.ts';
import { makeEvidence } from './evidence.ts';
import { givesOwnersOn } from './host/place.ts';
import { givesOwners } from './owners.ts';
import { openPlanStore } from './plan-store.ts';
import { PHASES, progressMeter } from './progress.ts';
import type { RestoreRecord } from './records.ts';
import type { RunTaskData, RunTaskProgress, RunTaskResult } from './run-task.ts';
import { isLostConnection, runTargetTask } from './target-task.ts';

const LISTED_FAILURES = 1_000;
/** Pauses before a host that was lost is tried again; then the operator decides. */
const RETRY_AFTER_MS = [2_000, 10_000, 30_000];

/** Starts (or goes on with) a restore as a job; gives the job's id. */
export function startRestore(context: RestoreContext, record: RestoreRecord): string {
  const { planName, undoOf } = record.plan;
  return context.jobs.start({
    kind: 'restore',
    title:
      undoOf === null
        ? { zh: `恢复“${planName}”`, en: `Restore "${planName}"` }
        : { zh: `撤销恢复“${planName}”`, en: `Undo the restore of "${planName}"` },
    link: `/recovery/restores/${record.id}`,
    canPause: true,
    work: (control, jobId) => runRestore(context, control, jobId, record),
  }).id;
}

async function runRestore(
  context: RestoreContext,
  control: JobControl,
  jobId: string,
  record: RestoreRecord,
): Promise<JobOutcome> {
  const { id, plan } = record;
  const { clock, records, broadcast } = context;
  records.begin(id, jobId, clock.now());
  broadcast('restore.changed', { restoreId: id });
  const meter = progressMeter(clock);
  const owners = givesOwnersAt(context, plan);
  let verifying = false;
  const attempt = (): Promise<Result<RunTaskResult>> =>
    runTargetTask<RunTaskResult>(context, {
      name: plan.host === null ? 'restore.run' : 'restore.host',
      data: {
        file: planFile(context.folder, id),
        mark: id.slice(0, 8),
        owners,
        key: plan.undoOf === null ? context.points.key(plan.pointId) : null,
      } satisfies RunTaskData,
      host: plan.host,
      writes: `${plan.targetDir} (restore ${id})`,
      signal: control.signal,
      started: (task) => control.onPause((paused) => task.post({ paused })),
      heard: (message) => {
        // The task posts exactly these.
        const { phase, bytes, totalBytes, files, current } = message as RunTaskProgress;
        if (phase === 'verifying' && !verifying) {
          verifying = true;
          records.setState(id, 'verifying');
          broadcast('restore.changed', { restoreId: id });
        }
        control.progress(meter(PHASES[phase], bytes, totalBytes, 'bytes', files, current));
      },
    });
  let result = await attempt();
  // A host may be away for a moment; the run knows where it stopped.
  for (const pause of RETRY_AFTER_MS) {
    if (result.ok || plan.host === null || !isLostConnection(result.error) || control.signal.aborted) break;
    control.progress(meter(PHASES.waiting, 0, null, 'files', 0, plan.host.name));
    // A pause that is cut short was cancelled, and so is the attempt.
    await sleep(context.timers, pause, control.signal).catch(() => undefined);
    result = await attempt();
  }
  let appCheck: AppCheckResult | null = null;
  if (result.ok && plan.appCheck !== null) {
    control.progress(meter(PHASES.checking, 0, null, 'files', 0, plan.appCheck.command));
    appCheck = await checkApplication(plan.appCheck, context.runCheck, clock, control.signal);
  }
  return finishRestore(context, id, result, owners, appCheck);
}

/** Whether owners are given back: on a host, only its root can. */
function givesOwnersAt({ sshHosts }: RestoreContext, { host, owners }: RestorePlan): boolean {
  if (host === null) return givesOwners(owners);
  return givesOwnersOn(sshHosts.logins().find(({ id }) => id === host.login)) && owners.mode !== 'current';
}

function finishRestore(
  context: RestoreContext,
  id: string,
  result: Result<RunTaskResult>,
  owners: boolean,
  appCheck: AppCheckResult | null,
): JobOutcome {
  const { clock, records, broadcast, points } = context;
  const record = records.get(id);
  if (record === null) return missingRestore(id);
  const { plan } = record;
  const now = clock.now();
  const cancelled = !result.ok && result.error.code === 'CANCELLED';
  const told = readStore(context, id);
  const safety =
    plan.safety === null || told.kept.files === 0 ? null : { ...told.kept, dir: plan.safety.dir };
  const hosts: Evidence['hosts'] =
    plan.hosts.length === 0 ? [] : context.hosts().filter(({ name }) => plan.hosts.includes(name));
  const evidence = makeEvidence(
    {
      restoreId: id,
      plan,
      operator: userInfo().username,
      workstation: hostname(),
      consoleVersion: context.version,
      startedAt: record.startedAt ?? now,
      finishedAt: now,
      interruptions: record.interruptions,
      rtoMs: record.rtoMs,
      rpoMs: points.rpoMs(plan.planName),
      appCheck,
      hosts: [...hosts],
      safety,
      result: result.ok ? result.value : null,
      cancelled,
      failures: told.failures,
      ownersRestored: owners,
      ...told.skipped,
    },
    context.signer(),
  );
  const state = result.ok
    ? 'done'
    : !cancelled
      ? 'failed'
      : context.isClosing()
        ? 'interrupted'
        : 'cancelled';
  records.setSafety(id, safety === null ? null : { ...safety, discardedAt: null });
  records.end(id, state, now, result.ok ? null : result.error, evidence);
  broadcast('restore.changed', { restoreId: id });
  return result.ok ? ok({ kind: 'restore', id }) : result;
}

function readStore({ folder }: RestoreContext, id: string) {
  const store = openPlanStore(planFile(folder, id));
  if (!store.ok)
    return { failures: [], skipped: { unsafe: 0, unsupported: 0 }, kept: { files: 0, bytes: 0 } };
  try {
    return {
      failures: store.value.failures(LISTED_FAILURES),
      skipped: store.value.skipReasons(),
      kept: store.value.keptTotals(),
    };
  } finally {
    store.value.close();
  }
}

/** What an interrupted restore keeps already; it is told from the plan's file, as the run could not tell it. */
export function keptSoFar(context: RestoreContext, record: RestoreRecord): RestoreRecord['safety'] {
  if (record.safety !== null || record.state !== 'interrupted') return record.safety;
  const dir = safetyFolder(context.folder, record.id);
  if (!existsSync(dir)) return null;
  return { ...readStore(context, record.id).kept, dir, discardedAt: null };
}
