import { err, ok, type Result } from '#shared/errors/index.ts';
import { ioError } from '../../storage/io-error.ts';
import { pack } from './archive-steps.ts';
import type { RotationRecord, SegmentRow } from './journal.ts';
import { packedSuffix } from './names.ts';
import { dress, publish } from './publish.ts';
import { removePlain } from './remove-old.ts';
import type { RotateDeps } from './rotate-file.ts';
import { possibleCodec } from './segment-file.ts';

/**
 * With delayed compression: compresses the segments of a log that are older than the newest. Each is complete in itself before
 * and after; one that cannot be compressed now stays as it is until the next rotation, and the failure is told.
 */
export async function repackDelayed(
  deps: RotateDeps,
  { spec, path, segmentId }: RotationRecord,
  signal: AbortSignal,
): Promise<Result<object>> {
  const codec = possibleCodec(spec.compress);
  if (!spec.delayCompress || codec === 'none') return ok({});
  const plain = deps.journal
    .segments({ source: path })
    .filter(
      (segment) => segment.codec === 'none' && segment.id !== segmentId && segment.policy === spec.name,
    );
  for (const segment of plain) {
    const final = `${segment.file}${packedSuffix(spec, codec)}`;
    const part = `${final}.part`;
    const order = { from: segment.file, to: part, codec, recipients: spec.encryptTo };
    const packed = await pack(deps, order, signal);
    if (!packed.ok) return packed;
    const { before, storedBytes, storedSha256 } = packed.value;
    // What was recorded of it and what is there must be the same; else verification has something to tell.
    if (before.sha256 !== segment.sha256) continue;
    const done = record(deps, segment, { final, part, codec, storedBytes, storedSha256 }, spec);
    if (!done.ok) return done;
  }
  return ok({});
}

function record(
  deps: RotateDeps,
  segment: SegmentRow,
  made: {
    readonly final: string;
    readonly part: string;
    readonly codec: 'zstd' | 'gzip';
    readonly storedBytes: number;
    readonly storedSha256: string;
  },
  spec: RotationRecord['spec'],
): Result<object> {
  const dressed = dress(spec, made.part, segment.file);
  if (!dressed.ok) return dressed;
  const published = publish(made.part, made.final, true);
  if (!published.ok) return published;
  const { final, codec, storedBytes, storedSha256 } = made;
  const next = { ...segment, file: final, codec, storedBytes, storedSha256, encrypted: false };
  try {
    const now = deps.clock.now();
    deps.journal.recordChange(
      { kind: 'repacked', segment: { ...next, verifiedAt: now } },
      now,
      deps.signer(),
    );
    deps.writeChain();
    removePlain(segment.file);
    return ok({});
  } catch (thrown) {
    return err(ioError(final, thrown));
  }
}
