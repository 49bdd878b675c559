import { parser } from '@prometheus-io/lezer-promql';
import type { Columns, LabelSet } from '#shared/contract/metrics.ts';

/** What a rule's expression compares, taken apart so that both sides can be drawn. */
export type Threshold = {
  /** What is compared. */
  readonly expr: string;
  readonly operator: '>' | '<' | '>=' | '<=' | '==' | '!=';
  /** What it is compared with. */
  readonly bound: number;
};

const OPERATORS: Readonly<Record<string, Threshold['operator']>> = {
  Gtr: '>',
  Lss: '<',
  Gte: '>=',
  Lte: '<=',
  Eql: '==',
  Neq: '!=',
};

/** The same comparison read from the other side: `90 < x` is `x > 90`. */
const MIRRORED: Readonly<Record<Threshold['operator'], Threshold['operator']>> = {
  '>': '<',
  '<': '>',
  '>=': '<=',
  '<=': '>=',
  '==': '==',
  '!=': '!=',
};

type Node = ReturnType<typeof parser.parse>['topNode'];

/**
 * The comparison with a number that decides about an alert; of several joined by `and`, `or` or `unless` the first.
 * Null where the expression compares with something else, or with nothing.
 */
export function thresholdOf(expr: string): Threshold | null {
  const top = parser.parse(expr).topNode.firstChild;
  return top === null ? null : find(top, expr);
}

function find(node: Node, text: string): Threshold | null {
  if (node.name === 'ParenExpr') return node.firstChild === null ? null : find(node.firstChild, text);
  if (node.name !== 'BinaryExpr') return null;
  const { firstChild: left, lastChild: right } = node;
  if (left === null || right === null) return null;
  const name = left.nextSibling?.name ?? '';
  if (name === 'And' || name === 'Or' || name === 'Unless') return find(left, text);
  const operator = OPERATORS[name];
  if (operator === undefined) return null;
  const of = (part: Node): string => text.slice(part.from, part.to);
  const bound = numberOf(of(right));
  if (bound !== null) return { expr: of(left), operator, bound };
  const mirrored = numberOf(of(left));
  return mirrored === null ? null : { expr: of(right), operator: MIRRORED[operator], bound: mirrored };
}

/** A number as PromQL writes it, also in parentheses; null for anything that would have to be evaluated. */
function numberOf(text: string): number | null {
  const bare = text
    .trim()
    .replace(/^\((.*)\)$/s, '$1')
    .trim();
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(bare)) return null;
  return Number(bare);
}

/** Labels that the alert got from its rule, or that name the alert, and that its series never had. */
const ADDED = new Set(['alertname', 'severity']);

/**
 * The series of an answer that an alert is about: those that say nothing else than its labels. All of them where none
 * fits, because a rule may overwrite labels of its series.
 */
export function seriesOfAlert(columns: Columns, labels: LabelSet): Columns {
  const fits = columns.series.filter(({ labels: own }) =>
    Object.entries(own).every(
      ([name, value]) =>
        name === '__name__' || ADDED.has(name) || labels[name] === undefined || labels[name] === value,
    ),
  );
  return fits.length === 0 ? columns : { ...columns, series: fits };
}
