import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { bilingual } from '#shared/contract/define.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { yieldToOthers } from '../../platform/low-priority.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import { Baseline } from '../baseline.ts';
import { openChain } from '../chain-reader.ts';
import { preferredCodec } from '../codec.ts';
import { archiveSystemError } from '../faults.ts';
import { partsOf, publishPoint, type RunMade, removeQuietly, reportOf } from '../finish-point.ts';
import { removeIndexFiles } from '../index-file.ts';
import { parentRefSchema } from '../manifest.ts';
import { type PointPaths, pointPaths } from '../names.ts';
import { localOwnerNames } from '../owners.ts';
import { pointIndexPath, stateIndexPath } from '../point-index.ts';
import { PHASES, ProgressMeter } from '../progress.ts';
import { readBack } from '../read-back.ts';
import { ArchiveFault } from '../reader-types.ts';
import { chainLinkSchema, ensureState } from '../state-index.ts';
import { breathOf, Cancelled } from '../task-breath.ts';
import { writeSynthetic } from './write-synthetic.ts';

/** What the thread that makes a full of a chain is started with. */
export const synthesizeTaskSchema = z.object({
  id: z.string(),
  plan: z.string(),
  tool: z.string(),
  /** The point whose state it shall be, and when its run began, UTC milliseconds: that is what the full tells, too. */
  of: parentRefSchema,
  startedAt: z.number(),
  /** When the full is made. */
  at: z.number(),
  /** The archives that the point is restored from, the full first. */
  chain: z.array(chainLinkSchema).min(2),
  targetDir: z.string(),
  indexDir: z.string(),
  /** age identities that open the chain's archives. */
  identities: z.array(z.string()),
  /** Who can open the full; null when it is not encrypted. */
  encryption: z
    .object({
      recipients: z.array(z.string()).min(1),
      keyFiles: z.array(z.object({ name: z.string(), text: z.string() })),
    })
    .nullable(),
  reasons: z.array(bilingual),
  expectedBytes: z.number().nullable(),
});
export type SynthesizeTask = z.infer<typeof synthesizeTaskSchema>;

/** The final paths, known before it starts. */
export function synthesisPaths({ targetDir, plan, startedAt, id, encryption }: SynthesizeTask): PointPaths {
  return pointPaths(targetDir, plan, 'full', startedAt, id, preferredCodec().suffix, encryption !== null);
}

/**
 * Makes a full of a chain: copy, read back and verify, index, publish. Whatever goes wrong, nothing stays in the target folder.
 *
 * @returns what was made; damage in the chain, an archive that cannot be opened, CANCELLED
 */
export async function synthesize(task: SynthesizeTask, context: TaskContext): Promise<Result<RunMade>> {
  yieldToOthers();
  const paths = synthesisPaths(task);
  try {
    return ok(await makeFull(task, paths, context));
  } catch (thrown) {
    for (const path of [...Object.values(partsOf(paths)), ...Object.values(paths)]) removeQuietly(path);
    removeIndexFiles(pointIndexPath(task.indexDir, task.id));
    if (thrown instanceof Cancelled) return err(appError('CANCELLED'));
    if (thrown instanceof ArchiveFault) return err(thrown.error);
    return err(archiveSystemError(task.chain.at(-1)?.archivePath ?? '', thrown));
  }
}

async function makeFull(task: SynthesizeTask, paths: PointPaths, context: TaskContext): Promise<RunMade> {
  const began = performance.now();
  const keys = { identities: task.identities };
  const state = await ensureState(task, keys);
  if (!state.ok) throw new ArchiveFault(state.error);
  const baseline = Baseline.open(state.value.path, `${stateIndexPath(task.indexDir, task.id)}.part`);
  if (!baseline.ok) throw new ArchiveFault(baseline.error);
  try {
    const chain = await openChain(task.chain, keys);
    if (!chain.ok) throw new ArchiveFault(chain.error);
    const meter = new ProgressMeter(
      () => performance.now(),
      (progress) => context.post({ kind: 'progress', progress }),
    );
    const breath = breathOf(context);
    const parts = partsOf(paths);
    meter.begin(PHASES.writing, 'bytes', task.expectedBytes);
    const { id, plan, tool, startedAt, reasons, of, at, encryption } = task;
    const written = await writeSynthetic(
      {
        header: {
          id,
          plan,
          tool,
          startedAt,
          reasons,
          encryption: encryption && {
            format: 'age',
            recipients: encryption.recipients.length,
            passphrase: encryption.keyFiles.length > 0,
          },
          synthesized: { of, at },
        },
        chain: chain.value,
        state: baseline.value,
        parts,
        recipients: encryption?.recipients ?? [],
        printKey: randomBytes(32),
      },
      {
        codec: preferredCodec(),
        owners: localOwnerNames(),
        now: Date.now,
        breath: (done) => {
          meter.add(done.files, done.bytes, done.current);
          return breath();
        },
      },
    ).finally(chain.value.close);
    removeQuietly(parts.sums);
    await readBack(
      {
        pointId: task.id,
        indexDir: task.indexDir,
        archivePart: parts.archive,
        manifestPart: parts.manifest,
        written,
      },
      meter,
      breath,
    );
    await breath();
    publishPoint(task, paths, written);
    return {
      archivePath: paths.archive,
      archiveBytes: written.archiveBytes,
      manifestSha256: written.manifestSha256,
      finishedAt: written.end.finishedAt,
      report: reportOf(written, performance.now() - began),
    };
  } finally {
    baseline.value.abandon();
  }
}
