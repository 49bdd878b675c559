import type { AggregateNode, AtTime, BinaryNode, BinaryOp, Expr, Matching } from './ast.ts';
import { argumentCount, checkTypes } from './check.ts';
import { refuse } from './failure.ts';
import { parseLiteral } from './go-float.ts';
import { parseSelector } from './parse-selector.ts';
import { TokenStream } from './token-stream.ts';
import { AGGREGATORS, type Aggregator, METRIC_KEYWORDS, type Token } from './tokens.ts';

/** Binding powers, loosest first; `^` alone groups to the right. */
const POWERS: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
/** A sign binds as tightly as `*`: its operand may contain `^` only, so that -1^2 is -(1^2). */
const SIGN_OPERAND_POWER = 6;
/** Deeper nesting than any person writes; a limit so that a hostile text cannot exhaust the stack. */
const MOST_NESTED = 200;
/** Longer than any person writes, and than a dashboard does; a longer text would hold the engine's thread. */
const LONGEST = 100_000;
/** A chain of operators is a deep tree too. */
const MOST_OPERATORS = 2_000;

const NO_MATCHING: Matching = { card: 'one-to-one', on: false, labels: [], include: [] };

/** The recursive part of the parser: one method a construct, precedence by binding powers (Pratt, POPL 1973). */
class Parser {
  readonly tokens: TokenStream;
  #depth = 0;
  #operators = 0;

  constructor(text: string) {
    this.tokens = new TokenStream(text);
  }

  expression(least: number): Expr {
    if (++this.#depth > MOST_NESTED) refuse(this.tokens.peek().at, 'TOO_DEEP');
    let left = this.#postfix(this.#prefix());
    for (;;) {
      const token = this.tokens.peek();
      const op = token.text.toLowerCase();
      const power = token.kind === 'keyword' || token.kind === token.text ? POWERS[op] : undefined;
      if (power === undefined || power < least) break;
      if (++this.#operators > MOST_OPERATORS) refuse(token.at, 'TOO_MANY_OPERATORS');
      this.tokens.take();
      left = this.#binary(left, op as BinaryOp, token.at, op === '^' ? power : power + 1);
    }
    this.#depth--;
    return left;
  }

  #binary(left: Expr, op: BinaryOp, opAt: number, power: number): BinaryNode {
    const bool = this.tokens.takeIf('keyword', 'bool') !== null;
    const matching = this.#matching(op);
    const right = this.expression(power);
    return { kind: 'binary', at: left.at, op, left, right, bool, matching, opAt };
  }

  #matching(op: BinaryOp): Matching {
    const setOp = op === 'and' || op === 'or' || op === 'unless';
    const fallback: Matching = setOp ? { ...NO_MATCHING, card: 'many-to-many' } : NO_MATCHING;
    const on = this.tokens.is('keyword', 'on');
    if (!on && !this.tokens.is('keyword', 'ignoring')) return fallback;
    this.tokens.take();
    const labels = this.#labelList();
    const side = this.tokens.peek();
    const left = this.tokens.is('keyword', 'group_left');
    if (!left && !this.tokens.is('keyword', 'group_right')) return { ...fallback, on, labels };
    this.tokens.take();
    if (setOp) refuse(side.at, 'SET_GROUPING', { op });
    const include = this.tokens.is('(') ? this.#labelList() : [];
    for (const label of include)
      if (on && labels.includes(label)) refuse(side.at, 'LABEL_IN_BOTH', { label, side: side.text });
    return { card: left ? 'many-to-one' : 'one-to-many', on, labels, include };
  }

  #prefix(): Expr {
    const token = this.tokens.peek();
    switch (token.kind) {
      case '+':
      case '-':
        return this.#signed(token);
      case '(': {
        this.tokens.take();
        const inner = this.expression(1);
        this.tokens.expect(')');
        return { kind: 'paren', at: token.at, inner };
      }
      case 'number':
        this.tokens.take();
        return { kind: 'number', at: token.at, value: this.#literal(token) };
      case 'string':
        return { kind: 'string', at: token.at, value: this.tokens.string() };
      case '{':
        return parseSelector(this.tokens, '', token.at);
      case 'metric':
        this.tokens.take();
        return parseSelector(this.tokens, token.text, token.at);
      case 'identifier':
        this.tokens.take();
        if (this.tokens.is('('))
          return { kind: 'call', at: token.at, name: token.text, args: this.#arguments() };
        return parseSelector(this.tokens, token.text, token.at);
      case 'keyword':
        return this.#keyword(token);
      default:
        this.tokens.unexpected(token.kind === 'end' && token.at === 0 ? 'expression' : 'operand');
    }
  }

  #signed(sign: Token): Expr {
    this.tokens.take();
    const operand = this.expression(SIGN_OPERAND_POWER);
    if (operand.kind === 'number')
      return { kind: 'number', at: sign.at, value: sign.kind === '-' ? -operand.value : operand.value };
    return { kind: 'unary', at: sign.at, op: sign.kind === '-' ? '-' : '+', operand };
  }

  #keyword(token: Token): Expr {
    const word = token.text.toLowerCase();
    const op = AGGREGATORS.find((candidate) => candidate === word);
    const next = this.tokens.peek(1);
    if (op !== undefined) {
      const modifier = next.text.toLowerCase();
      if (next.kind === '(' || (next.kind === 'keyword' && (modifier === 'by' || modifier === 'without')))
        return this.#aggregate(op, token.at);
    }
    if (!METRIC_KEYWORDS.has(word)) this.tokens.unexpected('operand');
    this.tokens.take();
    return parseSelector(this.tokens, token.text, token.at);
  }

  #aggregate(op: Aggregator, at: number): AggregateNode {
    this.tokens.take();
    let modifier = this.#grouping();
    const args = this.#arguments();
    modifier ??= this.#grouping();
    const wanted = op === 'topk' || op === 'bottomk' || op === 'quantile' || op === 'count_values' ? 2 : 1;
    if (args.length !== wanted)
      refuse(at, 'ARGUMENT_COUNT', { name: op, wanted: argumentCount(wanted, wanted), found: args.length });
    const [first, second] = args;
    const operand = wanted === 2 ? second : first;
    if (first === undefined || operand === undefined) throw new Error(`${op} has no argument`);
    const { without, labels } = modifier ?? { without: false, labels: [] };
    return {
      kind: 'aggregate',
      at,
      op,
      parameter: wanted === 2 ? first : null,
      operand,
      without,
      grouping: labels,
    };
  }

  #grouping(): { readonly without: boolean; readonly labels: readonly string[] } | null {
    const without = this.tokens.is('keyword', 'without');
    if (!without && !this.tokens.is('keyword', 'by')) return null;
    this.tokens.take();
    return { without, labels: this.#labelList() };
  }

  /** `(a, b, …)`; a comma may stand at the end, and keywords are labels here. */
  #labelList(): readonly string[] {
    this.tokens.expect('(');
    const labels: string[] = [];
    while (!this.tokens.is(')')) {
      const token = this.tokens.peek();
      const isWord = token.kind === 'identifier' || token.kind === 'keyword';
      if (!isWord || !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(token.text)) this.tokens.unexpected('labelName');
      labels.push(this.tokens.take().text);
      if (!this.tokens.takeIf(',')) break;
    }
    this.tokens.expect(')');
    return labels;
  }

  #arguments(): readonly Expr[] {
    this.tokens.expect('(');
    const args: Expr[] = [];
    while (!this.tokens.is(')')) {
      args.push(this.expression(1));
      const comma = this.tokens.takeIf(',');
      if (comma === null) break;
      if (this.tokens.is(')')) refuse(comma.at, 'TRAILING_COMMA');
    }
    this.tokens.expect(')');
    return args;
  }

  #postfix(operand: Expr): Expr {
    let expr = operand;
    for (;;) {
      const token = this.tokens.peek();
      if (token.kind === '[') expr = this.#range(expr);
      else if (token.kind === '@') expr = this.#pin(expr);
      else if (token.kind === 'keyword' && token.text.toLowerCase() === 'offset') expr = this.#offset(expr);
      else return expr;
    }
  }

  #range(expr: Expr): Expr {
    const bracket = this.tokens.take();
    const rangeMs = this.tokens.duration();
    if (this.tokens.takeIf(':')) {
      const stepMs = this.tokens.is('duration') ? this.tokens.duration() : 0;
      this.tokens.expect(']');
      return { kind: 'subquery', at: expr.at, inner: expr, rangeMs, stepMs, offsetMs: 0, pinned: null };
    }
    this.tokens.expect(']');
    if (expr.kind !== 'selector') refuse(bracket.at, 'RANGE_PLACE');
    if (expr.offsetMs !== 0) refuse(bracket.at, 'RANGE_BEFORE', { word: 'offset' });
    if (expr.pinned !== null) refuse(bracket.at, 'RANGE_BEFORE', { word: '@' });
    return { kind: 'matrix', at: expr.at, selector: expr, rangeMs };
  }

  #offset(expr: Expr): Expr {
    const word = this.tokens.take();
    const back = this.tokens.takeIf('-') === null;
    const offsetMs = this.tokens.duration() * (back ? 1 : -1);
    if (expr.kind === 'selector' || expr.kind === 'subquery') {
      if (expr.offsetMs !== 0) refuse(word.at, 'TWICE', { word: 'offset' });
      return { ...expr, offsetMs };
    }
    if (expr.kind !== 'matrix') refuse(word.at, 'MODIFIER_PLACE', { word: 'offset' });
    if (expr.selector.offsetMs !== 0) refuse(word.at, 'TWICE', { word: 'offset' });
    return { ...expr, selector: { ...expr.selector, offsetMs } };
  }

  #pin(expr: Expr): Expr {
    const sign = this.tokens.take();
    const pinned = this.#pinnedTime();
    if (expr.kind === 'selector' || expr.kind === 'subquery') {
      if (expr.pinned !== null) refuse(sign.at, 'TWICE', { word: '@' });
      return { ...expr, pinned };
    }
    if (expr.kind !== 'matrix') refuse(sign.at, 'MODIFIER_PLACE', { word: '@' });
    if (expr.selector.pinned !== null) refuse(sign.at, 'TWICE', { word: '@' });
    return { ...expr, selector: { ...expr.selector, pinned } };
  }

  #pinnedTime(): AtTime {
    for (const word of ['start', 'end'] as const) {
      if (!this.tokens.takeIf('keyword', word)) continue;
      this.tokens.expect('(');
      this.tokens.expect(')');
      return word;
    }
    const negative = this.tokens.is('-');
    if (negative || this.tokens.is('+')) this.tokens.take();
    const token = this.tokens.expect('number', 'time');
    const seconds = this.#literal(token) * (negative ? -1 : 1);
    if (!Number.isFinite(seconds) || Math.abs(seconds) >= 2 ** 63) refuse(token.at, 'TIME_OUT_OF_BOUNDS');
    return Math.round(seconds * 1000);
  }

  #literal(token: Token): number {
    const value = parseLiteral(token.text);
    if (value === null) refuse(token.at, 'NOT_A_NUMBER', { text: token.text });
    return value;
  }
}

/**
 * Parses an expression with the whole grammar of PromQL in Prometheus 2.42, and checks its types.
 *
 * @throws PromqlFailure with the column of what is wrong
 */
export function parseExpression(text: string): Expr {
  if (text.length > LONGEST) refuse(LONGEST, 'TOO_LONG', { limit: LONGEST });
  const parser = new Parser(text);
  const expr = parser.expression(1);
  if (!parser.tokens.is('end')) parser.tokens.unexpected('operator');
  checkTypes(expr);
  return expr;
}
