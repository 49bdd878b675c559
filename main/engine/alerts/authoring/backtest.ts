import type { Backtest, BacktestRule } from '#shared/contract/rules-authoring.ts';
import type { Labels } from '#shared/domain/labels.ts';
import { groupSlots } from '../live/slot.ts';
import type { AlertStates } from '../rules/alert-state.ts';
import { evaluateRule, RuleFault, type RuleQueries, type VectorElement } from '../rules/evaluate.ts';
import { advanceRule, FRESH_RULE, type RuleState } from '../rules/group.ts';
import type { Rule, RuleGroup } from '../rules/model.ts';
import { asksForAlerts, canRunRuleByRule, inOrderOfNeed, type MetricsOf } from './backtest-order.ts';
import { recordSpans, type SpanRecorder } from './backtest-spans.ts';

/** Times at which something is evaluated: `count` of them from `start` on, UTC milliseconds. */
export type StepTimes = { readonly start: number; readonly stepMs: number; readonly count: number };

/** The series of the past with what the backtest's own rules record laid over them. */
export type PastSeries = {
  readonly query: RuleQueries['query'];
  /** An expression at each of the times; rejects with {@link RuleFault}. */
  readonly range: (expr: string, steps: StepTimes) => Promise<readonly (readonly VectorElement[])[]>;
  readonly write: (at: number, series: readonly VectorElement[], ended: readonly Labels[]) => void;
  /** Samples that were written. */
  readonly size: () => number;
};

/** What a backtest needs. */
export type BacktestDeps = {
  /** Opens the past; what the rules themselves record is hidden in it. */
  readonly open: (rules: readonly Rule[], signal: AbortSignal) => PastSeries;
  readonly metricsOf: MetricsOf;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly externalUrl: string;
  /** Interval of groups that name none. */
  readonly intervalMs: number;
  readonly monotonic: () => number;
  /** Lets other work have its turn. */
  readonly breathe: () => Promise<void>;
};

/** What is looked at. */
export type BacktestRequest = {
  /** Name of the file, which decides at which milliseconds a group is evaluated. */
  readonly file: string;
  readonly groups: readonly RuleGroup[];
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, fired: number) => void;
};

/** Evaluations of one group; a longer time is looked at in wider steps. */
const MOST_STEPS = 50_000;
/** Steps that one range query answers. */
const CHUNK = 400;
/** Samples that the rules may record. */
const MOST_RECORDED = 5_000_000;
const LONGEST_MS = 120_000;
/** However long `for` is, no more than this before the beginning is looked at. */
const LONGEST_WARM_UP_MS = 86_400_000;
const TURN_MS = 8;

/** What a group's run is made of. */
type Run = {
  readonly group: RuleGroup;
  readonly steps: StepTimes;
  readonly states: RuleState[];
  readonly recorders: readonly (SpanRecorder | null)[];
  readonly failures: { count: number; last: string | null }[];
};

/**
 * Runs rule groups over the stored past, at the times at which the console would evaluate them.
 *
 * The evaluation is that of the rules that run, and so are `for`, `keep_firing_for`, limits and templates. Only the queries differ:
 * one over a span of steps stands for one at each step. The work is bounded by steps, samples and time; a backtest that runs out of
 * time says up to where it came.
 *
 * @returns null when it was cancelled
 */
export async function runBacktest(request: BacktestRequest, deps: BacktestDeps): Promise<Backtest | null> {
  const { from, to, signal, groups } = request;
  const began = deps.monotonic();
  const past = deps.open(
    groups.flatMap(({ rules }) => rules),
    signal,
  );
  const writesAlerts = asksForAlerts(groups, deps.metricsOf);
  const ordered = inOrderOfNeed(groups, deps.metricsOf);
  const runs = ordered.map((group) => planRun(request, group, deps.intervalMs));
  let lastTurn = deps.monotonic();
  let until = to;

  const context: Omit<RuleQueries, 'query'> = {
    externalLabels: deps.externalLabels,
    externalUrl: deps.externalUrl,
  };
  const write = async (
    at: number,
    series: readonly VectorElement[],
    ended: readonly Labels[],
  ): Promise<void> => past.write(at, series, ended);
  const nowhere = async (): Promise<void> => undefined;

  const advance = async (
    run: Run,
    index: number,
    at: number,
    elements: readonly VectorElement[] | null,
  ): Promise<void> => {
    const rule = run.group.rules[index];
    if (rule === undefined) return;
    if (deps.monotonic() - lastTurn > TURN_MS) {
      await deps.breathe();
      lastTurn = deps.monotonic();
    }
    const query: RuleQueries['query'] = (expr, time) =>
      elements !== null && expr === rule.expr && time === at
        ? Promise.resolve(elements)
        : past.query(expr, time);
    const target = rule.kind === 'recording' || writesAlerts ? write : nowhere;
    const before = run.states[index] ?? FRESH_RULE;
    const queries = { ...context, query };
    const next = await advanceRule(withoutTexts(rule), before, run.group.limit, at, queries, target);
    run.states[index] = next;
    let { alerts } = next;
    if (rule.kind === 'alerting' && hasFired(alerts, at)) {
      // The texts are wanted once for each firing, not at every step.
      const told = await evaluateRule(rule, before.alerts, run.group.limit, at, queries);
      if (told.ok) alerts = told.alerts;
    }
    run.recorders[index]?.step(alerts, at);
    const failure = run.failures[index];
    if (next.why !== null && failure !== undefined && at >= from) {
      failure.count++;
      failure.last = next.why;
    }
  };

  const isOver = (): boolean =>
    signal.aborted || deps.monotonic() - began > LONGEST_MS || past.size() > MOST_RECORDED;

  for (const [number, run] of runs.entries()) {
    const byRule = canRunRuleByRule(run.group, deps.metricsOf);
    let reached = to;
    for (let first = 0; first < run.steps.count; first += CHUNK) {
      if (isOver()) {
        reached = run.steps.start + first * run.steps.stepMs;
        break;
      }
      const count = Math.min(CHUNK, run.steps.count - first);
      const chunk = { start: run.steps.start + first * run.steps.stepMs, stepMs: run.steps.stepMs, count };
      if (byRule) await runByRule(run, chunk, past, advance);
      else await runByStep(run, chunk, isOver, advance);
      const fired = runs.reduce((sum, each) => sum + firedOf(each), 0);
      request.onProgress((number + (first + count) / run.steps.count) / runs.length, fired);
    }
    until = Math.min(until, reached);
  }
  if (signal.aborted) return null;
  return {
    from,
    to,
    until: Math.max(from, until),
    steps: runs.map(({ group, steps }) => ({
      group: group.name,
      stepMs: steps.stepMs,
      coarser: steps.stepMs > (group.intervalMs ?? deps.intervalMs),
    })),
    // In the order of the file.
    rules: groups.flatMap((group) => runs.filter((run) => run.group === group).flatMap(resultsOf)),
    elapsedMs: deps.monotonic() - began,
  };
}

type Advance = (
  run: Run,
  index: number,
  at: number,
  elements: readonly VectorElement[] | null,
) => Promise<void>;

/** Filling in annotations is most of the work of a rule that fires for many series. */
function withoutTexts(rule: Rule): Rule {
  return rule.kind === 'alerting' ? { ...rule, annotations: [] } : rule;
}

function hasFired(alerts: AlertStates, at: number): boolean {
  for (const { firedAt } of alerts.values()) if (firedAt === at) return true;
  return false;
}

/** Each rule over all steps of a chunk, one rule after the other. */
async function runByRule(run: Run, chunk: StepTimes, past: PastSeries, advance: Advance): Promise<void> {
  for (const [index, { expr }] of run.group.rules.entries()) {
    let answers: readonly (readonly VectorElement[])[] | null = null;
    try {
      answers = await past.range(expr, chunk);
    } catch (thrown) {
      // A query over the whole span fails as a whole; asked step by step it is seen which ones fail.
      if (!(thrown instanceof RuleFault)) throw thrown;
    }
    for (let i = 0; i < chunk.count; i++)
      await advance(run, index, chunk.start + i * chunk.stepMs, answers === null ? null : (answers[i] ?? []));
  }
}

/** All rules at each step, as they run. */
async function runByStep(run: Run, chunk: StepTimes, isOver: () => boolean, advance: Advance): Promise<void> {
  for (let i = 0; i < chunk.count && !isOver(); i++)
    for (const index of run.group.rules.keys())
      await advance(run, index, chunk.start + i * chunk.stepMs, null);
}

function planRun({ file, from, to }: BacktestRequest, group: RuleGroup, otherwiseMs: number): Run {
  const intervalMs = group.intervalMs ?? otherwiseMs;
  const waits = group.rules.map((rule) => (rule.kind === 'alerting' ? rule.forMs + rule.keepFiringForMs : 0));
  const warmUpMs = Math.min(LONGEST_WARM_UP_MS, Math.max(0, ...waits));
  const factor = Math.max(1, Math.ceil((to - from + warmUpMs) / intervalMs / MOST_STEPS));
  const stepMs = intervalMs * factor;
  const start = groupSlots(file, group.name, intervalMs).after(from - warmUpMs - 1);
  return {
    group,
    steps: { start, stepMs, count: Math.max(0, Math.floor((to - start) / stepMs) + 1) },
    states: group.rules.map(() => FRESH_RULE),
    recorders: group.rules.map(({ kind }) => (kind === 'alerting' ? recordSpans(from, to) : null)),
    failures: group.rules.map(() => ({ count: 0, last: null })),
  };
}

function firedOf({ recorders }: Run): number {
  return recorders.reduce((sum, recorder) => sum + (recorder?.fired() ?? 0), 0);
}

function resultsOf({ group, recorders, failures }: Run): readonly BacktestRule[] {
  return group.rules.flatMap(({ name }, index) => {
    const recorder = recorders[index];
    const failure = failures[index];
    if (recorder === null || recorder === undefined) return [];
    return [
      {
        group: group.name,
        rule: name,
        failures: failure?.count ?? 0,
        lastFailure: failure?.last ?? null,
        ...recorder.end(),
      },
    ];
  });
}
