import type { Labels } from '#shared/domain/labels.ts';
import { labelsWithoutName } from '#shared/domain/labels.ts';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { type Expr, type MatrixNode, type SubqueryNode, unwrap } from './ast.ts';
import { type QueryContext, reach } from './context.ts';
import { inTurns } from './portions.ts';
import { evaluateByRollups } from './rollup.ts';
import type { BucketFunction } from './rollup-functions.ts';
import { dropStale, readable, selectSorted } from './select.ts';
import {
  type Column,
  hasAny,
  lastTime,
  newColumn,
  refuseEqual,
  type Samples,
  type Steps,
  timeAt,
} from './values.ts';
import { type RangeFunction, Window } from './window.ts';

/** Samples that functions go over before other work may have its turn; long ranges at many steps add up. */
const PORTION = 20_000;

/** Evaluates an expression that gives an instant vector; handed in, because subqueries recurse. */
export type EvaluateVector = (expr: Expr, steps: Steps) => Promise<readonly Column[]>;

type RangeSeries = { readonly labels: Labels; readonly samples: Samples };

/** The steps at which a subquery evaluates its inner expression: multiples of its step, whatever the outer ones are. */
function subquerySteps(context: QueryContext, node: SubqueryNode, outer: Steps): Steps {
  const { first } = reach(context, outer, node);
  const last = first + (outer.end ?? lastTime(outer)) - outer.start;
  const step = node.stepMs === 0 ? context.subqueryStepMs : node.stepMs;
  const start = Math.ceil((first - node.rangeMs + context.boundMs) / step) * step;
  return { start, step, count: Math.max(0, Math.floor((last - start) / step) + 1), end: last };
}

/** The samples of a range expression, series by series; what is yielded is only good until the next one. */
export async function* rangeSeries(
  context: QueryContext,
  node: MatrixNode | SubqueryNode,
  steps: Steps,
  evaluate: EvaluateVector,
): AsyncIterable<RangeSeries> {
  const samples = new SampleBuffer();
  if (node.kind === 'matrix') {
    const { first, last } = reach(context, steps, node.selector);
    const { from, to } = readable(context, node.selector, first - node.rangeMs + context.boundMs, last);
    for (const series of await selectSorted(context, node.selector, from, to)) {
      if (context.budget.isDue) await context.budget.breathe();
      series.read(from, to, samples);
      dropStale(samples);
      if (samples.length > 0) yield { labels: series.labels, samples };
    }
    return;
  }
  let inner = subquerySteps(context, node, steps);
  // What is the same at every step has its one sample also where no step falls into the range.
  if (inner.count === 0 && context.plan.once.has(unwrap(node.inner))) inner = { ...inner, count: 1 };
  // A subquery of many small steps is refused before it is begun.
  context.budget.spend(inner.count);
  for (const column of await evaluate(node.inner, inner)) {
    if (context.budget.isDue) await context.budget.breathe();
    samples.length = 0;
    samples.reserve(inner.count);
    let length = 0;
    for (let i = 0; i < inner.count; i++) {
      if (column.has[i] !== 1) continue;
      samples.times[length] = timeAt(inner, i);
      samples.values[length] = column.values[i] ?? 0;
      length++;
    }
    samples.length = length;
    yield { labels: column.labels, samples };
  }
  context.budget.release(inner.count);
}

/**
 * Applies a range function: at each step to the samples of [step - offset - range, step - offset], both ends inside
 * unless ranges are left-open.
 *
 * @param args the call's scalar arguments, a column each
 * @param buckets the same function on roll-ups, if there is one
 */
export async function evaluateRange(
  context: QueryContext,
  node: MatrixNode | SubqueryNode,
  steps: Steps,
  compute: RangeFunction,
  args: readonly Float64Array[],
  keepsName: boolean,
  evaluate: EvaluateVector,
  buckets: BucketFunction | null = null,
): Promise<readonly Column[]> {
  const { first } = reach(context, steps, node.kind === 'matrix' ? node.selector : node);
  if (node.kind === 'matrix') {
    const condensed = await evaluateByRollups(
      context,
      node.selector,
      steps,
      { first, step: steps.step, backMs: node.rangeMs },
      { kind: 'range', compute: buckets, keepsName },
      (inner, part, rangeMs) => {
        const from = Math.round((part.start - steps.start) / steps.step);
        const some = args.map((values) => values.subarray(from, from + part.count));
        return evaluateRange(inner, { ...node, rangeMs }, part, compute, some, keepsName, evaluate);
      },
    );
    if (condensed !== null) return inTurns(refuseEqual(condensed), context.budget);
  }
  const window = new Window();
  const columns: Column[] = [];
  let touched = 0;
  for await (const { labels, samples } of rangeSeries(context, node, steps, evaluate)) {
    const column = newColumn(keepsName ? labels : labelsWithoutName(labels), steps.count);
    const { times, values, length } = samples;
    window.times = times as Float64Array<ArrayBuffer>;
    window.values = values as Float64Array<ArrayBuffer>;
    let from = 0;
    let to = 0;
    for (let i = 0; i < steps.count; i++) {
      window.end = first + i * steps.step;
      window.start = window.end - node.rangeMs;
      const oldest = window.start + context.boundMs;
      while (from < length && (times[from] ?? 0) < oldest) from++;
      if (to < from) to = from;
      while (to < length && (times[to] ?? 0) <= window.end) to++;
      if (from === to) continue;
      touched += to - from;
      if (touched > PORTION) {
        touched = 0;
        if (context.budget.isDue) await context.budget.breathe();
      }
      window.from = from;
      window.to = to;
      window.at = timeAt(steps, i);
      if (args.length > 0) window.args = args.map((values) => values[i] ?? 0);
      window.absent = false;
      const value = compute(window);
      if (window.absent) continue;
      column.values[i] = value;
      column.has[i] = 1;
    }
    if (!hasAny(column)) continue;
    context.budget.spend(steps.count);
    columns.push(column);
  }
  return inTurns(refuseEqual(columns), context.budget);
}
