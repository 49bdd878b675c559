import type { AppError } from '#shared/errors/index.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import type { OpenRun } from '../open-run.ts';
import type { Mark, PlanBasis, PlanStore, StoredItem } from '../plan-store.ts';
import { RunStopped } from '../run-stopped.ts';
import type { RunTaskData, RunTaskProgress } from '../run-task.ts';
import { carriedError, type PointReader } from '../types.ts';
import { hostPortOf } from './calls.ts';
import { HostRefusal, hostFailure } from './files.ts';
import { type HostKeeping, keepFromHost } from './keep.ts';
import { NotSet } from './not-set.ts';
import type { HostPort } from './port.ts';
import { HostWriter } from './write.ts';

/** Items that are kept, written, compared and named together, and their bytes: what a cut costs at most, twice. */
export const BATCH = { items: 200, bytes: 64 << 20 };
const TELL_MS = 100;

/** A run of a plan on a host: what its steps share, how far it is, and how its items ended. */
export class HostRun {
  readonly notSet = new NotSet();
  readonly store: PlanStore;
  readonly port: HostPort;
  readonly writer: HostWriter;
  readonly #basis: PlanBasis;
  readonly #reader: PointReader;
  readonly #context: TaskContext;
  #bytes: number;
  #files: number;
  readonly #totalBytes: number;
  readonly #marks: Mark[] = [];
  #toldAt = Number.NEGATIVE_INFINITY;
  #paused: Promise<void> | null = null;
  #unpause: () => void = () => undefined;

  constructor({ store, basis, reader }: OpenRun, { mark }: RunTaskData, context: TaskContext) {
    this.store = store;
    this.#basis = basis;
    this.#reader = reader;
    this.#context = context;
    this.port = hostPortOf(context);
    const { signal } = context;
    const { notSet, port } = this;
    this.writer = new HostWriter({ port, store, basis, reader, signal, mark, notSet });
    const { done, verified, pending, failed } = store.counts();
    this.#bytes = done.bytes + verified.bytes;
    this.#files = done.files + verified.files;
    this.#totalBytes = this.#bytes + pending.bytes + failed.bytes;
    context.onMessage((message) => {
      const { paused } = message as { readonly paused?: boolean };
      if (paused !== undefined) this.#setPaused(paused);
    });
    signal.addEventListener('abort', () => this.#setPaused(false), { once: true });
  }

  #setPaused(paused: boolean): void {
    this.#unpause();
    this.#paused = paused
      ? new Promise((resolve) => {
          this.#unpause = resolve;
        })
      : null;
  }

  /** Comes before anything is done: waits while paused; throws when the run is cancelled. */
  async checkpoint(): Promise<void> {
    if (this.#paused) await this.#paused;
    this.#context.signal.throwIfAborted();
  }

  /** Tells what is worked on now. @param bytes that were written more, or less when they have to be written again */
  tell(phase: RunTaskProgress['phase'], current: string, bytes = 0): void {
    this.#bytes += bytes;
    const now = performance.now();
    if (now - this.#toldAt < TELL_MS) return;
    this.#toldAt = now;
    this.#context.post({
      phase,
      bytes: this.#bytes,
      totalBytes: this.#totalBytes,
      files: this.#files,
      current,
    } satisfies RunTaskProgress);
  }

  /** Keeps what the items are about to replace or remove, and says what stands there. */
  keep(items: readonly StoredItem[]): Promise<HostKeeping> {
    return keepFromHost(this.port, this.store, this.#basis.safetyDir ?? null, items, this.#context.signal);
  }

  /** Remembers how an item ended; {@link flush} writes it down. */
  mark(item: StoredItem, error: AppError | null, state: 'done' | 'verified'): void {
    this.#marks.push({ seq: item.seq, ...(error === null ? { state } : { state: 'failed', error }) });
    if (error === null && item.entry.type !== 'directory') this.#files += 1;
  }

  /** Takes items that are looked at once more out of the count, until they are marked again. */
  uncount(items: readonly StoredItem[]): void {
    this.#files -= items.filter(({ entry }) => entry.type !== 'directory').length;
  }

  /** Writes down how items ended; what is lost of that in a power cut is recognised by its hash. */
  flush(): void {
    if (this.#marks.length > 0) this.store.mark(this.#marks.splice(0));
  }

  /** What went wrong with one item. Throws what is wrong with all of them. */
  async failure(item: StoredItem, thrown: unknown): Promise<AppError> {
    this.#context.signal.throwIfAborted();
    if (thrown instanceof HostRefusal)
      return hostFailure(this.port, item.target, item.entry.size, thrown.error);
    const carried = carriedError(thrown);
    if (thrown instanceof RunStopped || carried === null) throw thrown;
    // A medium that was pulled would fail every further file; it can be put in again.
    if ((await this.#reader.isGone?.()) === true) throw new RunStopped(carried);
    return carried;
  }
}
