import { type Labels, labelValue, METRIC_NAME } from '#shared/domain/labels.ts';
import { compileRelabel } from '#shared/domain/relabel/relabel.ts';
import type { RelabelRule } from '#shared/domain/relabel/rule.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import { labelText, MOST_LABEL_TEXT } from './series-limits.ts';
import { type ExposedPairs, targetLabeller } from './target-labels.ts';

/** Limits of the labels that a sample is stored with; 0 is none. Lengths in bytes of UTF-8. */
export type LabelLimits = {
  readonly labelLimit: number;
  readonly labelNameLengthLimit: number;
  readonly labelValueLengthLimit: number;
};

/** What decides over the labels of a target's samples. */
export type LabelSpec = {
  readonly labels: Readonly<Record<string, string>>;
  readonly honorLabels: boolean;
  readonly labelLimits?: LabelLimits;
  /** `metric_relabel_configs`. */
  readonly metricRelabel?: readonly RelabelRule[];
};

/** What becomes of an exposed sample: stored under labels, dropped by a rule, or the scrape is refused for it. */
export type SampleVerdict =
  | { readonly kind: 'kept'; readonly labels: Labels }
  | { readonly kind: 'dropped' }
  /** A label that is left occurs twice. */
  | { readonly kind: 'twice' }
  | { readonly kind: 'refused'; readonly error: AppError };

/** Gives samples their labels; made once a target. */
export type SampleLabels = {
  readonly sample: (exposed: ExposedPairs) => SampleVerdict;
  /** The labels of a series about the scrape; neither rules nor limits apply to it. */
  readonly report: (name: string) => Labels;
};

const DROPPED: SampleVerdict = { kind: 'dropped' };
const TWICE: SampleVerdict = { kind: 'twice' };
const METRIC_NAME_SYNTAX = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME_SYNTAX = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Puts together what happens to a sample's labels, in the order of Prometheus: target labels, rules, checks, limits. */
export function sampleLabels(spec: LabelSpec): SampleLabels {
  const labeller = targetLabeller(spec.labels, spec.honorLabels);
  const rules = spec.metricRelabel ?? [];
  const relabel = rules.length === 0 ? null : compileRelabel(rules);
  const limits = spec.labelLimits;
  return {
    report: labeller.report,
    sample: (exposed) => {
      const merged = labeller.sample(exposed);
      const labels = relabel === null ? merged : relabel(merged);
      if (labels === null || labels.length === 0) return DROPPED;
      // Without rules the names are those that the parser accepted.
      const error = (relabel === null ? null : checkNames(labels)) ?? checkLimits(labels, limits);
      if (error !== null) return { kind: 'refused', error };
      return hasTwice(labels) ? TWICE : { kind: 'kept', labels };
    },
  };
}

function hasTwice(labels: Labels): boolean {
  for (let i = 2; i < labels.length; i += 2) if (labels[i] === labels[i - 2]) return true;
  return false;
}

function checkNames(labels: Labels): AppError | null {
  const name = labelValue(labels, METRIC_NAME);
  if (name === '') return appError('SAMPLE_NAME_LOST', { labels: shownLabels(labels) });
  if (!METRIC_NAME_SYNTAX.test(name)) return appError('SAMPLE_LABELS_INVALID', { name: shown(name) });
  for (let i = 0; i < labels.length; i += 2) {
    const label = labels[i] ?? '';
    if (!LABEL_NAME_SYNTAX.test(label)) return appError('SAMPLE_LABELS_INVALID', { name: shown(label) });
  }
  return null;
}

function checkLimits(labels: Labels, limits: LabelLimits | undefined): AppError | null {
  const metric = (): string => shown(labelValue(labels, METRIC_NAME));
  const length = labelText(labels);
  if (length > MOST_LABEL_TEXT)
    return appError('SERIES_TEXT_TOO_LONG', { metric: metric(), found: length, limit: MOST_LABEL_TEXT });
  if (limits === undefined) return null;
  const { labelLimit, labelNameLengthLimit, labelValueLengthLimit } = limits;
  if (labelLimit > 0 && labels.length / 2 > labelLimit)
    return appError('LABEL_LIMIT_EXCEEDED', {
      metric: metric(),
      found: labels.length / 2,
      limit: labelLimit,
    });
  for (let i = 0; i < labels.length; i += 2) {
    const label = labels[i] ?? '';
    const nameLength = Buffer.byteLength(label);
    if (labelNameLengthLimit > 0 && nameLength > labelNameLengthLimit)
      return appError('LABEL_NAME_TOO_LONG', {
        metric: metric(),
        label: shown(label),
        found: nameLength,
        limit: labelNameLengthLimit,
      });
    const valueLength = Buffer.byteLength(labels[i + 1] ?? '');
    if (labelValueLengthLimit > 0 && valueLength > labelValueLengthLimit)
      return appError('LABEL_VALUE_TOO_LONG', {
        metric: metric(),
        label: shown(label),
        found: valueLength,
        limit: labelValueLengthLimit,
      });
  }
  return null;
}

function shown(text: string): string {
  return text.length > 50 ? `${text.slice(0, 50)}…` : text;
}

function shownLabels(labels: Labels): string {
  const pairs: string[] = [];
  for (let i = 0; i < labels.length && i < 8; i += 2)
    pairs.push(`${shown(labels[i] ?? '')}="${shown(labels[i + 1] ?? '')}"`);
  return pairs.join(', ');
}
