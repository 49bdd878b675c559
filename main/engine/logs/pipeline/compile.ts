import type { LogPipeline, PipelineCounts, PipelineStep } from '#shared/contract/logs-pipelines.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { type Condition, holds, parseCondition } from './condition.ts';
import type { WorkEvent } from './event.ts';
import { Fault } from './fault.ts';
import { type CompiledFilter, compileFilter, type FilterOutcome, filterLabel } from './filters.ts';

/** What a filter did to an event, for a preview. */
export type Trace = (step: number, label: string, effect: 'ok' | 'failed' | 'drop') => void;

/** A pipeline that is ready. */
export type CompiledPipeline = {
  readonly pipeline: LogPipeline;
  /** Streams to which it routes, each once. */
  readonly streams: readonly string[];
  /** The label of the filter that dropped the event, or null. Never throws; a filter that fails tags the event. */
  readonly run: (event: WorkEvent, trace?: Trace) => string | null;
  readonly counts: () => readonly PipelineCounts[];
};

type Counter = { step: number; label: string; in: number; dropped: number; failed: number };
type Node =
  | {
      readonly kind: 'filter';
      readonly when: Condition | null;
      readonly run: CompiledFilter;
      readonly counter: Counter;
    }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly when: Condition; readonly nodes: readonly Node[] }[];
      readonly otherwise: readonly Node[];
      readonly counter: Counter;
    };

/** More steps than this make every line slow. */
const MOST_STEPS = 500;

/**
 * Compiles a pipeline.
 *
 * @returns LOG_PIPELINE_INVALID that names the step and says what is wrong with it
 */
export function compilePipeline(pipeline: LogPipeline): Result<CompiledPipeline> {
  const counters: Counter[] = [];
  const streams = new Set<string>();
  let underway: Counter = { step: 0, label: '', in: 0, dropped: 0, failed: 0 };
  const begin = (label: string): Counter => {
    underway = { step: counters.length + 1, label, in: 0, dropped: 0, failed: 0 };
    counters.push(underway);
    if (counters.length > MOST_STEPS)
      throw new Fault({ zh: `多于 ${MOST_STEPS} 步`, en: `more than ${MOST_STEPS} steps` });
    return underway;
  };
  const condition = (text: string): Condition => {
    const parsed = parseCondition(text);
    if (!parsed.ok) throw new Fault(parsed.error.message);
    return parsed.value;
  };
  const compile = (step: PipelineStep): Node => {
    if (step.kind === 'if') {
      const counter = begin(`if ${step.branches[0]?.when ?? ''}`);
      return {
        kind: 'if',
        counter,
        branches: step.branches.map(({ when, steps }) => ({
          when: condition(when),
          nodes: steps.map(compile),
        })),
        otherwise: (step.otherwise ?? []).map(compile),
      };
    }
    const counter = begin(filterLabel(step));
    if (step.kind === 'stream') streams.add(step.stream);
    return {
      kind: 'filter',
      counter,
      when: step.when === undefined ? null : condition(step.when),
      run: compileFilter(step),
    };
  };
  try {
    const nodes = pipeline.steps.map(compile);
    return ok({
      pipeline,
      streams: [...streams],
      counts: () => counters.map((counter) => ({ ...counter })),
      run: (event, trace) => runAll(nodes, event, trace),
    });
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const { name } = pipeline;
    return err(
      appError(
        'LOG_PIPELINE_INVALID',
        { name, step: underway.step, filter: underway.label, why: thrown.why },
        { field: `steps.${underway.step - 1}` },
      ),
    );
  }
}

function runAll(nodes: readonly Node[], event: WorkEvent, trace: Trace | undefined): string | null {
  for (const node of nodes) {
    const { counter } = node;
    if (node.kind === 'if') {
      counter.in += 1;
      const branch = node.branches.find(({ when }) => holds(when, event));
      const by = runAll(branch?.nodes ?? node.otherwise, event, trace);
      if (by === null) continue;
      counter.dropped += 1;
      return by;
    }
    if (node.when !== null && !holds(node.when, event)) continue;
    counter.in += 1;
    let outcome: FilterOutcome;
    try {
      outcome = node.run(event);
    } catch {
      // A filter must not stop the reading of logs whatever a line holds: this is its failure, tagged and counted.
      event.tag('_filterexception');
      outcome = 'failed';
    }
    trace?.(counter.step, counter.label, outcome === 'nothing' ? 'ok' : outcome);
    if (outcome === 'failed') counter.failed += 1;
    if (outcome !== 'drop') continue;
    counter.dropped += 1;
    return counter.label;
  }
  return null;
}
