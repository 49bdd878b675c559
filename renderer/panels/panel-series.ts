import type { Columns, LabelSet } from '#shared/contract/metrics.ts';
import { legendText, type ResolvedField, resolveField } from '#shared/domain/dashboard/display.ts';
import type { AskingPanel, Target } from '#shared/domain/dashboard/panels.ts';
import type { AppError } from '#shared/errors/index.ts';
import { fullName, shortNames } from '../charts/series-names.ts';

/** What came of one target. */
export type TargetAnswer = {
  readonly target: Target;
  /** The expression with its variables filled in; empty when there is nothing to ask. */
  readonly expr: string;
  readonly stepMs: number;
  readonly columns: Columns | null;
  readonly error: AppError | null;
  readonly loading: boolean;
  /** When `columns` arrived, UTC milliseconds. */
  readonly at: number | null;
};

/** One series of a panel. */
export type PanelSeries = {
  /** Unique in the panel. */
  readonly key: string;
  readonly ref: string;
  readonly name: string;
  readonly full: string;
  readonly labels: LabelSet;
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  readonly stepMs: number;
  readonly field: ResolvedField;
};

/** The options that hold where no series is meant: of axes and whole panels. */
export function panelField(panel: Pick<AskingPanel, 'field'>): ResolvedField {
  return resolveField(panel.field, [], { name: '', ref: '', type: 'number' });
}

/** A name with the series' labels put in: `${__field.labels.x}`, `${__series.name}`. */
function fieldName(template: string, name: string, labels: LabelSet): string {
  return template
    .replace(/\$\{__field\.labels\.([a-zA-Z_]\w*)\}/g, (_, label: string) => labels[label] ?? '')
    .replace(/\$\{__(?:series\.name|field\.name|field\.displayName)\}/g, () => name);
}

/**
 * The series of a panel's answers, named and with their options; hidden targets have none.
 *
 * @param fill fills variables into names and legends
 */
export function seriesOf(
  panel: AskingPanel,
  answers: readonly TargetAnswer[],
  fill: (text: string) => string,
): readonly PanelSeries[] {
  return answers.flatMap(({ target, columns, stepMs, expr }) => {
    if (columns === null || target.hidden) return [];
    const sets = columns.series.map(({ labels }) => labels);
    const legend = fill(target.legend);
    const names =
      legend.trim() === '' || legend === '__auto'
        ? shortNames(sets, '')
        : sets.map((labels) => legendText(legend, labels).trim() || fullName(labels));
    return columns.series.map(({ labels, values }, index): PanelSeries => {
      const full = fullName(labels);
      const own = names[index] ?? full;
      const named = own === '{}' ? expr : own;
      const field = resolveField(panel.field, panel.overrides, {
        name: named,
        ref: target.ref,
        type: 'number',
      });
      return {
        key: `${target.ref} ${full}`,
        ref: target.ref,
        name: field.name === '' ? named : fieldName(fill(field.name), named, labels),
        full,
        labels,
        times: columns.times,
        values,
        stepMs,
        field,
      };
    });
  });
}
