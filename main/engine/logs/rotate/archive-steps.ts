import type { RotationCodec, RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { resultUnder } from '../../platform/worker-tasks.ts';
import { ioError } from '../../storage/io-error.ts';
import type { RotationRecord, SegmentRow } from './journal.ts';
import { finalStem, packedSuffix } from './names.ts';
import type { PackedSegment, PackNews, PackOrder } from './pack.ts';
import { dress, makeRoom, planShifts, publish } from './publish.ts';
import type { RotateDeps, Stepped } from './rotate-file.ts';
import { possibleCodec } from './segment-file.ts';
import { stampOf } from './steps-old-file.ts';

/** How the file of a rotation is to be packed now. With delay, the newest stays as it is. */
export function codecNow(spec: RotationPolicy): RotationCodec {
  return spec.delayCompress ? 'none' : possibleCodec(spec.compress);
}

/** Takes the facts of the old file and packs it. */
export async function packStep(
  deps: RotateDeps,
  record: RotationRecord,
  signal: AbortSignal,
): Promise<Stepped> {
  const { spec, path, seq, startedAt } = record;
  const codec = codecNow(spec);
  // A host's file was looked at there, before it was fetched.
  const stat = record.staged === null ? stampOf(record.working) : record.stat;
  if (stat === null) return err(appError('LOG_ROTATION_VANISHED', { file: record.working }));
  const stem = finalStem({ policy: spec, path, seq, at: startedAt, archive: deps.archive });
  const final = record.segmentId === null ? `${stem}${packedSuffix(spec, codec)}` : record.final;
  const part = codec === 'none' ? null : `${final}.part`;
  const planned = { ...record, codec, final, part, stat };
  deps.journal.save(planned);
  const order: PackOrder = {
    from: record.staged ?? record.working,
    stagingKey: record.staged === null ? null : deps.stagingKeys.of(record.staged),
    to: part,
    codec,
    recipients: spec.encryptTo,
  };
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
      zh: `${before.lines.toLocaleString('en-US')} 行，回读 ${after.lines.toLocaleString('en-US')} 行。`,
      en: `${before.lines.toLocaleString('en-US')} lines; ${after.lines.toLocaleString('en-US')} read back.`,
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
  return resultUnder(
    signal,
    deps.tasks('logs.rotate.pack', order, (news) => told(news as PackNews)),
  );
}

/** Gives the segment its name and records it. */
export function recordStep(deps: RotateDeps, record: RotationRecord): Stepped {
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
  const from = record.part ?? record.staged ?? working;
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
