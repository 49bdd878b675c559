import { type LogPipeline, logPipelineSchema } from '#shared/contract/logs-pipelines.ts';
import { type FilterKind, newFilter } from './step-spec.ts';

/** A filter that is being filled in: whether it is complete is known only when the schema has read it. */
export type FilterDraft = Readonly<Record<string, unknown>> & { readonly kind: FilterKind };
/** Branches that are being filled in. */
export type IfDraft = {
  readonly kind: 'if';
  readonly branches: readonly { readonly when: string; readonly steps: readonly StepDraft[] }[];
  readonly otherwise?: readonly StepDraft[] | undefined;
};
export type StepDraft = FilterDraft | IfDraft;

export type PipelineDraft = {
  readonly name: string;
  readonly enabled: boolean;
  readonly sources: readonly string[];
  readonly steps: readonly StepDraft[];
};

/** Whether a step has branches. */
export function isIf(step: StepDraft): step is IfDraft {
  return step.kind === 'if';
}

/** What a new step of a kind begins with. */
export function newStep(kind: FilterKind | 'if'): StepDraft {
  return kind === 'if'
    ? { kind, branches: [{ when: '', steps: [] }] }
    : ({ ...newFilter[kind], kind } as FilterDraft);
}

/** The pipeline that a draft is, or where it is not complete, as `steps.0.pattern`. */
export function readPipeline(
  draft: PipelineDraft,
): { readonly pipeline: LogPipeline } | { readonly wrong: readonly string[] } {
  const parsed = logPipelineSchema.safeParse(draft);
  if (parsed.success) return { pipeline: parsed.data };
  return { wrong: parsed.error.issues.map(({ path }) => path.join('.')) };
}

/** A list with one member replaced, taken away (undefined) or moved. */
export function withStep<T>(list: readonly T[], at: number, step: T | undefined): readonly T[] {
  return list.flatMap((old, index) => (index !== at ? [old] : step === undefined ? [] : [step]));
}

/** A list with one member moved up or down. */
export function withMovedStep<T>(list: readonly T[], at: number, by: -1 | 1): readonly T[] {
  const [a, b] = [list[at], list[at + by]];
  if (a === undefined || b === undefined) return list;
  return list.map((old, index) => (index === at ? b : index === at + by ? a : old));
}
