import { appError, type Bilingual, err, fillText, ok, type Result } from '#shared/errors/index.ts';
import { type Expr, type MatrixNode, type SubqueryNode, unwrap } from './ast.ts';
import { Budget, type Limits } from './budget.ts';
import { typeOf } from './check.ts';
import { type QueryContext, reach } from './context.ts';
import { Evaluator } from './evaluator.ts';
import { PromqlFailure } from './failure.ts';
import { parseExpression } from './parser.ts';
import { planQuery } from './plan.ts';
import { inTurns, sortedInTurns } from './portions.ts';
import { rangeSeries } from './range.ts';
import { REASONS } from './reasons.ts';
import type { InstantResult, MatrixSeries, Noted, RangeResult } from './results.ts';
import { approximateNote } from './rollup-notes.ts';
import { sourceOfSamples } from './rollup-samples.ts';
import { byLabels } from './select.ts';
import type { RollupSource, SeriesSource } from './source.ts';
import { createTurns } from './turns.ts';
import type { Column, Steps } from './values.ts';

/** Points that one series of a range query may have, as in Prometheus. */
const MOST_POINTS = 11_000;

const DEFAULT_LIMITS: Limits = { maxSamples: 20_000_000, timeoutMs: 120_000 };

export type PromqlDeps = {
  readonly source: SeriesSource;
  /** Roll-ups of the source; without them, every query reads samples. */
  readonly rollups?: RollupSource;
  /** Milliseconds that only grow; for the time limit. */
  readonly monotonic: () => number;
  readonly limits?: Limits;
  /** How far back an instant selector looks; Prometheus's default is 5 minutes. */
  readonly lookbackMs?: number;
  /**
   * Whether ranges and the lookback do not contain their older end, as from Prometheus 3.0 on; asked at each query.
   * Without it they contain both ends, as in 2.x.
   */
  readonly leftOpen?: () => boolean;
  /** Step of a subquery that names none; Prometheus takes its evaluation interval, 1 minute. */
  readonly subqueryStepMs?: number;
};

/** Times of a range query, UTC milliseconds; both ends are inside. */
export type QueryRange = { readonly start: number; readonly end: number; readonly stepMs: number };

/** The query language over a source of series. Every failure is a value with the column of what is wrong. */
export type PromqlEngine = {
  /** Parses and checks only. */
  readonly check: (expr: string) => Result<void>;
  /** Evaluates at one time (UTC milliseconds). */
  readonly instant: (
    expr: string,
    time: number,
    signal?: AbortSignal,
  ) => Promise<Result<InstantResult & Noted>>;
  /** Evaluates at start, start + step, … up to the end. */
  readonly range: (
    expr: string,
    range: QueryRange,
    signal?: AbortSignal,
  ) => Promise<Result<RangeResult & Noted>>;
};

/** A query's context, and the resolutions of which it was noted that a part of the answer comes from them. */
type Prepared = { readonly context: QueryContext; readonly noted: ReadonlySet<number> };

/** Makes the query engine. */
export function createPromqlEngine(deps: PromqlDeps): PromqlEngine {
  const turns = createTurns();
  const prepare = (expr: Expr, start: number, end: number, signal: AbortSignal | undefined): Prepared => {
    const noted = new Set<number>();
    // Times are whole milliseconds, so an end that is outside is a bound one millisecond further on.
    const boundMs = deps.leftOpen?.() === true ? 1 : 0;
    const lookbackMs = (deps.lookbackMs ?? 300_000) - boundMs;
    const times = { lookbackMs, boundMs, queryStart: start, queryEnd: end };
    const context: QueryContext = {
      lookbackMs,
      boundMs,
      source: deps.source,
      budget: new Budget(deps.limits ?? DEFAULT_LIMITS, deps.monotonic, signal ?? null, turns),
      subqueryStepMs: deps.subqueryStepMs ?? 60_000,
      plan: planQuery(expr, times),
      rollups: deps.rollups ?? null,
      note: (resolution) => noted.add(resolution),
    };
    return { context, noted };
  };
  return {
    check: (text) => {
      const parsed = parse(text);
      return parsed.ok ? ok(undefined) : parsed;
    },
    instant: async (text, time, signal) => {
      const parsed = parse(text);
      if (!parsed.ok) return parsed;
      const { context, noted } = prepare(parsed.value, time, time, signal);
      return caught(async () => withNotes(await runInstant(context, parsed.value, time), noted));
    },
    range: async (text, { start, end, stepMs }, signal) => {
      const parsed = parse(text);
      if (!parsed.ok) return parsed;
      const type = typeOf(parsed.value);
      if (type !== 'vector' && type !== 'scalar')
        return err(appError('PROMQL_INVALID', { column: 1, why: REASONS.RANGE_QUERY_TYPE }));
      const why = refuseRange(start, end, stepMs);
      if (why !== null) return err(appError('PROMQL_RANGE_INVALID', { why }));
      const steps = { start, step: stepMs, count: Math.floor((end - start) / stepMs) + 1, end };
      const { context, noted } = prepare(parsed.value, start, end, signal);
      return caught(async () => withNotes(await runRange(context, parsed.value, steps), noted));
    },
  };
}

/** Adds what the user must know of an answer; nothing to one that is exact. */
function withNotes<R extends object>(result: R, noted: ReadonlySet<number>): R & Noted {
  return noted.size === 0 ? result : { ...result, notes: [...noted].map(approximateNote) };
}

function refuseRange(start: number, end: number, stepMs: number): Bilingual | null {
  if (end < start) return REASONS.END_BEFORE_START;
  if (stepMs <= 0) return REASONS.BAD_STEP;
  if (Math.floor((end - start) / stepMs) > MOST_POINTS)
    return fillText(REASONS.TOO_MANY_POINTS, { limit: MOST_POINTS });
  return null;
}

function parse(text: string): Result<Expr> {
  try {
    return ok(parseExpression(text));
  } catch (thrown) {
    if (thrown instanceof PromqlFailure) return err(thrown.error);
    throw thrown;
  }
}

async function caught<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (thrown) {
    if (thrown instanceof PromqlFailure) return err(thrown.error);
    throw thrown;
  }
}

async function runRange(context: QueryContext, expr: Expr, steps: Steps): Promise<RangeResult> {
  const value = await new Evaluator(context).evaluate(expr, steps);
  if (value.type === 'string') throw new Error('a range query cannot give a string');
  const columns: readonly Column[] =
    value.type === 'vector'
      ? await inTurns(sortedInTurns(value.columns, byLabels), context.budget)
      : [{ labels: [], values: value.values, has: new Uint8Array(steps.count).fill(1) }];
  return { steps, columns };
}

async function runInstant(context: QueryContext, expr: Expr, time: number): Promise<InstantResult> {
  const steps: Steps = { start: time, step: 1, count: 1 };
  const evaluator = new Evaluator(context);
  const inner = unwrap(expr);
  if (inner.kind === 'matrix' || inner.kind === 'subquery')
    return { type: 'matrix', time, series: await wholeRange(context, inner, steps, evaluator) };
  const value = await evaluator.evaluate(expr, steps);
  switch (value.type) {
    case 'string':
      return { type: 'string', time, text: value.text };
    case 'scalar':
      return { type: 'scalar', time, value: value.values[0] ?? Number.NaN };
    case 'vector':
      return {
        type: 'vector',
        time,
        series: value.columns
          .filter(({ has }) => has[0] === 1)
          .map(({ labels, values }) => ({ labels, value: values[0] ?? 0 })),
      };
  }
}

/** What a range vector holds at one time: the samples themselves. */
async function wholeRange(
  context: QueryContext,
  node: MatrixNode | SubqueryNode,
  steps: Steps,
  evaluator: Evaluator,
): Promise<readonly MatrixSeries[]> {
  const series: MatrixSeries[] = [];
  let { source } = context;
  if (node.kind === 'matrix') {
    const { first, last } = reach(context, steps, node.selector);
    source = sourceOfSamples(context, node.selector, first - node.rangeMs + context.boundMs, last);
  }
  for await (const { labels, samples } of rangeSeries(
    { ...context, source },
    node,
    steps,
    evaluator.vector,
  )) {
    context.budget.spend(samples.length);
    series.push({
      labels,
      times: samples.times.slice(0, samples.length),
      values: samples.values.slice(0, samples.length),
    });
  }
  return inTurns(sortedInTurns(series, byLabels), context.budget);
}
