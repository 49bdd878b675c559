import type { SeriesMatcher } from './source.ts';
import type { Aggregator } from './tokens.ts';

/** The four types of values. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOp = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type SetOp = 'and' | 'or' | 'unless';
export type BinaryOp = ArithmeticOp | ComparisonOp | SetOp;

/** The time that `@` pins a selector to: milliseconds, or an end of the whole query's range. */
export type AtTime = number | 'start' | 'end';

/** Every node says where it begins in the text (0-based), for messages. */
type Node = { readonly at: number };

export type NumberNode = Node & { readonly kind: 'number'; readonly value: number };
export type StringNode = Node & { readonly kind: 'string'; readonly value: string };
export type ParenNode = Node & { readonly kind: 'paren'; readonly inner: Expr };
export type UnaryNode = Node & { readonly kind: 'unary'; readonly op: '+' | '-'; readonly operand: Expr };

/** `name{matchers} offset … @ …`; the name is one of the matchers. Times in milliseconds. */
export type SelectorNode = Node & {
  readonly kind: 'selector';
  readonly name: string;
  readonly matchers: readonly SeriesMatcher[];
  readonly offsetMs: number;
  readonly pinned: AtTime | null;
};

/** `selector[range]`. */
export type MatrixNode = Node & {
  readonly kind: 'matrix';
  readonly selector: SelectorNode;
  readonly rangeMs: number;
};

/** `(expression)[range:step]`; stepMs 0 is the default step. */
export type SubqueryNode = Node & {
  readonly kind: 'subquery';
  readonly inner: Expr;
  readonly rangeMs: number;
  readonly stepMs: number;
  readonly offsetMs: number;
  readonly pinned: AtTime | null;
};

export type CallNode = Node & {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
};

export type AggregateNode = Node & {
  readonly kind: 'aggregate';
  readonly op: Aggregator;
  readonly parameter: Expr | null;
  readonly operand: Expr;
  readonly without: boolean;
  readonly grouping: readonly string[];
};

/** How the two sides of a vector operation find each other. */
export type Matching = {
  readonly card: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Labels that group_left or group_right takes from the side of "one". */
  readonly include: readonly string[];
};

export type BinaryNode = Node & {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
  readonly bool: boolean;
  readonly matching: Matching;
  /** Where the operator stands. */
  readonly opAt: number;
};

export type Expr =
  | NumberNode
  | StringNode
  | ParenNode
  | UnaryNode
  | SelectorNode
  | MatrixNode
  | SubqueryNode
  | CallNode
  | AggregateNode
  | BinaryNode;

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
const SET_OPS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

export function isComparison(op: BinaryOp): op is ComparisonOp {
  return COMPARISONS.has(op);
}

export function isSetOp(op: BinaryOp): op is SetOp {
  return SET_OPS.has(op);
}

/** The node inside any parentheses. */
export function unwrap(expr: Expr): Expr {
  return expr.kind === 'paren' ? unwrap(expr.inner) : expr;
}
