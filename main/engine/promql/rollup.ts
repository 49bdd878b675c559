import { BucketBuffer } from '#shared/domain/buckets.ts';
import { compareLabels, labelsKey, labelsWithoutName } from '#shared/domain/labels.ts';
import type { SelectorNode } from './ast.ts';
import type { QueryContext } from './context.ts';
import { newestOf, rangeOf } from './rollup-fill.ts';
import type { BucketFunction } from './rollup-functions.ts';
import { planSegments, type Reading, type Segment } from './rollup-plan.ts';
import { keptSamples } from './rollup-samples.ts';
import type { RollupSource } from './source.ts';
import { type Column, hasAny, newColumn, type Steps, timeAt } from './values.ts';

/** What is asked for of a selector: its newest sample, or a function over a range; null when samples are needed. */
export type RollupQuestion =
  | { readonly kind: 'newest'; readonly timestamps: boolean }
  | { readonly kind: 'range'; readonly compute: BucketFunction | null; readonly keepsName: boolean };

/** Evaluates from samples, over part of the steps, with a range or lookback that may be wider than was asked for. */
export type EvaluateSamples = (
  context: QueryContext,
  steps: Steps,
  backMs: number,
) => Promise<readonly Column[]>;

/**
 * Evaluates a selector, or a range function over one, from roll-ups as far as they give the same answer as the samples,
 * or the samples are gone (docs/metrics-format.md, "What a query takes").
 *
 * @returns null when there is nothing for roll-ups to do
 */
export async function evaluateByRollups(
  context: QueryContext,
  node: SelectorNode,
  steps: Steps,
  at: { readonly first: number; readonly step: number; readonly backMs: number },
  question: RollupQuestion,
  samples: EvaluateSamples,
): Promise<readonly Column[] | null> {
  const { rollups } = context;
  if (rollups === null || steps.count === 0) return null;
  const visible = context.plan.visible.get(node);
  const last = at.first + (steps.count - 1) * at.step;
  // With ranges that are open on the left the first moment of a window is not loaded, and not looked at.
  const oldest = at.first - at.backMs + (question.kind === 'range' ? context.boundMs : 0);
  // A selector that moves on from its `@` does not see all of its windows.
  if (visible === undefined || visible.from > oldest || visible.to < last) return null;
  const reading: Reading = {
    ...at,
    count: steps.count,
    wholeBack: question.kind === 'range',
    bucketed: question.kind === 'newest' || question.compute !== null,
  };
  const segments = planSegments(reading, rollups, context.plan.pins.has(node));
  if (segments === null) return null;
  const work = new RollupWork(context, rollups, node, reading, question, samples);
  const [only] = segments;
  if (segments.length === 1 && only !== undefined) return work.segment(only, steps);
  const merged = new Map<string, Column>();
  for (const segment of segments) {
    const part = { start: timeAt(steps, segment.from), step: steps.step, count: segment.to - segment.from };
    for (const column of await work.segment(segment, part)) {
      const key = labelsKey(column.labels);
      const whole = merged.get(key) ?? newColumn(column.labels, steps.count);
      whole.values.set(column.values, segment.from);
      whole.has.set(column.has, segment.from);
      merged.set(key, whole);
    }
  }
  return sorted([...merged.values()]);
}

function sorted<T extends { readonly labels: Column['labels'] }>(columns: readonly T[]): readonly T[] {
  return [...columns].sort((a, b) => compareLabels(a.labels, b.labels));
}

/** One selector's evaluation. */
class RollupWork {
  readonly #context: QueryContext;
  readonly #rollups: RollupSource;
  readonly #node: SelectorNode;
  readonly #reading: Reading;
  readonly #question: RollupQuestion;
  readonly #samples: EvaluateSamples;

  constructor(
    context: QueryContext,
    rollups: RollupSource,
    node: SelectorNode,
    reading: Reading,
    question: RollupQuestion,
    samples: EvaluateSamples,
  ) {
    this.#context = { ...context, rollups: null };
    this.#rollups = rollups;
    this.#node = node;
    this.#reading = reading;
    this.#question = question;
    this.#samples = samples;
  }

  async segment(segment: Segment, steps: Steps): Promise<readonly Column[]> {
    const { backMs } = this.#reading;
    if (segment.resolution === 0) return this.#samples(this.#context, steps, backMs);
    if (segment.exact) return this.#buckets(segment, steps);
    this.#context.note(segment.resolution);
    const { first, step } = this.#reading;
    const from = first + segment.from * step - backMs;
    const lost = this.#rollups.lost(from - 1, first + (segment.to - 1) * step);
    const kept = new Set<string>();
    // A retention class of its own may have kept the samples of some series.
    for (const { start, end } of lost)
      for (const { labels } of this.#context.source.select(this.#node.matchers, start + 1, end))
        kept.add(this.#keyOf(labels));
    const rough = await this.#rough(segment, steps);
    if (kept.size === 0) return rough;
    const exact = await this.#samples(this.#context, steps, backMs);
    const isKept = ({ labels }: Column): boolean => kept.has(labelsKey(labels));
    return sorted([...exact.filter(isKept), ...rough.filter((column) => !isKept(column))]);
  }

  /** What the labels of a series become in the result. */
  #keyOf(labels: Column['labels']): string {
    const named = this.#question.kind === 'newest' || this.#question.keepsName;
    return labelsKey(named ? labels : labelsWithoutName(labels));
  }

  /** Where samples are gone: whole buckets for functions that have enough of them, else the samples that buckets keep. */
  #rough(segment: Segment, steps: Steps): Promise<readonly Column[]> {
    const question = this.#question;
    if (question.kind === 'range' && question.compute !== null) return this.#buckets(segment, steps);
    const { resolution } = segment;
    const source = keptSamples(this.#rollups, resolution, resolution);
    return this.#samples({ ...this.#context, source }, steps, Math.max(this.#reading.backMs, resolution));
  }

  async #buckets(segment: Segment, steps: Steps): Promise<readonly Column[]> {
    const { resolution, exact } = segment;
    const { budget } = this.#context;
    const { first: start, step, backMs } = this.#reading;
    const first = start + segment.from * step;
    const last = first + (steps.count - 1) * step;
    // One bucket more at the end, because a rounded window may end after its step.
    const from = Math.floor((first - Math.max(backMs, resolution)) / resolution) * resolution;
    const to = Math.ceil(last / resolution) * resolution;
    const question = this.#question;
    const fill =
      question.kind === 'newest'
        ? newestOf(question.timestamps, first, step, backMs)
        : rangeOf(question.compute, {
            first,
            step,
            rangeMs: backMs,
            rounded: exact ? null : resolution,
            leftOpen: this.#context.boundMs > 0,
          });
    const buffer = new BucketBuffer();
    const columns: Column[] = [];
    for (const series of sorted(this.#rollups.select(this.#node.matchers, from, to, resolution))) {
      if (budget.isDue) await budget.breathe();
      series.read(from, to, fill.columns, buffer);
      if (buffer.length === 0) continue;
      const named = question.kind === 'newest' || question.keepsName;
      const column = newColumn(named ? series.labels : labelsWithoutName(series.labels), steps.count);
      for (const _turn of fill.into(column, buffer)) if (budget.isDue) await budget.breathe();
      if (!hasAny(column)) continue;
      budget.spend(steps.count);
      columns.push(column);
    }
    return columns;
  }
}
