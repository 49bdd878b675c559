import type { RecoveryRecord, Runbook, RunbookRun, Tick } from '#shared/contract/recovery-register.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';

/** Following a runbook, step by step. Pure: every function gives the run as it is afterwards. */

/** A run as it begins, with the runbook as it is now. */
export function beginRun(
  id: string,
  kind: RunbookRun['kind'],
  runbook: Runbook,
  by: string,
  now: number,
): RunbookRun {
  return {
    id,
    kind,
    runbook,
    startedAt: now,
    startedBy: by,
    endedAt: null,
    outcome: null,
    lessons: '',
    ticks: [],
  };
}

/** Ticks a step, again if need be; null takes the tick back. A run that has ended is not changed. */
export function tickStep(
  run: RunbookRun,
  stepId: string,
  tick: Omit<Tick, 'stepId'> | null,
): Result<RunbookRun> {
  if (run.endedAt !== null) return err(appError('RUN_ENDED'));
  if (!run.runbook.steps.some(({ id }) => id === stepId)) {
    return err(appError('NOT_FOUND', { what: 'step', id: stepId }));
  }
  const others = run.ticks.filter((old) => old.stepId !== stepId);
  return ok({ ...run, ticks: tick === null ? others : [...others, { stepId, ...tick }] });
}

/** Ends a run. */
export function endRun(
  run: RunbookRun,
  outcome: NonNullable<RunbookRun['outcome']>,
  lessons: string,
  now: number,
): Result<RunbookRun> {
  if (run.endedAt !== null) return err(appError('RUN_ENDED'));
  return ok({ ...run, endedAt: Math.max(now, run.startedAt), outcome, lessons });
}

/** The line of evidence that a run leaves. */
export function recordOfRun(run: RunbookRun): RecoveryRecord {
  const done = run.ticks.filter(({ outcome }) => outcome === 'done').length;
  const people = new Set([run.startedBy, ...run.ticks.map(({ by }) => by)]);
  return {
    id: run.id,
    kind: run.kind,
    title: {
      zh: run.runbook.title.zh || run.runbook.title.en,
      en: run.runbook.title.en || run.runbook.title.zh,
    },
    at: run.startedAt,
    durationMs: run.endedAt === null ? null : run.endedAt - run.startedAt,
    outcome: run.outcome === 'reached' ? 'passed' : run.outcome === 'partly' ? 'partly' : 'failed',
    participants: [...people].join('、'),
    notes: [`${done}/${run.runbook.steps.length}`, run.lessons].filter(Boolean).join(' · '),
    about: { kind: 'run', id: run.id },
  };
}
