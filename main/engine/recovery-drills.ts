import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type RequestInput, type RequestName, type RequestOutput, requests } from '#shared/contract/index.ts';
import type { AppCheckResult } from '#shared/contract/restore.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from './platform/clock.ts';
import { commandEnvironment } from './platform/command/environment.ts';
import { runCommand } from './platform/command/run-command.ts';
import type { JobRegistry } from './platform/jobs.ts';
import type { Timers } from './platform/timers.ts';
import type { DrillCheck } from './recovery/drills.ts';
import type { DrillRestore } from './recovery/types.ts';
import { checkApplication } from './restore/app-check.ts';
import type { RestoreArea } from './restore/area.ts';
import { openRestoreRecords } from './restore/records.ts';
import type { WritableDb } from './storage/sqlite.ts';

/** What drills restore with. */
export type DrillRestoreDeps = {
  readonly restore: RestoreArea;
  readonly jobs: JobRegistry;
  readonly db: WritableDb;
  /** Folder of the restore area's plan files. */
  readonly folder: string;
};

/** Restores for drills: the restore area's own requests, so that what is rehearsed is what will be done. */
export function drillRestore({ restore, jobs, db, folder }: DrillRestoreDeps): DrillRestore {
  const never = new AbortController().signal;
  const call = async <N extends Extract<RequestName, `restore.${string}`>>(
    name: N,
    input: RequestInput<N>,
  ): Promise<Result<RequestOutput<N>>> => {
    const parsed = requests[name].input.parse(input);
    // The handler of this very request takes what its schema gives.
    const handler = restore.handlers[name] as (
      params: unknown,
      context: unknown,
    ) => Promise<Result<RequestOutput<N>>>;
    return handler(parsed, { signal: never, closed: never, emit: () => undefined });
  };
  return {
    run: async ({ pointId, dir, signal, began, progress }) => {
      /** Waits for a job, passes its progress on, and cancels it when the drill is cancelled. */
      const finish = async (jobId: string): Promise<Result<string>> => {
        const cancel = (): void => void jobs.cancel(jobId);
        if (signal.aborted) cancel();
        signal.addEventListener('abort', cancel, { once: true });
        const told = setInterval(() => {
          const now = jobs.get(jobId)?.progress;
          if (now) progress(now);
        }, 250);
        try {
          const job = await jobs.ended(jobId);
          return job.error === null ? ok(job.result?.id ?? '') : err(job.error);
        } finally {
          clearInterval(told);
          signal.removeEventListener('abort', cancel);
        }
      };
      const planning = await call('restore.plan', { pointId, targetDir: dir, safetyCopy: false });
      if (!planning.ok) return planning;
      const planned = await finish(planning.value.jobId);
      if (!planned.ok) return planned;
      began(planned.value);
      const plan = await call('restore.plan.get', { planId: planned.value });
      if (!plan.ok) return plan;
      const started = await call('restore.start', { planId: plan.value.id, confirm: plan.value.confirmWord });
      if (!started.ok) return started;
      const ended = await finish(started.value.jobId);
      const told = await call('restore.evidence', { restoreId: started.value.restoreId });
      if (!told.ok) return told;
      if (told.value.evidence !== null) return ok(told.value.evidence);
      return ended.ok ? err(appError('INTERNAL', { what: 'a restore left no evidence' })) : ended;
    },
    forget: (restoreId) => {
      openRestoreRecords(db).remove(restoreId);
      for (const suffix of ['.db', '.db-wal', '.db-shm', '.safety']) {
        rmSync(join(folder, `${restoreId}${suffix}`), { recursive: true, force: true });
      }
    },
  };
}

/** The application check of a drill: in the restored folder, which it also finds in `HMTT_DRILL_DIR`. */
export function drillCheck(clock: Clock, timers: Timers): DrillCheck {
  return (check, { cwd, drillId }, signal): Promise<AppCheckResult> =>
    checkApplication(
      check,
      (shell, timeoutMs, aborted) =>
        runCommand(
          {
            run: { shell },
            cwd,
            env: { ...commandEnvironment(), HMTT_DRILL_DIR: cwd, HMTT_DRILL_ID: drillId },
            timeoutMs,
            signal: aborted,
          },
          timers,
        ),
      clock,
      signal,
    );
}
