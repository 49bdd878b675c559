import { open } from 'node:fs/promises';
import * as z from 'zod';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { yieldToOthers } from '../platform/low-priority.ts';
import type { TaskContext } from '../platform/worker-tasks.ts';
import { checkFrames } from './check-frames.ts';
import { codecNamed } from './codec.ts';
import { readAt } from './crypto/byte-source.ts';
import { ChunkReader } from './crypto/chunk-reader.ts';
import { archiveSystemError } from './faults.ts';
import { FrameReader } from './frame-reader.ts';
import { FrameTable } from './frame-table.ts';
import { breathOf, Cancelled } from './task-breath.ts';

/** What the thread that reads an unfinished archive back is started with. */
export const followTaskSchema = z.object({
  file: z.string(),
  codec: z.enum(['zstd', 'gzip']),
  /** What opens the payload and where it begins; null when the archive is not encrypted. */
  encryption: z.object({ streamKey: z.instanceof(Uint8Array), start: z.int().min(0) }).nullable(),
});
export type FollowTask = z.infer<typeof followTaskSchema>;

const followMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('frames'),
    frames: z.array(z.object({ size: z.number(), length: z.number(), sha256: z.instanceof(Uint8Array) })),
  }),
  z.object({ kind: z.literal('end') }),
]);
/** What is posted to the thread: frames, in order, that are on the disk now; and that no more will come. */
export type FollowMessage = z.infer<typeof followMessage>;

/**
 * Reads the frames of an archive back and checks them while later ones are written.
 *
 * @returns how many frames were proven, all that were posted; the fault of the first damaged one; CANCELLED
 */
export async function followWriting(task: FollowTask, context: TaskContext): Promise<Result<number>> {
  yieldToOthers();
  const codec = codecNamed(task.codec, task.file);
  if (!codec.ok) return codec;
  const table = new FrameTable();
  let isEnded = false;
  let wake: () => void = () => undefined;
  context.onMessage((posted) => {
    const message = followMessage.safeParse(posted);
    if (!message.success) return;
    if (message.data.kind === 'end') isEnded = true;
    else for (const { size, length, sha256 } of message.data.frames) table.push(size, length, sha256);
    wake();
  });
  context.signal.addEventListener('abort', () => wake());
  const breath = breathOf(context);
  try {
    const handle = await open(task.file, 'r');
    try {
      const reader = new FrameReader(
        task.file,
        codec.value,
        table,
        payloadOf(task, (at, size) => readAt(handle, at, size)),
      );
      for (let checked = 0; ; ) {
        const { count } = table;
        await checkFrames(reader, checked, count, breath);
        checked = count;
        if (context.signal.aborted) throw new Cancelled();
        if (table.count > checked) continue;
        if (isEnded) return ok(checked);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if (thrown instanceof Cancelled) return err(appError('CANCELLED'));
    return err(archiveSystemError(task.file, thrown));
  }
}

type Read = (offset: number, size: number) => Promise<Buffer<ArrayBuffer>>;

/** Reads plain bytes of a file that still grows: none of its chunks so far is the last. */
function payloadOf({ file, encryption }: FollowTask, read: Read): Read {
  if (encryption === null) return read;
  const { start } = encryption;
  const streamKey = Buffer.from(encryption.streamKey);
  const chunks = new ChunkReader({ file, streamKey, start, end: Number.MAX_SAFE_INTEGER, read });
  return (offset, size) => chunks.read(offset, size);
}
