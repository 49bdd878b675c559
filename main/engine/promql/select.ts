import { compareLabels, type Labels } from '#shared/domain/labels.ts';
import { SampleBuffer } from '#shared/domain/samples.ts';
import type { SelectorNode } from './ast.ts';
import { type QueryContext, reach } from './context.ts';
import { inTurns, sortedInTurns } from './portions.ts';
import { evaluateByRollups } from './rollup.ts';
import type { SourceSeries } from './source.ts';
import { type Column, hasAny, newColumn, type Steps } from './values.ts';

/** The series of a selector in the order of their labels, as every result begins. */
export async function selectSorted(
  context: QueryContext,
  node: SelectorNode,
  from: number,
  to: number,
): Promise<readonly SourceSeries[]> {
  await context.budget.beginTurn();
  const series = context.source.select(node.matchers, from, to);
  return inTurns(sortedInTurns(series, byLabels), context.budget);
}

/** The order of results. */
export function byLabels(a: { readonly labels: Labels }, b: { readonly labels: Labels }): number {
  return compareLabels(a.labels, b.labels);
}

/** The part of [from, to] that the selector may see. */
export function readable(
  context: QueryContext,
  node: SelectorNode,
  from: number,
  to: number,
): { readonly from: number; readonly to: number } {
  const visible = context.plan.visible.get(node);
  if (visible === undefined) throw new Error('a selector that is not part of the query');
  return { from: Math.max(from, visible.from), to: Math.min(to, visible.to) };
}

/** Whether sample `at` ends its series for now. Only a NaN can, so the bits are rarely looked at. */
function isStale(samples: SampleBuffer, at: number): boolean {
  return Number.isNaN(samples.values[at]) && samples.isStale(at);
}

/**
 * Evaluates an instant selector: at each step the newest sample not older than the lookback (which is inside), unless
 * that is a staleness marker.
 *
 * @param timestamps gives the samples' times in seconds instead of their values, for `timestamp()`; there, as in
 *   Prometheus 2.42, `@` holds at every step and makes the offset void
 */
export async function evaluateSelector(
  context: QueryContext,
  node: SelectorNode,
  steps: Steps,
  timestamps = false,
): Promise<readonly Column[]> {
  const pinned = timestamps ? context.plan.pins.get(node) : undefined;
  const { first, last } =
    pinned === undefined ? reach(context, steps, node) : { first: pinned, last: pinned };
  const step = pinned === undefined ? steps.step : 0;
  const condensed = await evaluateByRollups(
    context,
    node,
    steps,
    { first, step, backMs: context.lookbackMs },
    { kind: 'newest', timestamps },
    (inner, part, lookbackMs) => evaluateSelector({ ...inner, lookbackMs }, node, part, timestamps),
  );
  if (condensed !== null) return condensed;
  const oldest = first - context.lookbackMs;
  const { from, to } = readable(context, node, oldest, last);
  const samples = new SampleBuffer();
  const columns: Column[] = [];
  for (const series of await selectSorted(context, node, from, to)) {
    if (context.budget.isDue) await context.budget.breathe();
    series.read(from, to, samples);
    if (samples.length === 0) continue;
    const column = newColumn(series.labels, steps.count);
    fill(column, samples, first, step, context.lookbackMs, timestamps);
    if (!hasAny(column)) continue;
    context.budget.spend(steps.count);
    columns.push(column);
  }
  return columns;
}

function fill(
  column: Column,
  samples: SampleBuffer,
  first: number,
  step: number,
  lookbackMs: number,
  timestamps: boolean,
): void {
  const { times, values, length } = samples;
  const count = column.has.length;
  let next = 0;
  for (let i = 0; i < count; i++) {
    const time = first + i * step;
    while (next < length && (times[next] ?? 0) <= time) next++;
    const at = next - 1;
    if (at < 0 || (times[at] ?? 0) < time - lookbackMs || isStale(samples, at)) continue;
    column.values[i] = timestamps ? (times[at] ?? 0) / 1000 : (values[at] ?? 0);
    column.has[i] = 1;
  }
}

/** Takes the staleness markers out: range functions never see them. */
export function dropStale(samples: SampleBuffer): void {
  let kept = 0;
  for (let i = 0; i < samples.length; i++) {
    if (isStale(samples, i)) continue;
    if (kept !== i) samples.move(i, kept);
    kept++;
  }
  samples.length = kept;
}
