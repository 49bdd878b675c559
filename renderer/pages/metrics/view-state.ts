import type { Side } from '../../charts/chart-lines.ts';
import type { ChartShape } from '../../charts/chart-values.ts';
import { type Unit, units } from '../../charts/units.ts';

/** One expression of the page and how its lines are drawn. */
export type Query = {
  readonly expr: string;
  readonly hidden: boolean;
  /** Names the lines, with `{{label}}`; empty names them by what tells them apart. */
  readonly legend: string;
  /** Null guesses by the names of the metrics. */
  readonly unit: Unit | null;
  readonly side: Side;
};

/** What the page shows of the expressions' results. */
export const tables = ['summary', 'instant', 'samples'] as const;
export type TableKind = (typeof tables)[number];

export type MetricsView = {
  /** At least one, which may be empty. */
  readonly queries: readonly Query[];
  readonly show: 'chart' | 'table';
  readonly table: TableKind;
  /** Null draws one chart when all expressions have the same unit, else one for each. */
  readonly layout: 'one' | 'each' | null;
  readonly shape: ChartShape;
  /** Milliseconds between points; null chooses by the range. */
  readonly stepMs: number | null;
  readonly maxSeries: number;
};

export const DEFAULT_MAX_SERIES = 200;
/** As many as one request answers with. */
export const MOST_SERIES = 10_000;
/** More expressions than these are refused: every one is a query of its own, again and again. */
export const MOST_QUERIES = 26;

export const newQuery = (expr: string): Query => ({
  expr,
  hidden: false,
  legend: '',
  unit: null,
  side: 'left',
});

/** `A`, `B`, …: what an expression is called on the page. */
export function letterOf(position: number): string {
  return String.fromCharCode(65 + position);
}

/** Parameters of the address that are the page's. */
const own = ['expr', 'as', 'view', 'table', 'layout', 'scale', 'stacked', 'min', 'max', 'step', 'series'];

function numberOf(text: string | null): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** How an expression is drawn, as it stands beside it in the address: `hidden=1&side=right&unit=bytes&legend=…`. */
function parseQuery(expr: string, as: string): Query {
  const params = new URLSearchParams(as);
  return {
    expr,
    hidden: params.get('hidden') === '1',
    legend: params.get('legend') ?? '',
    unit: units.find((unit) => unit === params.get('unit')) ?? null,
    side: params.get('side') === 'right' ? 'right' : 'left',
  };
}

function writeQuery(query: Query): string {
  const params = new URLSearchParams();
  if (query.hidden) params.set('hidden', '1');
  if (query.side === 'right') params.set('side', 'right');
  if (query.unit !== null) params.set('unit', query.unit);
  if (query.legend !== '') params.set('legend', query.legend);
  return params.toString();
}

/** Reads the view out of an address; what is not understood is the default, so that an old link still opens. */
export function parseView(params: URLSearchParams): MetricsView {
  const as = params.getAll('as');
  const queries = params
    .getAll('expr')
    .slice(0, MOST_QUERIES)
    .map((expr, position) => parseQuery(expr, as[position] ?? ''));
  const layout = params.get('layout');
  const stepMs = numberOf(params.get('step'));
  const series = numberOf(params.get('series'));
  return {
    queries: queries.length === 0 ? [newQuery('')] : queries,
    show: params.get('view') === 'table' ? 'table' : 'chart',
    table: tables.find((kind) => kind === params.get('table')) ?? 'summary',
    layout: layout === 'one' || layout === 'each' ? layout : null,
    shape: {
      log: params.get('scale') === 'log',
      stacked: params.get('stacked') === '1',
      min: numberOf(params.get('min')),
      max: numberOf(params.get('max')),
    },
    stepMs: stepMs !== null && Number.isSafeInteger(stepMs) && stepMs > 0 ? stepMs : null,
    maxSeries:
      series !== null && Number.isSafeInteger(series) && series > 0
        ? Math.min(series, MOST_SERIES)
        : DEFAULT_MAX_SERIES,
  };
}

/** Writes the view into an address, leaving every other member of it, such as the time range, as it is. */
export function writeView(params: URLSearchParams, view: MetricsView): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const key of own) next.delete(key);
  for (const query of view.queries) next.append('expr', query.expr);
  const as = view.queries.map(writeQuery);
  if (as.some((text) => text !== '')) for (const text of as) next.append('as', text);
  const set = (key: string, value: string | number | null): void => {
    if (value !== null) next.set(key, String(value));
  };
  set('view', view.show === 'table' ? 'table' : null);
  set('table', view.table === 'summary' ? null : view.table);
  set('layout', view.layout);
  set('scale', view.shape.log ? 'log' : null);
  set('stacked', view.shape.stacked ? '1' : null);
  set('min', view.shape.min);
  set('max', view.shape.max);
  set('step', view.stepMs);
  set('series', view.maxSeries === DEFAULT_MAX_SERIES ? null : view.maxSeries);
  return next;
}

/** Whether an address says anything about the view. */
export function saysView(params: URLSearchParams): boolean {
  return own.some((key) => params.has(key));
}

/** The queries with an expression put into the first empty place, or at the end. */
export function withExpression(queries: readonly Query[], expr: string): readonly Query[] {
  const empty = queries.findIndex((query) => query.expr === '');
  if (empty < 0) return [...queries, newQuery(expr)].slice(0, MOST_QUERIES);
  return queries.map((query, position) => (position === empty ? { ...query, expr } : query));
}

/** The queries with one moved up or down a place; the same queries when it is at the end already. */
export function withMoved(queries: readonly Query[], position: number, by: -1 | 1): readonly Query[] {
  const other = position + by;
  const a = queries[position];
  const b = queries[other];
  if (a === undefined || b === undefined) return queries;
  return queries.map((query, index) => (index === position ? b : index === other ? a : query));
}
