import type { Columns } from '#shared/contract/metrics.ts';
import { type ChartData, type LineSource, mergeLines } from '../../charts/chart-lines.ts';
import { guessUnit, type Unit } from '../../charts/units.ts';
import { letterOf, type MetricsView, type Query } from './view-state.ts';

/** The newest answer to an expression; null when there is none. */
export type AnswerOf = (expr: string) => Columns | null;

/** A query that is drawn, and where it stands. */
type Drawn = { readonly query: Query; readonly letter: string };

/** One chart of the page. */
export type PlannedChart = {
  readonly key: string;
  /** The expressions, one a line, for headings and exports. */
  readonly expressions: readonly { readonly letter: string; readonly expr: string }[];
  readonly data: ChartData;
};

/** The unit of a query: the chosen one, or what its metrics' names say. */
function unitOfQuery(query: Query): Unit {
  return query.unit ?? guessUnit(query.expr);
}

/** The queries that are asked and drawn. */
export function drawnQueries(queries: readonly Query[]): readonly Drawn[] {
  return queries
    .map((query, position) => ({ query, letter: letterOf(position) }))
    .filter(({ query }) => query.expr !== '' && !query.hidden);
}

/** One chart or one for each expression: as chosen, else one only where all values can be compared. */
export function layoutOf(view: Pick<MetricsView, 'queries' | 'layout'>): 'one' | 'each' {
  if (view.layout !== null) return view.layout;
  const drawn = drawnQueries(view.queries);
  return new Set(drawn.map(({ query }) => unitOfQuery(query))).size <= 1 ? 'one' : 'each';
}

/** The lines of all drawn queries that have an answer. */
export function allLines(queries: readonly Query[], answers: AnswerOf): ChartData {
  return linesOf(drawnQueries(queries), answers);
}

function linesOf(drawn: readonly Drawn[], answers: AnswerOf): ChartData {
  return mergeLines(
    drawn.flatMap(({ query, letter }): readonly LineSource[] => {
      const columns = answers(query.expr);
      return columns === null
        ? []
        : [
            {
              key: letter,
              prefix: drawn.length > 1 ? letter : '',
              template: query.legend,
              alone: '',
              unit: unitOfQuery(query),
              side: query.side,
              columns,
            },
          ];
    }),
  );
}

/** What is drawn where. */
export function planCharts(
  view: Pick<MetricsView, 'queries' | 'layout'>,
  answers: AnswerOf,
): readonly PlannedChart[] {
  const drawn = drawnQueries(view.queries);
  const groups = layoutOf(view) === 'one' ? (drawn.length === 0 ? [] : [drawn]) : drawn.map((one) => [one]);
  return groups.map((group) => ({
    key: group.map(({ letter }) => letter).join(''),
    expressions: group.map(({ query, letter }) => ({ letter, expr: query.expr })),
    data: linesOf(group, answers),
  }));
}
