import type { Annotation } from '#shared/contract/dashboards.ts';
import type { Columns, LabelSet } from '#shared/contract/metrics.ts';
import type { DashboardAnnotation } from '#shared/domain/dashboard/model.ts';

/** A mark on the time axis of a dashboard: what the console knows itself, or where a query has a value. */
export type BoardMark = Pick<Annotation, 'at' | 'until' | 'open' | 'state' | 'title' | 'text' | 'tags'> & {
  /** The panels that it is for; null for all. */
  readonly panels: DashboardAnnotation['panels'];
};

type QuerySource = Extract<DashboardAnnotation['source'], { readonly of: 'query' }>;

/** Marks of one annotation; a query that is true all the time for many series must not cover the chart. */
const MOST_QUERY_MARKS = 500;

/** Whether a mark stands on a panel. */
export function isOnPanel({ panels }: Pick<BoardMark, 'panels'>, panel: number): boolean {
  return panels === null || panels.ids.includes(panel) !== panels.exclude;
}

/** `{{label}}` filled in; a label that a series lacks is empty, as Grafana has it. */
function withLabels(template: string, labels: LabelSet): string {
  return template.replace(/\{\{\s*([a-zA-Z_]\w*)\s*\}\}/g, (_, label: string) => labels[label] ?? '').trim();
}

/**
 * The marks of a query: one for each unbroken run of values of a series, as Prometheus annotations are drawn in
 * Grafana. A run of one step is a moment; one that reaches the last step lasts still. A value of 0 is no mark, so that
 * comparisons with `bool` and plain gauges of states can be used.
 */
export function queryMarks(
  annotation: Pick<DashboardAnnotation, 'panels'>,
  source: QuerySource,
  name: string,
  columns: Pick<Columns, 'times' | 'series'>,
): readonly BoardMark[] {
  const { times } = columns;
  const marks = columns.series.flatMap(({ labels, values }) => {
    const title = withLabels(source.title, labels) || name;
    const text = withLabels(source.text, labels);
    const tags = source.tagLabels.flatMap((label) => labels[label] ?? []);
    return runs(values).map(([first, last]): BoardMark => {
      const open = last === times.length - 1;
      const at = times[first] ?? 0;
      const end = times[last] ?? at;
      return {
        at,
        until: open || end === at ? null : end,
        open: open && last > first,
        state: 'info',
        title: { zh: title, en: title },
        text: { zh: text, en: text },
        tags,
        panels: annotation.panels,
      };
    });
  });
  return marks.sort((a, b) => b.at - a.at).slice(0, MOST_QUERY_MARKS);
}

/** First and last places of runs of values that are neither absent nor zero. */
function runs(values: readonly (number | null)[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  let from: number | null = null;
  for (let at = 0; at <= values.length; at += 1) {
    const value = values[at] ?? null;
    const on = value !== null && value !== 0;
    if (on && from === null) from = at;
    if (on || from === null) continue;
    found.push([from, at - 1]);
    from = null;
  }
  return found;
}

/** A mark in one line, in one language. */
export function markWords(mark: Pick<BoardMark, 'title' | 'text' | 'tags'>, language: 'zh' | 'en'): string {
  const parts = [mark.title[language], mark.text[language], mark.tags.join(' ')];
  return [...new Set(parts.filter((part) => part !== ''))].join(' · ');
}
