import type { Work } from '../platform/portions.ts';
import type { Budget } from './budget.ts';

export { sortedInTurns, type Work } from '../platform/portions.ts';

/** Runs a computation to its end, giving other work its turn when this one had its own. */
export async function inTurns<T>(work: Work<T>, budget: Budget): Promise<T> {
  for (;;) {
    const portion = work.next();
    if (portion.done === true) return portion.value;
    if (budget.isDue) await budget.breathe();
  }
}
