import type { RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import type { RotationStep } from '#shared/contract/logs-rotation-runs.ts';
import { type AppError, appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DocumentSigner } from '../../platform/signing.ts';
import type { Timers } from '../../platform/timers.ts';
import type { TaskStarter } from '../../platform/worker-tasks.ts';
import { ioError } from '../../storage/io-error.ts';
import type { RotationJournal, RotationRecord, SegmentRow } from './journal.ts';
import { finalStem, packedSuffix } from './names.ts';
import type { PackedSegment, PackNews, PackOrder } from './pack.ts';
import { dress, makeRoom, planShifts, publish } from './publish.ts';
import { removeOld } from './remove-old.ts';
import { possibleCodec } from './segment-file.ts';
import { copyTruncate, lossNote, renameOld, stampOf, waitReleased } from './steps-old-file.ts';
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
  /** Finishes the console's own reading of a log that is being rotated, if it reads it. */
  readonly drain: (path: string) => Promise<Result<unknown>>;
  /** Appends lines of the chain to its file; it never throws, and tells and repairs a failure by itself. */
  readonly writeChain: () => void;
  readonly changed: (record: RotationRecord) => void;
  /** Called after each step is on the disk; a test kills the process there. */
  readonly stepDone?: (step: RotationStep) => void;
};

/** What one step did. */
type Stepped = Result<{ readonly record: RotationRecord; readonly note?: Bilingual | null }>;

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
export function enterStep(deps: RotateDeps, record: RotationRecord, step: RotationStep): RotationRecord {
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
export function leaveStep(deps: RotateDeps, record: RotationRecord, note: Bilingual | null): RotationRecord {
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
  let record = begun;
  for (let at = ORDER.indexOf(record.step); at < ORDER.length; at = ORDER.indexOf(record.step)) {
    const step = ORDER[at] ?? 'delete';
    if (step === stopBefore) return { record, error: null };
    if (signal.aborted) return { record, error: appError('CANCELLED') };
    record = enterStep(deps, record, step);
    const done = await STEPS[step](deps, record, signal);
    if (!done.ok) return { record, error: done.error };
    if (done.value === null) {
      deps.journal.forget(record);
      return null;
    }
    // A step may have sent the rotation back.
    const isBack = done.value.record.step !== step;
    record = leaveStep(deps, done.value.record, isBack ? null : (done.value.note ?? null));
    if (isBack) continue;
    const next = ORDER[at + 1];
    if (next === undefined) break;
    record = { ...record, step: next };
  }
  const now = deps.clock.now();
  record = { ...record, state: 'done', endedAt: now };
  deps.journal.save(record);
  deps.changed(record);
  return { record, error: null };
}

const STEPS: Readonly<
  Record<
    RotationStep,
    (
      deps: RotateDeps,
      record: RotationRecord,
      signal: AbortSignal,
    ) => Promise<Stepped | { ok: true; value: null }>
  >
> = {
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
    const free = await waitReleased(working, place, spec.releaseMs, deps.clock, deps.timers, signal);
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

/** How the file of a rotation is to be packed now. With delay, the newest stays as it is. */
function codecNow(spec: RotationPolicy): 'zstd' | 'gzip' | 'none' {
  return spec.delayCompress ? 'none' : possibleCodec(spec.compress);
}

async function packStep(deps: RotateDeps, record: RotationRecord, signal: AbortSignal): Promise<Stepped> {
  const { spec, path, seq, startedAt } = record;
  const codec = codecNow(spec);
  const stat = stampOf(record.working);
  if (stat === null) return err(appError('LOG_ROTATION_VANISHED', { file: record.working }));
  const stem = finalStem({ policy: spec, path, seq, at: startedAt, archive: deps.archive });
  const final = record.segmentId === null ? `${stem}${packedSuffix(spec, codec)}` : record.final;
  const part = codec === 'none' ? null : `${final}.part`;
  const planned = { ...record, codec, final, part, stat };
  deps.journal.save(planned);
  const order: PackOrder = { from: record.working, to: part, codec, recipients: spec.encryptTo };
  const packed = await pack(deps, order, signal);
  if (!packed.ok) return packed;
  const { before, after, storedBytes, storedSha256 } = packed.value;
  return ok({
    record: {
      ...planned,
      before,
      bytesBefore: before.bytes,
      linesBefore: before.lines,
      linesAfter: after.lines,
      bytesAfter: storedBytes,
      stored: { bytes: storedBytes, sha256: storedSha256 },
    },
    note: {
      zh: `${before.lines} 行，回读 ${after.lines} 行。`,
      en: `${before.lines} lines; ${after.lines} read back.`,
    },
  });
}

/** Packs in a thread of its own. */
export async function pack(
  deps: Pick<RotateDeps, 'tasks'>,
  order: PackOrder,
  signal: AbortSignal,
  told: (news: PackNews) => void = () => undefined,
): Promise<Result<PackedSegment>> {
  const run = deps.tasks<Result<PackedSegment>>('logs.rotate.pack', order, (news) => told(news as PackNews));
  const cancel = (): void => run.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await run.result;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function recordStep(deps: RotateDeps, record: RotationRecord): Stepped {
  const { spec, path, seq, startedAt, final, codec, before, stored, working } = record;
  if (final === null || codec === null || before === null || stored === null)
    return ok({ record: { ...record, step: 'pack' } });
  const isAgain = record.segmentId !== null;
  let planned = record;
  if (!isAgain && record.shifts.length === 0) {
    const shifts = planShifts({ policy: spec, path, seq, at: startedAt, archive: deps.archive });
    if (!shifts.ok) return shifts;
    planned = { ...record, shifts: [...shifts.value] };
    deps.journal.save(planned);
  }
  const from = record.part ?? working;
  if (record.part !== null) {
    const dressed = dress(spec, record.part, working);
    // After a crash the part may have its name already.
    if (!dressed.ok && stampOf(record.part) !== null) return dressed;
  }
  const room = makeRoom(planned.shifts);
  if (!room.ok) return room;
  const published = publish(from, final, isAgain);
  if (!published.ok) return published;
  const now = deps.clock.now();
  const id = record.segmentId ?? record.id;
  const segment: SegmentRow = {
    id,
    policy: record.policy,
    source: path,
    file: final,
    rotatedAt: startedAt,
    lines: before.lines,
    bytes: before.bytes,
    storedBytes: stored.bytes,
    sha256: before.sha256,
    storedSha256: stored.sha256,
    codec,
    encrypted: codec !== 'none' && spec.encryptTo.length > 0,
    checkpoint: 0,
    hold: null,
    lockedUntil: null,
    verifiedAt: now,
    verifiedOk: true,
  };
  const next: RotationRecord = { ...planned, segmentId: id, step: 'record' };
  try {
    deps.journal.recordChange({ kind: isAgain ? 'repacked' : 'segment', segment }, now, deps.signer(), {
      // With the segment the rotation is past this step: a crash from here on must not record it again.
      rotation: { ...next, step: 'delete' },
      shifts: isAgain ? [] : planned.shifts,
    });
    deps.writeChain();
  } catch (thrown) {
    return err(ioError(final, thrown));
  }
  return ok({ record: next });
}
