import type { Result } from '#shared/errors/index.ts';
import type { IndexJob } from '../terms/plan.ts';

/**
 * What is known of the work on a day's index: nothing since it `changed`; that too `few` blocks wait for it while more lines
 * arrive; that no blocks wait, but segments may be put together; or that it `failed`, which must not keep other days waiting.
 */
type Known = 'changed' | 'few' | 'merge' | 'failed';

/**
 * The days whose index may want work, each with what was found out about it: to look at a day anew may mean opening its file, and
 * there are hundreds.
 */
export class IndexWork {
  readonly #days = new Map<string, Known>();

  /** Blocks or segments of the day have come or gone. */
  changed(day: string): void {
    this.#days.set(day, 'changed');
  }

  /** Work on the day's index failed: it is tried again once nothing is to be done for other days. */
  failed(day: string): void {
    if (this.#days.has(day)) this.#days.set(day, 'failed');
  }

  /** The day's file is gone. */
  gone(day: string): void {
    this.#days.delete(day);
  }

  /**
   * What is to be done next, of the newest day first. Segments are merged only when no blocks of any day wait, because every search
   * looks through those, but finds its words as well in many segments.
   *
   * @param reading whether more lines are about to be stored
   * @param plan what is to be done next for the index of one day; an error ends the search for work, and the day is the last to be
   *   looked at the next time
   */
  next(
    reading: boolean,
    plan: (day: string) => Result<IndexJob | null>,
  ): { readonly day: string; readonly job: IndexJob } | null {
    const order: readonly Known[] = reading ? ['changed'] : ['changed', 'few', 'merge', 'failed'];
    for (const known of order) {
      const days = [...this.#days].filter(([, one]) => one === known).map(([day]) => day);
      for (const day of days.sort().reverse()) {
        const planned = plan(day);
        if (!planned.ok) {
          this.failed(day);
          return null;
        }
        const job = planned.value;
        const isLast = known === 'merge' || known === 'failed';
        if (job?.kind === 'build' || (job !== null && isLast)) return { day, job };
        if (job !== null) this.#days.set(day, 'merge');
        else if (reading) this.#days.set(day, 'few');
        else this.#days.delete(day);
      }
    }
    return null;
  }
}
