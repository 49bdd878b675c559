import * as z from 'zod';
import { type AppError, appError, appErrorSchema, err, ok, type Result } from '#shared/errors/index.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import { verifyOuter } from '../crypto/outer.ts';
import { PHASES, ProgressMeter } from '../progress.ts';
import { breathOf, Cancelled } from '../task-breath.ts';

/** What the thread that verifies copies is started with. */
export const verifyCopiesTaskSchema = z.object({
  items: z.array(
    z.object({
      pointId: z.string(),
      path: z.string(),
      bytes: z.number(),
      /** As the catalogue knows it; null when only the file beside the archive can tell. */
      sha256: z.string().nullable(),
    }),
  ),
});
export type VerifyCopiesTask = z.infer<typeof verifyCopiesTaskSchema>;

/** Posted for each copy: null when it is what it was. */
export const checkedMessage = z.object({
  kind: z.literal('checked'),
  pointId: z.string(),
  error: appErrorSchema.nullable(),
});

/**
 * Compares copies with the hashes that they had when they were made. Equal bytes are equal content, so no key is needed.
 *
 * @returns how many are damaged or cannot be read
 */
export async function verifyCopies(
  { items }: VerifyCopiesTask,
  context: TaskContext,
): Promise<Result<{ readonly damaged: number }>> {
  const meter = new ProgressMeter(
    () => performance.now(),
    (progress) => context.post({ kind: 'progress', progress }),
  );
  const breath = breathOf(context);
  meter.begin(
    PHASES.verifying,
    'bytes',
    items.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  let damaged = 0;
  try {
    for (const { pointId, path, bytes, sha256 } of items) {
      const found = await verifyOuter(
        { archivePath: path, archiveBytes: bytes, archiveSha256: sha256 },
        async (done) => {
          meter.add(0, done, path);
          await breath();
        },
      );
      const error: AppError | null = found.ok ? (found.value.damaged[0]?.error ?? null) : found.error;
      if (error !== null) damaged += 1;
      context.post({ kind: 'checked', pointId, error } satisfies z.infer<typeof checkedMessage>);
      meter.add(1, 0, path);
    }
    return ok({ damaged });
  } catch (thrown) {
    if (thrown instanceof Cancelled) return err(appError('CANCELLED'));
    throw thrown;
  }
}
