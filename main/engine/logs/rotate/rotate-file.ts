import type { RotationStep } from '#shared/contract/logs-rotation-runs.ts';
import { type AppError, appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DocumentSigner } from '../../platform/signing.ts';
import type { Timers } from '../../platform/timers.ts';
import type { TaskStarter } from '../../platform/worker-tasks.ts';
import { packStep, recordStep } from './archive-steps.ts';
import type { RotationHosts } from './host.ts';
import { HOST_ORDER, HOST_STEPS } from './host-steps.ts';
import type { RotationJournal, RotationRecord } from './journal.ts';
import { removeOld } from './remove-old.ts';
import type { StagingKeys } from './staging.ts';
import { copyTruncate, holdersHere, lossNote, renameOld, stampOf, waitReleased } from './steps-old-file.ts';
import { runHook, tellWriter, type WriterDeps } from './writer.ts';

/** What rotating needs. */
export type RotateDeps = {
  readonly journal: RotationJournal;
  /** The data folder's archive. */
  readonly archive: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly tasks: TaskStarter;
  readonly signer: () => DocumentSigner;
  readonly writer: WriterDeps;
  /** Hosts whose logs are rotated, too. */
  readonly hosts: RotationHosts;
  /** Keys of what was fetched for policies that encrypt. */
  readonly stagingKeys: StagingKeys;
  /** Finishes the console's own reading of a log that is being rotated, if it reads it. */
  readonly drain: (path: string) => Promise<Result<unknown>>;
  /** Appends lines of the chain to its file; it never throws, and tells and repairs a failure by itself. */
  readonly writeChain: () => void;
  readonly changed: (record: RotationRecord) => void;
  /** Called after each step is on the disk; a test kills the process there. */
  readonly stepDone?: (step: RotationStep) => void;
};

/** What one step did. */
export type Stepped = Result<{ readonly record: RotationRecord; readonly note?: Bilingual | null }>;

type NothingToDo = { readonly ok: true; readonly value: null };

/** What each step does; null when there turned out to be nothing to rotate. */
export type RotationSteps = Readonly<
  Partial<
    Record<
      RotationStep,
      (deps: RotateDeps, record: RotationRecord, signal: AbortSignal) => Promise<Stepped | NothingToDo>
    >
  >
>;

const ORDER: readonly RotationStep[] = [
  'rename',
  'reopen',
  'release',
  'drain',
  'pack',
  'verify',
  'record',
  'delete',
];

/** Notes that a step begins, durably. */
function enterStep(deps: RotateDeps, record: RotationRecord, step: RotationStep): RotationRecord {
  const now = deps.clock.now();
  const kept = record.steps.filter((one) => one.step !== step);
  const next: RotationRecord = {
    ...record,
    state: 'running',
    error: null,
    retryAt: null,
    step,
    steps: [...kept, { step, startedAt: now, endedAt: null, note: null }],
  };
  deps.journal.save(next);
  deps.changed(next);
  return next;
}

/** Notes that a step is over. It becomes durable with the next one's beginning. */
function leaveStep(deps: RotateDeps, record: RotationRecord, note: Bilingual | null): RotationRecord {
  const now = deps.clock.now();
  deps.stepDone?.(record.step);
  return {
    ...record,
    steps: record.steps.map((one) => (one.step === record.step ? { ...one, endedAt: now, note } : one)),
  };
}

/**
 * Goes on with a rotation from the step it is in to its end, or to the step before `stopBefore`.
 *
 * @returns the record as it stands; null when there turned out to be nothing to rotate; the failure with the record it failed in
 */
export async function advance(
  deps: RotateDeps,
  begun: RotationRecord,
  signal: AbortSignal,
  stopBefore: RotationStep | null = null,
): Promise<{ readonly record: RotationRecord; readonly error: AppError | null } | null> {
  const [order, steps] = begun.spec.host === null ? [ORDER, STEPS] : [HOST_ORDER, HOST_STEPS];
  let record = begun;
  for (let at = order.indexOf(record.step); at < order.length; at = order.indexOf(record.step)) {
    const step = order[at] ?? 'delete';
    if (step === stopBefore) return { record, error: null };
    if (signal.aborted) return { record, error: appError('CANCELLED') };
    record = enterStep(deps, record, step);
    const done: Stepped | NothingToDo = (await steps[step]?.(deps, record, signal)) ?? ok({ record });
    if (!done.ok) return { record, error: done.error };
    if (done.value === null) {
      deps.journal.forget(record);
      return null;
    }
    // A step may have sent the rotation back.
    const isBack = done.value.record.step !== step;
    record = leaveStep(deps, done.value.record, isBack ? null : (done.value.note ?? null));
    if (isBack) continue;
    const next = order[at + 1];
    if (next === undefined) break;
    record = { ...record, step: next };
  }
  const now = deps.clock.now();
  record = { ...record, state: 'done', endedAt: now };
  deps.journal.save(record);
  deps.changed(record);
  return { record, error: null };
}

const STEPS: RotationSteps = {
  rename: async (deps, record) => {
    const { spec } = record;
    if (spec.method === 'copytruncate') {
      let copied = record;
      const truncated = copyTruncate(record, record.stat?.bytes ?? null, (bytes) => {
        copied = { ...record, stat: { bytes, mtimeNs: '' } };
        deps.journal.save(copied);
      });
      if (!truncated.ok) return truncated;
      const { lostBytes } = truncated.value;
      return ok({ record: { ...copied, stat: null, lostBytes }, note: lossNote(truncated.value) });
    }
    const renamed = renameOld(record, spec.create);
    if (!renamed.ok) return renamed;
    return renamed.value ? ok({ record: { ...record, lostBytes: 0 } }) : ok(null);
  },
  reopen: async (deps, record, signal) => {
    const after = record.spec.hooks.shared
      ? ok(null)
      : await runHook(record.spec, 'after', record.path, deps.writer, signal);
    if (!after.ok) return after;
    if (record.spec.method === 'copytruncate') return ok({ record, note: after.value });
    const told = await tellWriter(record.spec.reopen, record.place, deps.writer, signal);
    return told.ok ? ok({ record, note: told.value ?? after.value }) : told;
  },
  release: async (deps, record, signal) => {
    // Nobody but the console writes to a copy.
    if (record.spec.method === 'copytruncate') return ok({ record });
    const { working, place, spec } = record;
    const free = await waitReleased(
      working,
      async () => ok(holdersHere(working, place)),
      { waitMs: spec.releaseMs, firstMs: 20, longestMs: 2000 },
      deps.clock,
      deps.timers,
      signal,
    );
    return free.ok ? ok({ record, note: free.value }) : free;
  },
  drain: async (deps, record) => {
    const drained = await deps.drain(record.path);
    if (drained.ok) return ok({ record });
    const { message } = drained.error;
    return err(appError('LOG_ROTATION_DRAIN', { file: record.working, why: message }));
  },
  pack: packStep,
  verify: async (_deps, record) => {
    const now = stampOf(record.working);
    const same = now !== null && now.bytes === record.stat?.bytes && now.mtimeNs === record.stat.mtimeNs;
    if (same) return ok({ record });
    return now === null
      ? err(appError('LOG_ROTATION_VANISHED', { file: record.working }))
      : ok({ record: { ...record, step: 'release' } });
  },
  record: async (deps, record) => recordStep(deps, record),
  delete: async (_deps, record) => {
    const removed = removeOld(record);
    if (!removed.ok) return removed;
    return ok({ record: removed.value ? record : { ...record, step: 'release' } });
  },
};
