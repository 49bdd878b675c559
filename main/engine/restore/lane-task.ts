import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { TaskContext, TaskRun } from '../platform/worker-tasks.ts';
import { openAnyCopy } from './any-copy.ts';
import { Lane, type LanePhase } from './lane.ts';
import { LaneShare } from './lane-share.ts';
import { openPlanStore } from './plan-store.ts';
import type { SeqRange } from './ranges.ts';
import { RunStopped } from './run-stopped.ts';
import { type TargetWatch, watchTargets } from './target-watch.ts';
import { carriedError, type OpenPoint, type PointKey } from './types.ts';

/** What a second lane is started with. */
export type LaneTaskData = {
  readonly file: string;
  readonly mark: string;
  readonly owners: boolean;
  readonly key?: PointKey | null;
  readonly share: SharedArrayBuffer;
};

type Order =
  | { readonly paused: boolean }
  | { readonly phase: LanePhase; readonly ranges: readonly SeqRange[] }
  | { readonly end: true };

type Told = { readonly phase: LanePhase; readonly current: string } | { readonly finished: true };

/** The failure that ended a run or a lane. */
export function runFailure(thrown: unknown, { aborted }: AbortSignal): AppError {
  if (aborted) return appError('CANCELLED');
  if (thrown instanceof RunStopped) return thrown.error;
  return carriedError(thrown) ?? appError('INTERNAL', { what: describeThrown(thrown) });
}

/** A lane in a thread of its own: does what the run orders, phase by phase, until it is told to end. */
export function laneTask(
  openPoint: OpenPoint,
): (data: LaneTaskData, context: TaskContext) => Promise<Result<null>> {
  return async (data, { signal, post, onMessage }) => {
    const orders: Exclude<Order, { paused: boolean }>[] = [];
    let wake: () => void = () => undefined;
    let lane: Lane | null = null;
    let targets: TargetWatch | null = null;
    let isPaused = false;
    onMessage((message) => {
      // The run posts exactly these.
      const order = message as Order;
      if ('paused' in order) {
        isPaused = order.paused;
        lane?.setPaused(isPaused);
      } else orders.push(order);
      wake();
    });
    signal.addEventListener('abort', () => wake(), { once: true });
    const stored = openPlanStore(data.file, true);
    if (!stored.ok) return stored;
    const store = stored.value;
    const basis = store.basis();
    const opened = await openAnyCopy(openPoint, basis.archives, data.key);
    if (!opened.ok) {
      store.close();
      return opened;
    }
    const reader = opened.value;
    try {
      const tell = (phase: LanePhase, current: string): void => post({ phase, current } satisfies Told);
      targets = watchTargets(basis.mounts ?? []);
      lane = new Lane({
        ...data,
        store,
        basis,
        reader,
        targets,
        signal,
        tell,
        share: new LaneShare(data.share),
      });
      lane.setPaused(isPaused);
      for (;;) {
        signal.throwIfAborted();
        const order = orders.shift();
        if (order === undefined)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        else if ('end' in order) return ok(null);
        else {
          await (order.phase === 'writing'
            ? lane.write(order.ranges, 'contents')
            : lane.verify(order.ranges));
          post({ finished: true } satisfies Told);
        }
      }
    } catch (thrown) {
      return err(runFailure(thrown, signal));
    } finally {
      lane?.flush();
      targets?.close();
      store.close();
      await reader.close();
    }
  };
}

/** The second lane as the run sees it. */
export class SecondLane {
  readonly #task: TaskRun<Result<null>>;
  readonly #ended: Promise<never>;
  #finished: () => void = () => undefined;

  /**
   * @param tell hears what it works on
   * @param onFailure hears why it ended before its time
   */
  constructor(
    start: TaskContext['start'],
    data: LaneTaskData,
    tell: (phase: LanePhase, current: string) => void,
    onFailure: (thrown: unknown) => void,
  ) {
    this.#task = start<Result<null>>('restore.lane', data, (message) => {
      // The lane posts exactly these.
      const told = message as Told;
      if ('finished' in told) this.#finished();
      else tell(told.phase, told.current);
    });
    this.#ended = this.#task.result.then((result) => {
      throw new RunStopped(result.ok ? appError('CANCELLED') : result.error);
    });
    this.#ended.catch(onFailure);
  }

  setPaused(paused: boolean): void {
    this.#task.post({ paused } satisfies Order);
  }

  /** Does its part of a phase. Rejects with {@link RunStopped} when it ends before that. */
  work(phase: LanePhase, ranges: readonly SeqRange[]): Promise<void> {
    const finished = new Promise<void>((resolve) => {
      this.#finished = resolve;
    });
    this.#task.post({ phase, ranges } satisfies Order);
    const done = Promise.race([finished, this.#ended]);
    // The run may itself have failed and ask no more.
    done.catch(() => undefined);
    return done;
  }

  /** Ends it, at once when `isStopped`; it has let go of everything when this resolves. */
  async end(isStopped: boolean): Promise<void> {
    if (isStopped) this.#task.cancel();
    else this.#task.post({ end: true } satisfies Order);
    await this.#ended.catch(() => undefined);
  }
}
