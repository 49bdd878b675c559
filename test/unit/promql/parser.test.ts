import { describe, expect, test } from 'vitest';
import type { Expr } from '../../../main/engine/promql/ast.ts';
import { PromqlFailure } from '../../../main/engine/promql/failure.ts';
import { FUNCTIONS } from '../../../main/engine/promql/functions/table.ts';
import { parseExpression } from '../../../main/engine/promql/parser.ts';
import { SIGNATURES } from '../../../main/engine/promql/signatures.ts';

/** An expression with every pair of parentheses that its tree has. */
function shape(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'string':
      return JSON.stringify(expr.value);
    case 'selector': {
      const offset = expr.offsetMs === 0 ? '' : ` offset ${expr.offsetMs}`;
      return `${expr.name}${offset}${expr.pinned === null ? '' : ` @ ${expr.pinned}`}`;
    }
    case 'matrix':
      return `${shape(expr.selector)}[${expr.rangeMs}]`;
    case 'subquery':
      return `${shape(expr.inner)}[${expr.rangeMs}:${expr.stepMs}]`;
    case 'paren':
      return shape(expr.inner);
    case 'unary':
      return `(${expr.op}${shape(expr.operand)})`;
    case 'call':
      return `${expr.name}(${expr.args.map(shape).join(', ')})`;
    case 'aggregate':
      return `${expr.op} ${expr.without ? 'without' : 'by'}(${expr.grouping})(${shape(expr.operand)})`;
    case 'binary':
      return `(${shape(expr.left)} ${expr.op} ${shape(expr.right)})`;
  }
}

test.each([
  ['1 + 2 * 3', '(1 + (2 * 3))'],
  ['1 * 2 + 3', '((1 * 2) + 3)'],
  ['2 ^ 3 ^ 2', '(2 ^ (3 ^ 2))'],
  ['1 - 2 - 3', '((1 - 2) - 3)'],
  ['-1 ^ 2', '(-(1 ^ 2))'],
  ['-a * b', '((-a) * b)'],
  ['2 ^ -1 * 3', '((2 ^ -1) * 3)'],
  ['a or b and c', '(a or (b and c))'],
  ['a and b unless c', '((a and b) unless c)'],
  ['a == b + c', '(a == (b + c))'],
  ['a > b > c', '((a > b) > c)'],
  ['a % b atan2 c', '((a % b) atan2 c)'],
  ['-a offset 5m', '(-a offset 300000)'],
  ['a[5m] offset -1m', 'a offset -60000[300000]'],
  ['a @ 1.5 offset 1h30m', 'a offset 5400000 @ 1500'],
  ['a @ end()', 'a @ end'],
  ['rate(a[1m])[5m:30s]', 'rate(a[60000])[300000:30000]'],
  ['a[5m:]', 'a[300000:0]'],
  ['SUM BY (x, y) (a)', 'sum by(x,y)(a)'],
  ['sum(a) without (x)', 'sum without(x)(a)'],
  ['sum + by', '(sum + by)'],
  ['0x1F + 010 + 1e3 + .5', '(((31 + 8) + 1000) + 0.5)'],
  ['"a\\n\\x41\\u00e9" ', '"a\\nAé"'],
])('%s is %s', (text, expected) => {
  expect(shape(parseExpression(text))).toBe(expected);
});

test.each([
  ['', 1, 'the expression ends, an expression is expected'],
  ['sum(', 5, 'a parenthesis is not closed'],
  ['up)', 3, 'unexpected ")"'],
  ['a +', 4, 'the expression ends, an operand is expected'],
  ['a b', 3, 'unexpected "b", an operator or the end is expected'],
  ['rate(a)', 6, 'rate() takes a range vector, not an instant vector'],
  ['rate(a[5m], 1)', 1, 'rate() takes 1 argument, not 2'],
  ['foo(a)', 1, 'there is no function foo()'],
  ['a[0s]', 3, 'a duration must be greater than 0'],
  ['a[5]', 3, 'the duration has no unit'],
  ['a{x="1"', 8, 'the expression ends inside braces'],
  ['a{x=~"("}', 6, 'the regular expression is not valid: error parsing regexp: missing closing ): `(`'],
  ['{x=""}', 1, 'a selector needs at least one matcher that does not accept an empty label'],
  ['{job=~".*"}', 1, 'a selector needs at least one matcher that does not accept an empty label'],
  ['a[5m] offset 1m offset 2m', 17, 'offset is given twice'],
  ['sum(a{x="1")', 12, 'unexpected ")" inside braces'],
  ['a +\n  b c', 9, 'unexpected "c", an operator or the end is expected'],
  ['1 == 1', 3, 'a comparison of two scalars needs bool: == bool'],
  ['a offset 1m offset 2m', 13, 'offset is given twice'],
  ['a + on (x) group_left (x) b', 12, 'the label x must not be in on() and in group_left() at once'],
  ['sum by (1) (a)', 9, 'unexpected "1", a label name is expected'],
  ['a $ b', 3, 'unexpected "$"'],
  ['"abc', 1, 'the string is not closed'],
])('%j is refused at column %i: %s', (text, column, why) => {
  try {
    parseExpression(text);
    expect.unreachable();
  } catch (thrown) {
    if (!(thrown instanceof PromqlFailure)) throw thrown;
    expect(thrown.error.message.en).toBe(`The expression is not valid, column ${column}: ${why}`);
    expect(thrown.error.message.zh).toContain(`第 ${column} 列`);
  }
});

describe('limits', () => {
  test('nesting is bounded', () => {
    expect(() => parseExpression(`${'('.repeat(10_000)}1${')'.repeat(10_000)}`)).toThrow(PromqlFailure);
    expect(() => parseExpression(`${'-'.repeat(10_000)}a`)).toThrow(PromqlFailure);
    expect(() => parseExpression(`${'('.repeat(100)}1${')'.repeat(100)}`)).not.toThrow();
  });

  test('the text and its regular expressions are bounded', () => {
    expect(() => parseExpression(' '.repeat(100_001))).toThrow(PromqlFailure);
    expect(() => parseExpression(`a{b=~"${'x|'.repeat(10_000)}"}`)).toThrow(PromqlFailure);
    expect(() => parseExpression(`a{b=~"${'x|'.repeat(5_000)}x"}`)).not.toThrow();
  });

  test('a chain of operators is not nesting, but bounded too', () => {
    const chain = (length: number): string => Array.from({ length }, () => 'a').join('+');
    expect(() => parseExpression(chain(2_000))).not.toThrow();
    expect(() => parseExpression(chain(10_000))).toThrow(PromqlFailure);
  });
});

test('every function that the parser knows is computed, and there are 70', () => {
  expect([...FUNCTIONS.keys()].sort()).toEqual([...SIGNATURES.keys()].sort());
  expect(SIGNATURES.size).toBe(70);
});
