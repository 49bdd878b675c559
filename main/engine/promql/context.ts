import type { SelectorNode, SubqueryNode } from './ast.ts';
import type { Budget } from './budget.ts';
import type { QueryPlan } from './plan.ts';
import type { RollupSource, SeriesSource } from './source.ts';
import type { Steps } from './values.ts';

/** What stays the same during one query. */
export type QueryContext = {
  readonly source: SeriesSource;
  readonly budget: Budget;
  /** How far back an instant selector looks for a sample. */
  readonly lookbackMs: number;
  /** How far behind its older end a range begins: 1 when that end is outside, else 0. */
  readonly boundMs: number;
  /** Step of a subquery that names none. */
  readonly subqueryStepMs: number;
  readonly plan: QueryPlan;
  /** Null when only samples may be read. */
  readonly rollups: RollupSource | null;
  /** Notes that a part of the answer is approximate, from buckets of a resolution. */
  readonly note: (resolution: number) => void;
};

/** First and last time that a selector looks at, before its range or the lookback; it moves on with the steps. */
export function reach(
  context: QueryContext,
  steps: Steps,
  node: SelectorNode | SubqueryNode,
): { readonly first: number; readonly last: number } {
  const first = (context.plan.pins.get(node) ?? steps.start) - node.offsetMs;
  return { first, last: first + (steps.count - 1) * steps.step };
}
