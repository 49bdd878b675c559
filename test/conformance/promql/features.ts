import {
  type Expr,
  isComparison,
  type SelectorNode,
  type SubqueryNode,
} from '../../../main/engine/promql/ast.ts';
import { SIGNATURES } from '../../../main/engine/promql/signatures.ts';
import { AGGREGATORS } from '../../../main/engine/promql/tokens.ts';

const ARITHMETIC = ['+', '-', '*', '/', '%', '^', 'atan2'];
const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='];
/** Functions of native histograms, which 2.42 has behind a flag; of other samples they give nothing. */
const ALWAYS_EMPTY: ReadonlySet<string> = new Set(['histogram_count', 'histogram_sum', 'histogram_fraction']);

/** Everything of the language that a list of cases must use with an answer that is not empty. */
export const FEATURES: readonly string[] = [
  ...[...SIGNATURES.keys()].filter((name) => !ALWAYS_EMPTY.has(name)).map((name) => `${name}()`),
  ...AGGREGATORS.flatMap((name) => [name, `${name} by`, `${name} without`]),
  ...[...ARITHMETIC, ...COMPARISONS, 'and', 'or', 'unless'].flatMap((op) => [
    `vector ${op} vector`,
    `${op} on`,
  ]),
  ...[...ARITHMETIC, ...COMPARISONS].flatMap((op) => [`vector ${op} scalar`, `scalar ${op} vector`]),
  ...[...ARITHMETIC, ...COMPARISONS].map((op) => `scalar ${op} scalar`),
  ...COMPARISONS.map((op) => `${op} bool`),
  ...[
    'ignoring',
    'group_left',
    'group_right',
    'group_left(…)',
    'group_right(…)',
    'and ignoring',
    'or ignoring',
  ],
  ...['unless ignoring', 'matcher =', 'matcher !=', 'matcher =~', 'matcher !~', 'sign -', 'sign +'],
  ...['selector', 'range', 'subquery'].flatMap((where) =>
    ['offset', 'offset -', '@', '@ start()', '@ end()', '@ offset'].map((modifier) => `${where} ${modifier}`),
  ),
  ...['subquery with a step', 'subquery without a step', 'subquery in a subquery'],
];

/** What of the language an expression uses, in the words of {@link FEATURES}. */
export function featuresOf(expr: Expr, typeOf: (expr: Expr) => string): ReadonlySet<string> {
  const found = new Set<string>();
  visit(expr, found, typeOf, false);
  return found;
}

function modifiers(node: SelectorNode | SubqueryNode, where: string, found: Set<string>): void {
  if (node.offsetMs > 0) found.add(`${where} offset`);
  if (node.offsetMs < 0) found.add(`${where} offset -`);
  if (node.pinned === null) return;
  found.add(typeof node.pinned === 'number' ? `${where} @` : `${where} @ ${node.pinned}()`);
  if (node.offsetMs !== 0) found.add(`${where} @ offset`);
}

function visit(expr: Expr, found: Set<string>, typeOf: (expr: Expr) => string, nested: boolean): void {
  const inner = (part: Expr): void => visit(part, found, typeOf, nested);
  switch (expr.kind) {
    case 'number':
    case 'string':
      return;
    case 'paren':
      inner(expr.inner);
      return;
    case 'unary':
      found.add(`sign ${expr.op}`);
      inner(expr.operand);
      return;
    case 'selector':
      for (const { op, name } of expr.matchers) if (name !== '__name__') found.add(`matcher ${op}`);
      modifiers(expr, 'selector', found);
      return;
    case 'matrix':
      modifiers(expr.selector, 'range', found);
      return;
    case 'subquery':
      found.add(expr.stepMs === 0 ? 'subquery without a step' : 'subquery with a step');
      if (nested) found.add('subquery in a subquery');
      modifiers(expr, 'subquery', found);
      visit(expr.inner, found, typeOf, true);
      return;
    case 'call':
      found.add(`${expr.name}()`);
      expr.args.forEach(inner);
      return;
    case 'aggregate':
      found.add(expr.op);
      if (expr.without) found.add(`${expr.op} without`);
      else if (expr.grouping.length > 0) found.add(`${expr.op} by`);
      if (expr.parameter !== null) inner(expr.parameter);
      inner(expr.operand);
      return;
    case 'binary': {
      const { op, matching, bool } = expr;
      found.add(`${typeOf(expr.left)} ${op} ${typeOf(expr.right)}`);
      if (bool && isComparison(op)) found.add(`${op} bool`);
      if (matching.on) found.add(`${op} on`);
      else if (matching.labels.length > 0) found.add('ignoring').add(`${op} ignoring`);
      const side = { 'many-to-one': 'group_left', 'one-to-many': 'group_right' }[matching.card as string];
      if (side !== undefined) found.add(side);
      if (side !== undefined && matching.include.length > 0) found.add(`${side}(…)`);
      inner(expr.left);
      inner(expr.right);
    }
  }
}
