import type { Expr, SelectorNode, SubqueryNode } from './ast.ts';

/** The times that a selector may look at, both inside; UTC milliseconds. */
export type Visible = { readonly from: number; readonly to: number };

/** What is decided about an expression before it is evaluated, as in Prometheus 2.42 (promql/engine.go). */
export type QueryPlan = {
  /** Nodes that are the same at every step, because all their selectors are pinned: evaluated at the first step only. */
  readonly once: ReadonlySet<Expr>;
  /**
   * The times of `@`, where there is one. A pinned node that stands outside `once` is at that time at the first step
   * and moves on with the steps: Prometheus turns `@` into an offset.
   */
  readonly pins: ReadonlyMap<Expr, number>;
  /** What is loaded for each selector; those that move on from their `@` see no more than that. */
  readonly visible: ReadonlyMap<SelectorNode, Visible>;
};

/** Times of the whole query and how far instant selectors look back, milliseconds. */
export type QueryTimes = {
  readonly queryStart: number;
  readonly queryEnd: number;
  readonly lookbackMs: number;
  /** How far behind its older end a range begins. */
  readonly boundMs: number;
};

/** Functions whose result depends on the step's own time, whatever their argument is pinned to. */
const OF_THE_STEP: ReadonlySet<string> = new Set([
  ...['days_in_month', 'day_of_month', 'day_of_week', 'day_of_year', 'hour', 'minute', 'month', 'year'],
  ...['predict_linear', 'time', 'timestamp'],
]);

/** Plans the evaluation of a checked expression. */
export function planQuery(expr: Expr, times: QueryTimes): QueryPlan {
  const planner = new Planner(times);
  planner.root(expr);
  return planner;
}

class Planner implements QueryPlan {
  readonly once = new Set<Expr>();
  readonly pins = new Map<Expr, number>();
  readonly visible = new Map<SelectorNode, Visible>();
  readonly #times: QueryTimes;

  constructor(times: QueryTimes) {
    this.#times = times;
  }

  root(expr: Expr): void {
    if (this.#same(expr)) this.#evaluateOnce(expr);
    this.#load(expr, { from: this.#times.queryStart, to: this.#times.queryEnd });
  }

  #evaluateOnce(expr: Expr): void {
    if (expr.kind === 'paren') this.#evaluateOnce(expr.inner);
    else this.once.add(expr);
  }

  /** Whether a node is the same at every step. If not, those of its parts that are get noted. */
  #same(expr: Expr): boolean {
    switch (expr.kind) {
      case 'number':
      case 'string':
        return true;
      case 'paren':
        return this.#same(expr.inner);
      case 'unary':
        return this.#same(expr.operand);
      case 'selector':
        return this.#pin(expr);
      case 'matrix':
        return this.#pin(expr.selector);
      case 'subquery':
        if (this.#same(expr.inner)) this.#evaluateOnce(expr.inner);
        return this.#pin(expr);
      case 'aggregate':
        // Prometheus does not look at the parameter: it counts for nothing here, and knows no start() and end().
        if (expr.parameter !== null) this.#pinNumbers(expr.parameter);
        return this.#same(expr.operand);
      case 'binary':
        return this.#allSame([expr.left, expr.right], true);
      case 'call':
        return this.#allSame(expr.args, !OF_THE_STEP.has(expr.name));
    }
  }

  #allSame(parts: readonly Expr[], may: boolean): boolean {
    const same: Expr[] = [];
    // A loop, because a chain of operators is as deep as it is long and a closure would double the stack.
    for (const part of parts) if (this.#same(part)) same.push(part);
    if (may && same.length === parts.length) return true;
    for (const part of same) this.#evaluateOnce(part);
    return false;
  }

  #pin(node: SelectorNode | SubqueryNode): boolean {
    if (node.pinned === null) return false;
    const { queryStart, queryEnd } = this.#times;
    const time = node.pinned === 'start' ? queryStart : node.pinned === 'end' ? queryEnd : node.pinned;
    this.pins.set(node, time);
    return true;
  }

  #pinNumbers(expr: Expr): void {
    if (expr.kind === 'matrix') this.#pinNumbers(expr.selector);
    else if ((expr.kind === 'selector' || expr.kind === 'subquery') && typeof expr.pinned === 'number')
      this.pins.set(expr, expr.pinned);
    for (const part of partsOf(expr)) this.#pinNumbers(part);
  }

  #load(expr: Expr, times: Visible): void {
    if (expr.kind === 'selector') this.visible.set(expr, this.#loaded(expr, this.#times.lookbackMs, times));
    else if (expr.kind === 'matrix')
      this.visible.set(expr.selector, this.#loaded(expr.selector, expr.rangeMs - this.#times.boundMs, times));
    else if (expr.kind === 'subquery')
      this.#load(expr.inner, this.#loaded(expr, expr.rangeMs - this.#times.boundMs, times));
    else for (const part of partsOf(expr)) this.#load(part, times);
  }

  /** The times at which a node is evaluated, moved to where it looks and longer by how far it looks back. */
  #loaded(node: SelectorNode | SubqueryNode, back: number, times: Visible): Visible {
    const pin = this.pins.get(node);
    return { from: (pin ?? times.from) - node.offsetMs - back, to: (pin ?? times.to) - node.offsetMs };
  }
}

function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'paren':
    case 'subquery':
      return [expr.inner];
    case 'unary':
      return [expr.operand];
    case 'binary':
      return [expr.left, expr.right];
    case 'aggregate':
      return expr.parameter === null ? [expr.operand] : [expr.parameter, expr.operand];
    case 'call':
      return expr.args;
    default:
      return [];
  }
}
