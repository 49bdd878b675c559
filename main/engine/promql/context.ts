import type { AtTime, SelectorNode } from './ast.ts';
import type { Budget } from './budget.ts';
import type { SeriesSource } from './source.ts';
import type { Steps } from './values.ts';
import type { Visible } from './visible.ts';

/** What stays the same during one query. */
export type QueryContext = {
  readonly source: SeriesSource;
  readonly budget: Budget;
  /** How far back an instant selector looks for a sample. */
  readonly lookbackMs: number;
  /** Step of a subquery that names none. */
  readonly subqueryStepMs: number;
  /** What `@ start()` and `@ end()` mean, also inside subqueries. */
  readonly queryStart: number;
  readonly queryEnd: number;
  /** The times that each selector may look at. */
  readonly visible: ReadonlyMap<SelectorNode, Visible>;
};

/** The time that a selector is pinned to, or null. */
export function pinnedTime(context: QueryContext, pinned: AtTime | null): number | null {
  if (pinned === 'start') return context.queryStart;
  if (pinned === 'end') return context.queryEnd;
  return pinned;
}

/**
 * First and last time that a selector looks at, before its range or the lookback.
 *
 * @param drifts a pinned selector is pinned at the first step only, and moves on with the steps; Prometheus 2.42 does
 *   so inside functions whose result depends on the step's own time
 */
export function reach(
  context: QueryContext,
  steps: Steps,
  node: { readonly offsetMs: number; readonly pinned: AtTime | null },
  drifts = false,
): { readonly first: number; readonly last: number; readonly pinned: boolean } {
  const pinned = pinnedTime(context, node.pinned);
  if (pinned !== null && drifts) {
    const first = pinned - node.offsetMs;
    return { first, last: first + (steps.count - 1) * steps.step, pinned: false };
  }
  if (pinned !== null) return { first: pinned - node.offsetMs, last: pinned - node.offsetMs, pinned: true };
  const first = steps.start - node.offsetMs;
  return { first, last: first + (steps.count - 1) * steps.step, pinned: false };
}
