import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

export type MetricsView = 'chart' | 'table';

/** The expressions of the page; they live in the address as `expr=…&expr=…`, the view as `view=table`. */
export type Expressions = {
  /** At least one, which may be empty. */
  readonly list: readonly string[];
  readonly view: MetricsView;
  readonly set: (position: number, expr: string) => void;
  readonly add: () => void;
  readonly remove: (position: number) => void;
  /** Puts a metric into the first empty expression, or into a new one. */
  readonly use: (metric: string) => void;
  readonly setView: (view: MetricsView) => void;
};

/** A list with a metric put into its first empty place, or at its end. */
export function withMetric(list: readonly string[], metric: string): readonly string[] {
  const empty = list.indexOf('');
  return empty < 0 ? [...list, metric] : list.map((expr, index) => (index === empty ? metric : expr));
}

/** The expressions of the address. */
export function useExpressions(): Expressions {
  const [params, setParams] = useSearchParams();
  return useMemo(() => {
    const given = params.getAll('expr');
    const list = given.length === 0 ? [''] : given;
    const write = (next: readonly string[]): void =>
      setParams((old) => {
        const edited = new URLSearchParams(old);
        edited.delete('expr');
        for (const expr of next) edited.append('expr', expr);
        return edited;
      });
    return {
      list,
      view: params.get('view') === 'table' ? 'table' : 'chart',
      set: (position, expr) => write(list.map((old, index) => (index === position ? expr : old))),
      add: () => write([...list, '']),
      remove: (position) => write(list.filter((_, index) => index !== position)),
      use: (metric) => write(withMetric(list, metric)),
      setView: (view) =>
        setParams((old) => {
          const edited = new URLSearchParams(old);
          if (view === 'table') edited.set('view', view);
          else edited.delete('view');
          return edited;
        }),
    };
  }, [params, setParams]);
}
