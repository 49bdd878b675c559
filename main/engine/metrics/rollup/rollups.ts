import { describeThrown } from '#shared/errors/index.ts';
import type { Logger } from '../../platform/logger.ts';
import { TaskFailure } from '../../platform/worker-tasks.ts';
import type { Partition } from '../partition.ts';
import type { PartitionFiles } from '../partition-files.ts';
import type { RollupFiles } from './files.ts';
import { RollupPlanner, type RollupRetention } from './plan.ts';
import { FIVE_MINUTES, HOURS_SPAN, ONE_HOUR } from './schema.ts';
import type { BuildRollup, RollupRun } from './tasks.ts';

/** How long roll-ups are kept unless configured: five minutes a year, hours five years. */
const EXPIRED = 'newer ones cover the time that is kept';

function pathsOf(files: readonly { readonly path: string }[]): readonly string[] {
  return files.map(({ path }) => path);
}

/** What there is of one resolution. */
export type RollupStats = {
  readonly resolutionMs: number;
  readonly bytes: number;
  /** Days that are rolled up. */
  readonly days: number;
  readonly keepMs: number;
};

export type RollupDeps = {
  readonly rollups: RollupFiles;
  readonly partitions: PartitionFiles;
  /** The times between which new samples may still be sealed. */
  readonly open: () => { readonly from: number; readonly to: number };
  readonly retention: () => RollupRetention;
  /** Null when roll-ups are only read. */
  readonly build: BuildRollup | null;
  readonly logger: Logger;
};

/** Keeps the roll-ups complete: builds what is missing, one file a step, and removes what is too old. */
export class RollupUpkeep {
  readonly #deps: RollupDeps;
  #running: RollupRun | null = null;
  #closed = false;
  /** Whether the last step failed: retention by size must be able to free the space that it failed for. */
  #failing = false;

  constructor(deps: RollupDeps) {
    this.#deps = deps;
  }

  /**
   * Does one piece of work.
   *
   * @returns whether there may be more to do
   */
  async step(): Promise<boolean> {
    const { rollups, partitions, build, logger } = this.#deps;
    if (this.#closed || build === null) return false;
    const planner = this.#planner();
    const order = planner.next();
    if (order === null) {
      rollups.remove(pathsOf(planner.expired()), EXPIRED);
      return false;
    }
    const placed = rollups.place(order);
    this.#failing = true;
    try {
      this.#running = build(placed);
      const outcome = await this.#running.result;
      if (this.#closed) return false;
      if (!outcome.ok) {
        logger.log('warn', outcome.error.message.en, {
          code: outcome.error.code,
          detail: outcome.error.detail,
        });
        return false;
      }
      const { value } = outcome;
      if (value.kind === 'stopped') return false;
      this.#failing = false;
      if (value.kind === 'built') {
        rollups.add(placed.path);
        rollups.remove(pathsOf(this.#planner().expired()), EXPIRED);
        return true;
      }
      const partition = partitions.all.find(({ path }) => path === value.path);
      if (partition !== undefined) partitions.setAside(partition, value.why);
      rollups.setAside(value.path, value.why);
      return true;
    } catch (thrown) {
      // A thread that died, for want of memory or by a bug; the next step tries again.
      if (!(thrown instanceof TaskFailure)) throw thrown;
      logger.log('error', thrown.error.message.en, {
        code: thrown.error.code,
        detail: describeThrown(thrown),
      });
      return false;
    } finally {
      this.#running = null;
    }
  }

  /** Whether retention may remove these partitions: their samples are rolled up. */
  removable(): (partition: Partition) => boolean {
    if (this.#failing || this.#deps.build === null) return () => true;
    const planner = this.#planner();
    return (partition) => planner.mayRemove(partition);
  }

  /**
   * Frees so many bytes, as far as it can: the oldest files of five minutes go whose samples are gone already. They are
   * the largest part of what is kept of old times, and the hours stay.
   */
  makeRoom(bytes: number): void {
    if (bytes <= 0 || this.#closed) return;
    const { rollups } = this.#deps;
    const sizes = new Map(rollups.all.map((file) => [file.path, file.bytes]));
    const gone: string[] = [];
    let freed = 0;
    for (const { path } of this.#planner().spare()) {
      if (freed >= bytes) break;
      freed += sizes.get(path) ?? 0;
      gone.push(path);
    }
    rollups.remove(gone, 'the metrics take more than they may');
  }

  stats(): readonly RollupStats[] {
    const { rollups } = this.#deps;
    const keep = this.#keep();
    return [FIVE_MINUTES, ONE_HOUR].map((resolutionMs) => {
      const files = rollups.all.filter(({ resolution }) => resolution === resolutionMs);
      const days = new Set(
        files.flatMap((file) =>
          resolutionMs === FIVE_MINUTES ? [file.start] : file.sources.map((day) => day.start),
        ),
      );
      return {
        resolutionMs,
        bytes: files.reduce((total, { bytes }) => total + bytes, 0),
        days: days.size,
        keepMs: resolutionMs === FIVE_MINUTES ? keep.fine : keep.hours,
      };
    });
  }

  close(): void {
    this.#closed = true;
    this.#running?.cancel();
  }

  #keep(): RollupRetention {
    const { fine, hours } = this.#deps.retention();
    // Hours must outlive the five minutes that they are made from.
    return { fine, hours: Math.max(hours, fine + HOURS_SPAN) };
  }

  #planner(): RollupPlanner {
    const { rollups, partitions, open } = this.#deps;
    return new RollupPlanner({
      partitions: partitions.all,
      rollups: rollups.all,
      open: open(),
      keep: this.#keep(),
    });
  }
}
