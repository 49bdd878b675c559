import { useEffect, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { rangeParams } from '../../components/use-time-range.ts';
import { useMetricsView } from '../../stores/metrics-view.ts';
import {
  type MetricsView,
  MOST_QUERIES,
  newQuery,
  parseView,
  type Query,
  saysView,
  withExpression,
  withMoved,
  writeView,
} from './view-state.ts';

/** The view of the address and what changes it; every change is a step of the history. */
export type ViewControl = MetricsView & {
  readonly change: (change: Partial<MetricsView>) => void;
  readonly setQuery: (position: number, change: Partial<Query>) => void;
  readonly add: () => void;
  readonly duplicate: (position: number) => void;
  readonly remove: (position: number) => void;
  readonly move: (position: number, by: -1 | 1) => void;
  /** Puts an expression into the first empty line, or into a new one. */
  readonly use: (expr: string) => void;
  readonly clear: () => void;
};

/** The view of the address; an address that says nothing shows what the page showed when it was left. */
export function useView(): ViewControl {
  const [params, setParams] = useSearchParams();
  const said = saysView(params);
  useEffect(() => {
    const { search } = useMetricsView.getState();
    if (said || search === null) return;
    setParams(
      (old) => {
        const restored = new URLSearchParams(search);
        for (const key of rangeParams) {
          const value = old.get(key);
          if (value !== null) restored.set(key, value);
        }
        return restored;
      },
      { replace: true },
    );
  }, [said, setParams]);
  useEffect(() => {
    if (!said) return;
    const kept = new URLSearchParams(params);
    for (const key of rangeParams) kept.delete(key);
    useMetricsView.setState({ search: kept.toString() });
  }, [said, params]);

  return useMemo(() => {
    const view = parseView(params);
    const change = (next: Partial<MetricsView>): void =>
      setParams((old) => writeView(old, { ...parseView(old), ...next }));
    const edit = (how: (queries: readonly Query[]) => readonly Query[]): void =>
      setParams((old) => {
        const now = parseView(old);
        return writeView(old, { ...now, queries: how(now.queries) });
      });
    return {
      ...view,
      change,
      setQuery: (position, next) =>
        edit((queries) =>
          queries.map((query, index) => (index === position ? { ...query, ...next } : query)),
        ),
      add: () => edit((queries) => [...queries, newQuery('')].slice(0, MOST_QUERIES)),
      duplicate: (position) =>
        edit((queries) =>
          queries
            .flatMap((query, index) => (index === position ? [query, query] : [query]))
            .slice(0, MOST_QUERIES),
        ),
      remove: (position) =>
        edit((queries) => {
          const left = queries.filter((_, index) => index !== position);
          return left.length === 0 ? [newQuery('')] : left;
        }),
      move: (position, by) => edit((queries) => withMoved(queries, position, by)),
      use: (expr) => edit((queries) => withExpression(queries, expr)),
      clear: () => edit(() => [newQuery('')]),
    };
  }, [params, setParams]);
}
