import type { LogPipeline, MaskingRule, PipelineCounts } from '#shared/contract/logs-pipelines.ts';
import type { AppError } from '#shared/errors/index.ts';
import type { EventChanges, EventStage, StageEvent, StageVerdict } from '../stage.ts';
import { type CompiledPipeline, compilePipeline, type Trace } from './compile.ts';
import { WorkEvent } from './event.ts';
import { compileMask, type Mask } from './mask.ts';
import { maskedEvent } from './masked-event.ts';

/** A pipeline as it is handed to the log thread: plain data. */
export type StagePipeline = LogPipeline & { readonly id: string };

/** Everything that the stage is made of: plain data, handed from the engine's thread to the log thread. */
export type StageConfig = {
  readonly pipelines: readonly StagePipeline[];
  readonly masking: readonly MaskingRule[];
};

/** Without masking and pipelines. */
export const NO_STAGE: StageConfig = { pipelines: [], masking: [] };

/** The stage with its counters. */
export type PipelineStage = EventStage & {
  /** What the filters of each pipeline did, by its identifier. */
  readonly counts: () => Readonly<Record<string, readonly PipelineCounts[]>>;
  /** Pipelines that cannot be used, by identifier; they are left out. */
  readonly errors: Readonly<Record<string, AppError>>;
};

/**
 * Makes the stage between parser and store. The engine hands over only what it has compiled itself; should this
 * version not know something of it, that pipeline is left out and told of, and reading goes on.
 */
export function createStage(config: StageConfig): PipelineStage {
  const errors: Record<string, AppError> = {};
  const pipelines: { readonly id: string; readonly compiled: CompiledPipeline }[] = [];
  for (const pipeline of config.pipelines) {
    if (!pipeline.enabled) continue;
    const compiled = compilePipeline(pipeline);
    if (compiled.ok) pipelines.push({ id: pipeline.id, compiled: compiled.value });
    else errors[pipeline.id] = compiled.error;
  }
  const mask = usableMask(config.masking, errors);
  const bySource = new Map<string, readonly CompiledPipeline[]>();
  const pipelinesOf = (source: string): readonly CompiledPipeline[] => {
    let found = bySource.get(source);
    if (found === undefined) {
      found = pipelines
        .map(({ compiled }) => compiled)
        .filter(({ pipeline }) => pipeline.sources.length === 0 || pipeline.sources.includes(source));
      if (bySource.size > 10_000) bySource.clear();
      bySource.set(source, found);
    }
    return found;
  };
  return {
    errors,
    concerns: (source) => mask !== null || pipelinesOf(source).length > 0,
    apply: (event) => applyStage(event, mask, pipelinesOf(event.source)),
    counts: () => Object.fromEntries(pipelines.map(({ id, compiled }) => [id, compiled.counts()])),
  };
}

/** Rules that still work must hide what they find, also when one beside them cannot be used any more. */
function usableMask(rules: readonly MaskingRule[], errors: Record<string, AppError>): Mask | null {
  const usable = rules.filter((rule) => {
    const compiled = compileMask([rule], 'ingest');
    if (!compiled.ok) errors[rule.id] = compiled.error;
    return compiled.ok;
  });
  const mask = compileMask(usable, 'ingest');
  return mask.ok ? mask.value : null;
}

/** Called around every pipeline of a preview. */
export type StageTrace = {
  readonly masked: (event: StageEvent) => void;
  readonly filter: (event: WorkEvent) => Trace;
};

/** Masks an event and sends it through pipelines, one after the other. Pure; never throws. */
export function applyStage(
  input: StageEvent,
  mask: Mask | null,
  pipelines: readonly CompiledPipeline[],
  trace?: StageTrace,
): StageVerdict {
  let event = mask === null ? input : maskedEvent(mask, input);
  if (event !== input) trace?.masked(event);
  const { fields, message } = event;
  let { text, time, level } = event;
  let stream = '';
  let changes: EventChanges | null = null;
  for (const compiled of pipelines) {
    const work = new WorkEvent(event, compiled.pipeline.message === 'line');
    for (const tag of changes?.tags ?? []) work.tag(tag);
    work.stream = stream;
    const by = compiled.run(work, trace?.filter(work));
    if (by !== null) return { keep: false, by };
    ({ text, time, level, stream } = work);
    changes = work.changesAgainst(fields, message);
    event = { ...event, text, time, level, message: work.shownMessage(), fields: work.fields() };
  }
  if (mask !== null && changes !== null) changes = maskedChanges(mask, changes);
  return { keep: true, text, time: Number.isSafeInteger(time) ? time : input.time, level, stream, changes };
}

/** What filters put together from parts may be a secret again as a whole. */
function maskedChanges(mask: Mask, changes: EventChanges): EventChanges {
  const { message, set, tags } = changes;
  return {
    ...changes,
    ...(message === undefined ? {} : { message: mask.text(message) }),
    ...(set === undefined
      ? {}
      : {
          set: Object.fromEntries(
            Object.entries(set).map(([name, value]) => [name, mask.field(name, value)]),
          ),
        }),
    ...(tags === undefined ? {} : { tags: tags.map(mask.text) }),
  };
}
