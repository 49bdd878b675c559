import type { Annotation, AnnotationKind } from '#shared/contract/dashboards.ts';
import type { LabelSet, QueryData } from '#shared/contract/metrics.ts';
import type { Result } from '#shared/errors/index.ts';

/** UTC milliseconds, both ends inside. */
export type Span = { readonly start: number; readonly end: number };

/** What variables are looked up in: the site's series, wherever they are. */
export type MetricLookups = {
  /** Selectors as PromQL writes them; '' for all series. */
  readonly labelValues: (
    label: string,
    selector: string,
    span: Span,
    signal: AbortSignal,
  ) => Promise<Result<readonly string[]>>;
  readonly labelNames: (
    selector: string,
    span: Span,
    signal: AbortSignal,
  ) => Promise<Result<readonly string[]>>;
  readonly series: (
    selector: string,
    span: Span,
    signal: AbortSignal,
  ) => Promise<Result<readonly LabelSet[]>>;
  readonly instant: (expr: string, time: number, signal: AbortSignal) => Promise<Result<QueryData>>;
};

/** What the area asks of the others; put together by the composition root. */
export type DashboardSources = MetricLookups & {
  /** How often most targets are scraped. */
  readonly scrapeIntervalMs: () => number;
  /** Marks that the other areas know of, in any order; those of the operator are the area's own. */
  readonly annotations: (span: Span, kinds: ReadonlySet<AnnotationKind>) => Promise<readonly Annotation[]>;
};
