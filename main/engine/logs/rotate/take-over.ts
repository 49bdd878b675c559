import { randomUUID } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { type AppError, err, ok, type Result } from '#shared/errors/index.ts';
import { resultUnder } from '../../platform/worker-tasks.ts';
import { ioError } from '../../storage/io-error.ts';
import type { RotationRecord, SegmentRow } from './journal.ts';
import { type RotatedFile, rotatedFiles, segmentFolder } from './names.ts';
import type { MeasuredFile, MeasureOrder } from './pack.ts';
import { excluder } from './policy.ts';
import type { RotateDeps } from './rotate-file.ts';

/**
 * Takes files into the archive that another program rotated under the names of this policy, as logrotate did before: from then on
 * they are counted and kept, searched and verified like all others. It is done after a rotation; what the policy excludes is left as it
 * is, and so is what cannot be read, which is told.
 */
export async function takeOver(
  deps: RotateDeps,
  { spec, path, seq, startedAt }: RotationRecord,
  signal: AbortSignal,
): Promise<Result<object>> {
  if (spec.naming.style === 'archive') return ok({});
  const parts = { policy: spec, path, seq, at: startedAt, archive: deps.archive };
  const folder = segmentFolder(parts);
  let found: readonly Found[];
  try {
    const known = new Set(deps.journal.segments().map(({ file }) => file));
    const excluded = excluder(spec.exclude);
    const files = rotatedFiles(parts, readdirSync(folder)).filter(
      ({ file }) => !known.has(file) && !excluded(file),
    );
    found = inTime(files, spec.naming.style === 'numbered', startedAt);
  } catch (thrown) {
    return err(ioError(folder, thrown));
  }
  const measure = (order: MeasureOrder): Promise<Result<MeasuredFile>> =>
    resultUnder(signal, deps.tasks('logs.rotate.measure', order));
  let failed: AppError | null = null;
  for (const { file, codec, rotatedAt } of found) {
    const measured = await measure({ file, codec });
    if (!measured.ok) {
      if (measured.error.code === 'CANCELLED') return measured;
      failed ??= measured.error;
      continue;
    }
    try {
      record(deps, { policy: spec.name, source: path, file, codec, rotatedAt }, measured.value);
    } catch (thrown) {
      return err(ioError(file, thrown));
    }
  }
  return failed === null ? ok({}) : err(failed);
}

type Found = RotatedFile & { readonly rotatedAt: number };

/**
 * Files with the time of their rotation, the oldest first: no two at the same, and all before the newest segment. Throws the system's
 * error.
 *
 * @param files of numbered names the newest first: one is older than those with a lower number, whatever its time says
 */
function inTime(files: readonly RotatedFile[], numbered: boolean, before: number): readonly Found[] {
  const found = files.flatMap((one): Found[] => {
    const stat = lstatSync(one.file);
    return stat.isFile() ? [{ ...one, rotatedAt: Math.floor(stat.mtimeMs) }] : [];
  });
  const newestFirst = numbered
    ? found
    : found.toSorted((a, b) => b.rotatedAt - a.rotatedAt || (a.file < b.file ? 1 : -1));
  let latest = before;
  return newestFirst
    .map((one) => {
      latest = Math.min(latest - 1, one.rotatedAt);
      return { ...one, rotatedAt: latest };
    })
    .reverse();
}

function record(
  deps: RotateDeps,
  file: Pick<SegmentRow, 'policy' | 'source' | 'file' | 'codec' | 'rotatedAt'>,
  { storedBytes, storedSha256, facts }: MeasuredFile,
): void {
  const now = deps.clock.now();
  const segment: SegmentRow = {
    ...{ id: randomUUID(), ...file, ...facts, storedBytes, storedSha256 },
    ...{ encrypted: false, checkpoint: 0, hold: null, lockedUntil: null, verifiedAt: now, verifiedOk: true },
  };
  deps.journal.recordChange({ kind: 'segment', segment }, now, deps.signer());
  deps.writeChain();
}
