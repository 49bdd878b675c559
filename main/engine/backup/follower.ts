import type { Result } from '#shared/errors/index.ts';
import type { TaskRun, TaskStarter } from '../platform/worker-tasks.ts';
import type { OnDisk } from './archive-builder.ts';
import type { Codec } from './codec.ts';
import type { FollowMessage, FollowTask } from './follow-task.ts';
import { readBackFailed } from './read-back.ts';
import { Cancelled } from './task-breath.ts';

/**
 * Has an archive read back and checked by a thread of its own while it is written: what is on the disk already. The thread is
 * started when there is something for it, so a small archive takes none.
 */
export class Follower {
  readonly #start: TaskStarter | undefined;
  readonly #file: string;
  readonly #codec: Codec['name'];
  #run: TaskRun<Result<number>> | null = null;
  #told = 0;
  #failure: unknown = null;

  /** @param start starts the thread; without it nothing is read back here */
  constructor(start: TaskStarter | undefined, file: string, codec: Codec['name']) {
    this.#start = start;
    this.#file = file;
    this.#codec = codec;
  }

  /** Hears what is on the disk; see `onDisk` of the archive's builder. */
  readonly onDisk = ({ table, bytes, secret }: OnDisk): void => {
    const run = this.#run ?? this.#begin(secret);
    if (run === null) return;
    const frames: { size: number; length: number; sha256: Uint8Array<ArrayBuffer> }[] = [];
    for (; this.#told < table.count; this.#told += 1) {
      const { offset, size, length, sha256 } = table.at(this.#told);
      if (offset + size > bytes) break;
      // A copy: the whole table would be sent along with a view of it.
      frames.push({ size, length, sha256: Uint8Array.from(sha256) });
    }
    if (frames.length > 0) run.post({ kind: 'frames', frames } satisfies FollowMessage);
  };

  #begin(secret: OnDisk['secret']): TaskRun<Result<number>> | null {
    if (this.#start === undefined) return null;
    const run = this.#start<Result<number>>('backup.follow', {
      file: this.#file,
      codec: this.#codec,
      // A copy here, too: a small buffer shares its memory with others, which would go along.
      encryption: secret && { streamKey: Uint8Array.from(secret.streamKey), start: secret.head.length },
    } satisfies FollowTask);
    this.#run = run;
    run.result.then(
      (found) => {
        if (!found.ok)
          this.#failure =
            found.error.code === 'CANCELLED' ? new Cancelled() : readBackFailed(this.#file, found.error);
      },
      (thrown: unknown) => {
        this.#failure = thrown;
      },
    );
    return run;
  }

  /** Passes on what was posted to the run: it pauses when the run does. */
  post(message: unknown): void {
    this.#run?.post(message);
  }

  /** Throws what was found so far, so that a run does not go on writing what cannot be read. */
  check(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Waits for the thread. @returns how many frames, from the first, it has proven. Throws ArchiveFault */
  async end(): Promise<number> {
    this.#run?.post({ kind: 'end' } satisfies FollowMessage);
    const found = await this.#run?.result;
    this.check();
    return found?.ok ? found.value : 0;
  }

  /** Stops the thread and waits until it has let go of the file; does nothing after {@link end}. */
  async stop(): Promise<void> {
    this.#run?.cancel();
    await this.#run?.result.catch(() => undefined);
  }
}
