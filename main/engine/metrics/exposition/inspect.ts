import { type Labels, METRIC_NAME } from '#shared/domain/labels.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { type LabelSpec, sampleLabels } from '../sample-labels.ts';
import { targetLabeller } from '../target-labels.ts';
import { chooseParser } from './choose.ts';
import { ENTRY, type ExpositionParser, lineOf } from './types.ts';

/** What an exposition holds: samples, those of them that would be stored, and the first metric names. */
export type ExpositionContent = {
  readonly samples: number;
  readonly kept: number;
  readonly names: readonly string[];
  /** The labels of its first samples, with those of the target and before any rule. */
  readonly series: readonly Labels[];
};

/** What decides over a scrape's samples; a part of what a target is opened with. */
export type InspectSpec = LabelSpec & { readonly sampleLimit: number };

const NAMES_SHOWN = 200;
/** Most samples whose labels are told. */
const SERIES_TOLD = 20_000;
/** A trial shows what a target gives; an endless answer is not read to its end for it. */
const MOST_SAMPLES = 1_000_000;

/**
 * Reads an exposition without storing anything, through the rules and limits of its target; refused where a scrape
 * would be refused, with the same error.
 */
export function inspectExposition(
  body: Uint8Array,
  contentType: string | null,
  spec: InspectSpec,
): Result<ExpositionContent> {
  const parser = chooseParser(body, contentType);
  const labels = sampleLabels(spec);
  const labeller = targetLabeller(spec.labels, spec.honorLabels);
  const series: Labels[] = [];
  const names = new Set<string>();
  let samples = 0;
  let kept = 0;
  for (;;) {
    const entry = parser.next();
    if (entry === ENTRY.error) return err(invalid(parser, body));
    if (entry === ENTRY.end || samples >= MOST_SAMPLES) break;
    if (entry !== ENTRY.series) continue;
    samples += 1;
    const pairs = parser.pairs(true);
    if (pairs === null) return err(invalid(parser, body));
    const name = pairs.find(([label]) => label === METRIC_NAME)?.[1];
    if (name !== undefined && names.size < NAMES_SHOWN) names.add(name);
    if (series.length < SERIES_TOLD) series.push(labeller.sample(pairs));
    const verdict = labels.sample(pairs);
    if (verdict.kind === 'refused') return err(verdict.error);
    if (verdict.kind === 'twice') {
      parser.refuseTwice();
      return err(invalid(parser, body));
    }
    if (verdict.kind === 'kept') kept += 1;
  }
  const limit = spec.sampleLimit;
  if (limit > 0 && kept > limit) return err(appError('SAMPLE_LIMIT_EXCEEDED', { found: kept, limit }));
  return ok({ samples, kept, names: [...names], series });
}

function invalid(parser: ExpositionParser, body: Uint8Array): AppError {
  const line = lineOf(body, parser.pos);
  return appError('EXPOSITION_INVALID', { line, why: parser.error }, { line });
}
