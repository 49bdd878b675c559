import * as z from 'zod';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { TaskContext } from '../platform/worker-tasks.ts';
import { openArchive } from './archive-reader.ts';
import type { ArchiveKeys } from './crypto/age-head.ts';
import { manifestFileProblem, type OuterFindings, verifyOuter } from './crypto/outer.ts';
import { type Earlier, openEarlier } from './extents/earlier.ts';
import { archiveSystemError } from './faults.ts';
import { PHASES, ProgressMeter } from './progress.ts';
import { chainLinkSchema } from './state-index.ts';
import { breathOf, Cancelled } from './task-breath.ts';
import { type VerifyBreath, type VerifyFindings, verifyArchive } from './verify.ts';

/** What a verification's thread is started with. */
export const verifyTaskSchema = z.object({
  archivePath: z.string(),
  /** SHA-256 of the manifest text as catalogued. */
  manifestSha256: z.string(),
  /** The archives that it builds on, the full first: files that lie there in part are compared whole. */
  earlier: z.array(chainLinkSchema).default([]),
  /** What opens it when it is encrypted; without, its outside is compared. */
  identities: z.array(z.string()).optional(),
  /** Size and SHA-256 of the file as catalogued. */
  archiveBytes: z.number().optional(),
  archiveSha256: z.string().optional(),
});
export type VerifyTask = z.input<typeof verifyTaskSchema>;

/** What verification found inside, or outside when no key was at hand. */
export type PointFindings = VerifyFindings | OuterFindings;

/**
 * Verifies one archive. Damage is a finding, not a failure: an archive that cannot even be opened is damaged as a whole.
 *
 * @returns the findings, or why nothing can be said: absent medium, newer format, missing codec, cancelled
 */
export async function verifyPoint(task: VerifyTask, context: TaskContext): Promise<Result<PointFindings>> {
  const meter = new ProgressMeter(
    () => performance.now(),
    (progress) => context.post({ kind: 'progress', progress }),
  );
  const breath = breathOf(context);
  const keys: ArchiveKeys = { identities: task.identities ?? [] };
  const opened = await openArchive(task.archivePath, keys);
  if (!opened.ok) {
    const { error } = opened;
    if (error.code === 'BACKUP_LOCKED' || error.code === 'BACKUP_KEY_WRONG')
      return outside(task, meter, breath);
    return DAMAGE.has(error.code)
      ? ok({ ok: false, files: 0, bytes: 0, damaged: [{ path: '', frame: null, error }] })
      : opened;
  }
  let earlier: Earlier | null = null;
  try {
    const archive = opened.value;
    earlier = await openEarlier(archive, task.earlier ?? [], (path) => openArchive(path, keys));
    meter.begin(PHASES.verifying, 'bytes', archive.table.end.tar);
    const told: VerifyBreath = (done) => {
      meter.add(0, done.bytes, done.current);
      return breath();
    };
    const others = earlier?.readerOf ?? null;
    const findings = await verifyArchive(archive, task.manifestSha256, told, others);
    const error = await manifestFileProblem(task.archivePath, breath);
    if (error === null) return ok(findings);
    return ok({ ...findings, ok: false, damaged: [...findings.damaged, { path: '', frame: null, error }] });
  } catch (thrown) {
    if (thrown instanceof Cancelled) return err(appError('CANCELLED'));
    return err(archiveSystemError(task.archivePath, thrown));
  } finally {
    await earlier?.close();
    await opened.value.close();
  }
}

/** Compares the file as it lies there, without opening it. */
async function outside(
  task: VerifyTask,
  meter: ProgressMeter,
  breath: () => Promise<void>,
): Promise<Result<PointFindings>> {
  const { archivePath, archiveBytes = null, archiveSha256 = null } = task;
  meter.begin(PHASES.verifying, 'bytes', archiveBytes);
  try {
    return await verifyOuter({ archivePath, archiveBytes, archiveSha256 }, (bytes) => {
      meter.add(0, bytes, archivePath);
      return breath();
    });
  } catch (thrown) {
    if (thrown instanceof Cancelled) return err(appError('CANCELLED'));
    throw thrown;
  }
}

/** Ways in which a file that should be an archive is none any more. */
const DAMAGE: ReadonlySet<string> = new Set([
  'BACKUP_NOT_AN_ARCHIVE',
  'BACKUP_TRAILER_DAMAGED',
  'BACKUP_MANIFEST_DAMAGED',
  'BACKUP_LENGTH_WRONG',
  'BACKUP_AGE_HEADER_DAMAGED',
  'BACKUP_ENCRYPTED_END_DAMAGED',
  'BACKUP_CHUNK_DAMAGED',
]);
