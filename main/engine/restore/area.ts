import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import type { RestorePlan } from '#shared/contract/restore.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import type { Clock } from '../platform/clock.ts';
import { diskSpace } from '../platform/disk.ts';
import type { JobControl, JobOutcome, JobRegistry } from '../platform/jobs.ts';
import type { Logger } from '../platform/logger.ts';
import type { TaskStarter } from '../platform/worker-tasks.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { makeEvidence } from './evidence.ts';
import type { TargetPlace } from './paths.ts';
import { openPlanStore } from './plan-store.ts';
import type { PlanTaskData, PlanTaskProgress, PlanTaskResult } from './plan-task.ts';
import { PHASES, progressMeter } from './progress.ts';
import { openRestoreRecords, type RestoreRecord } from './records.ts';
import type { RunTaskData, RunTaskProgress, RunTaskResult } from './run-task.ts';
import type { ArchiveRef, PointCatalogue } from './types.ts';

/** Guided restores: plan, run, prove. */
export type RestoreArea = {
  readonly handlers: AreaHandlers<'restore'>;
  /** The engine is ending: restores that are cancelled from now on were interrupted, not given up. */
  readonly close: () => void;
};

/** What the area is made of. */
export type RestoreDeps = {
  readonly db: WritableDb;
  /** Folder for the files of plans. */
  readonly folder: string;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tasks: TaskStarter;
  readonly jobs: JobRegistry;
  readonly broadcast: Broadcast;
  readonly points: PointCatalogue;
};

const FORGET_PLANS_MS = 7 * 86_400_000;
const LISTED_FAILURES = 1_000;

/** Makes the area; restores that an earlier engine did not finish are marked, so that they are offered again. */
export function createRestoreArea(deps: RestoreDeps): RestoreArea {
  const { clock, jobs } = deps;
  mkdirSync(deps.folder, { recursive: true, mode: 0o700 });
  const records = openRestoreRecords(deps.db);
  records.markInterrupted();
  for (const record of records.list()) {
    if (record.state === 'planned' && clock.now() - record.plan.createdAt > FORGET_PLANS_MS) {
      removePlanFile(deps.folder, record.id);
      records.remove(record.id);
    }
  }
  let closing = false;
  const fileOf = (id: string): string => join(deps.folder, `${id}.db`);
  const missing = (id: string) => err(appError('NOT_FOUND', { what: 'restore', id }));

  const compute = async (
    control: JobControl,
    plan: Omit<RestorePlan, 'hash' | 'totals' | 'freeBytes' | 'neededBytes'>,
    place: TargetPlace,
    archives: readonly ArchiveRef[],
    expectedEntries: number | null,
  ): Promise<JobOutcome> => {
    const meter = progressMeter(clock);
    const task = deps.tasks<Result<PlanTaskResult>>(
      'restore.plan',
      {
        file: fileOf(plan.id),
        basis: {
          pointId: plan.pointId,
          archives,
          place,
          overwrite: plan.overwrite,
          selection: plan.selection,
        },
        expectedEntries,
      } satisfies PlanTaskData,
      (message) => {
        const { entries, current } = message as PlanTaskProgress;
        control.progress(meter(PHASES.planning, entries, expectedEntries, 'files', entries, current));
      },
    );
    control.signal.addEventListener('abort', task.cancel, { once: true });
    const result = await task.result;
    if (!result.ok) {
      removePlanFile(deps.folder, plan.id);
      return result;
    }
    const { hash, totals } = result.value;
    const space = await spaceAt(plan.targetDir);
    records.add(
      { ...plan, hash, totals, freeBytes: space, neededBytes: totals.restore.bytes + totals.update.bytes },
      deps.points.rtoMs(plan.planName),
    );
    return ok({ kind: 'restore-plan', id: plan.id });
  };

  const run = async (control: JobControl, jobId: string, record: RestoreRecord): Promise<JobOutcome> => {
    const { id } = record;
    records.begin(id, jobId, clock.now());
    deps.broadcast('restore.changed', { restoreId: id });
    const meter = progressMeter(clock);
    const owners = process.getuid?.() === 0;
    let verifying = false;
    const task = deps.tasks<Result<RunTaskResult>>(
      'restore.run',
      { file: fileOf(id), mark: id.slice(0, 8), owners } satisfies RunTaskData,
      (message) => {
        const { phase, bytes, totalBytes, files, current } = message as RunTaskProgress;
        if (phase === 'verifying' && !verifying) {
          verifying = true;
          records.setState(id, 'verifying');
          deps.broadcast('restore.changed', { restoreId: id });
        }
        control.progress(meter(PHASES[phase], bytes, totalBytes, 'bytes', files, current));
      },
    );
    control.signal.addEventListener('abort', task.cancel, { once: true });
    control.onPause((paused) => task.post({ paused }));
    const result = await task.result;
    return finish(id, result, owners);
  };

  const finish = (id: string, result: Result<RunTaskResult>, owners: boolean): JobOutcome => {
    const record = records.get(id);
    if (record === null) return missing(id);
    const now = clock.now();
    const cancelled = !result.ok && result.error.code === 'CANCELLED';
    const store = openPlanStore(fileOf(id));
    const failures = store.ok ? store.value.failures(LISTED_FAILURES) : [];
    const skipped = store.ok ? store.value.skipReasons() : { unsafe: 0, unsupported: 0 };
    if (store.ok) store.value.close();
    const evidence = makeEvidence({
      restoreId: id,
      plan: record.plan,
      operator: userInfo().username,
      workstation: hostname(),
      consoleVersion: deps.version,
      startedAt: record.startedAt ?? now,
      finishedAt: now,
      interruptions: record.interruptions,
      rtoMs: record.rtoMs,
      result: result.ok ? result.value : null,
      cancelled,
      failures,
      ownersRestored: owners,
      ...skipped,
    });
    const state = result.ok ? 'done' : !cancelled ? 'failed' : closing ? 'interrupted' : 'cancelled';
    records.end(id, state, now, result.ok ? null : result.error, evidence);
    deps.broadcast('restore.changed', { restoreId: id });
    return result.ok ? ok({ kind: 'restore', id }) : result;
  };

  const startRun = (record: RestoreRecord): string =>
    jobs.start({
      kind: 'restore',
      title: { zh: `恢复“${record.plan.planName}”`, en: `Restore "${record.plan.planName}"` },
      link: `/recovery/restores/${record.id}`,
      canPause: true,
      work: (control, jobId) => run(control, jobId, record),
    }).id;

  const handlers: RestoreArea['handlers'] = {
    'restore.plan': async ({ pointId, selection, targetDir, overwrite }) => {
      if (targetDir !== null && !isAbsolute(targetDir))
        return err(appError('RESTORE_TARGET_RELATIVE', { dir: targetDir }));
      const point = deps.points.find(pointId);
      if (!point.ok) return point;
      const chain = deps.points.chain(pointId);
      if (!chain.ok) return chain;
      const original = targetDir === null;
      const dir = original ? '/' : resolve(targetDir);
      const place: TargetPlace = original
        ? { kind: 'original', platform: process.platform }
        : { kind: 'folder', dir };
      const plan = {
        id: randomUUID(),
        pointId,
        planName: point.value.plan,
        pointAt: point.value.startedAt,
        targetDir: dir,
        original,
        overwrite,
        selection,
        confirmWord: point.value.plan,
        createdAt: clock.now(),
      };
      const archives = chain.value.map(({ archivePath, manifestSha256 }) => ({
        archivePath,
        manifestSha256,
      }));
      const { files, directories, symlinks, hardLinks, special } = point.value.report;
      // Only a full's report counts all that stands at the point.
      const expected =
        point.value.type === 'full' ? files + directories + symlinks + hardLinks + special : null;
      const job = jobs.start({
        kind: 'restore-plan',
        title: { zh: `计算恢复预览“${plan.planName}”`, en: `Preview of restoring "${plan.planName}"` },
        link: '/recovery/restore',
        canPause: false,
        work: (control) => compute(control, plan, place, archives, expected),
      });
      return ok({ jobId: job.id });
    },
    'restore.plan.get': ({ planId }) => {
      const record = records.get(planId);
      return record ? ok(record.plan) : missing(planId);
    },
    'restore.plan.items': ({ planId, action, offset, limit }) => {
      if (records.get(planId) === null) return missing(planId);
      const store = openPlanStore(fileOf(planId));
      if (!store.ok) return store;
      try {
        return ok(store.value.page(action, offset, limit));
      } finally {
        store.value.close();
      }
    },
    'restore.start': async ({ planId, confirm }) => {
      const record = records.get(planId);
      if (record === null) return missing(planId);
      if (record.state !== 'planned') return err(appError('RESTORE_ALREADY_RUNNING'));
      const { confirmWord, neededBytes, targetDir } = record.plan;
      if (confirm.trim() !== confirmWord)
        return err(appError('RESTORE_NOT_CONFIRMED', { word: confirmWord }));
      const free = await spaceAt(targetDir);
      if (free < neededBytes) {
        return err(
          appError('RESTORE_NO_SPACE', { needed: formatBytes(neededBytes), free: formatBytes(free) }),
        );
      }
      return ok({ restoreId: planId, jobId: startRun(record) });
    },
    'restore.resume': ({ restoreId }) => {
      const record = records.get(restoreId);
      if (record === null) return missing(restoreId);
      const resumable =
        record.state === 'interrupted' || record.state === 'failed' || record.state === 'cancelled';
      if (!resumable || !existsSync(fileOf(restoreId))) return err(appError('RESTORE_ALREADY_RUNNING'));
      return ok({ jobId: startRun(record) });
    },
    'restore.list': () => ok({ restores: records.list().map(toState) }),
    'restore.get': ({ restoreId }) => {
      const record = records.get(restoreId);
      return record ? ok(toState(record)) : missing(restoreId);
    },
    'restore.evidence': ({ restoreId }) =>
      records.get(restoreId) === null ? missing(restoreId) : ok({ evidence: records.evidence(restoreId) }),
  };

  return {
    handlers,
    close: () => {
      closing = true;
    },
  };
}

function toState({ rtoMs: _rto, interruptions: _interruptions, ...state }: RestoreRecord) {
  return state;
}

function removePlanFile(folder: string, id: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `${id}.db${suffix}`), { force: true });
}

/** Free bytes where a restore will write; the target folder itself need not exist yet. */
async function spaceAt(dir: string): Promise<number> {
  let at = dir;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return (await diskSpace(at)).freeBytes;
}
