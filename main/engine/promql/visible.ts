import type { AtTime, Expr, SelectorNode, SubqueryNode } from './ast.ts';

/** The times that a selector may look at, both inside; UTC milliseconds. */
export type Visible = { readonly from: number; readonly to: number };

type Query = {
  readonly queryStart: number;
  readonly queryEnd: number;
  readonly lookbackMs: number;
};

/**
 * What each selector of a query may see. Prometheus loads samples for the times that follow from the expression before
 * it evaluates, and the few selectors that drift away from their `@` (see `reach`) or lose their offset (see
 * `timestamp()`) see no more than was loaded.
 */
export function visibleTimes(expr: Expr, query: Query): ReadonlyMap<SelectorNode, Visible> {
  const found = new Map<SelectorNode, Visible>();
  visit(expr, { from: query.queryStart, to: query.queryEnd }, query, found);
  return found;
}

function pinned({ queryStart, queryEnd }: Query, time: AtTime): number {
  if (time === 'start') return queryStart;
  return time === 'end' ? queryEnd : time;
}

function visit(expr: Expr, times: Visible, query: Query, found: Map<SelectorNode, Visible>): void {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return;
    case 'selector':
      found.set(expr, loaded(expr, query.lookbackMs, times, query));
      return;
    case 'matrix':
      found.set(expr.selector, loaded(expr.selector, expr.rangeMs, times, query));
      return;
    case 'subquery':
      visit(expr.inner, loaded(expr, expr.rangeMs, times, query), query, found);
      return;
    case 'paren':
      visit(expr.inner, times, query, found);
      return;
    case 'unary':
      visit(expr.operand, times, query, found);
      return;
    case 'binary':
      visit(expr.left, times, query, found);
      visit(expr.right, times, query, found);
      return;
    case 'aggregate':
      if (expr.parameter !== null) visit(expr.parameter, times, query, found);
      visit(expr.operand, times, query, found);
      return;
    case 'call':
      for (const arg of expr.args) visit(arg, times, query, found);
  }
}

/** The times at which a node is evaluated, moved to where it looks and longer by how far it looks back. */
function loaded(node: SelectorNode | SubqueryNode, back: number, times: Visible, query: Query): Visible {
  const at = node.pinned === null ? null : pinned(query, node.pinned);
  return { from: (at ?? times.from) - node.offsetMs - back, to: (at ?? times.to) - node.offsetMs };
}
