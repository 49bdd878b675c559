import type { Bilingual } from '#shared/errors/index.ts';
import {
  type AggregateNode,
  type BinaryNode,
  type CallNode,
  type Expr,
  isComparison,
  isSetOp,
  type ValueType,
} from './ast.ts';
import { refuse } from './failure.ts';
import { SIGNATURES } from './signatures.ts';

const TYPE_NAMES: Readonly<Record<ValueType, Bilingual>> = {
  scalar: { zh: '标量', en: 'a scalar' },
  vector: { zh: '瞬时向量', en: 'an instant vector' },
  matrix: { zh: '区间向量', en: 'a range vector' },
  string: { zh: '字符串', en: 'a string' },
};

/** How many arguments there should be; `most` may be infinite. */
export function argumentCount(least: number, most: number): Bilingual {
  if (least === most) return { zh: `${least}`, en: `${least} argument${least === 1 ? '' : 's'}` };
  if (most === Number.POSITIVE_INFINITY) return { zh: `至少 ${least}`, en: `at least ${least} arguments` };
  return { zh: `${least} 到 ${most}`, en: `${least} to ${most} arguments` };
}

/** The type of an expression that was checked. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
    case 'aggregate':
      return 'vector';
    case 'matrix':
    case 'subquery':
      return 'matrix';
    case 'paren':
      return typeOf(expr.inner);
    case 'unary':
      return typeOf(expr.operand);
    case 'call':
      return SIGNATURES.get(expr.name)?.result ?? 'vector';
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
  }
}

/** Refuses an expression whose parts do not fit together, as Prometheus does before it evaluates. */
export function checkTypes(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'paren':
      return checkTypes(expr.inner);
    case 'unary': {
      const type = checkTypes(expr.operand);
      if (type !== 'scalar' && type !== 'vector') refuse(expr.at, 'SIGN_TYPE', { found: TYPE_NAMES[type] });
      return type;
    }
    case 'subquery':
      expectType(expr.inner, 'vector', { zh: '子查询', en: 'a subquery' });
      return 'matrix';
    case 'call':
      return checkCall(expr);
    case 'aggregate':
      return checkAggregate(expr);
    case 'binary':
      return checkBinary(expr);
    default:
      return typeOf(expr);
  }
}

/** The name of a function or operator, in front of a verb. */
function named(name: string): Bilingual {
  return { zh: `${name} `, en: name };
}

function expectType(expr: Expr, wanted: ValueType, where: Bilingual): void {
  const found = checkTypes(expr);
  if (found !== wanted)
    refuse(expr.at, 'WRONG_TYPE', { where, wanted: TYPE_NAMES[wanted], found: TYPE_NAMES[found] });
}

function checkCall(call: CallNode): ValueType {
  const signature = SIGNATURES.get(call.name);
  if (signature === undefined) refuse(call.at, 'NO_FUNCTION', { name: call.name });
  const { args, optional, result } = signature;
  const least = args.length - Math.abs(optional);
  const most = optional < 0 ? Number.POSITIVE_INFINITY : args.length;
  if (call.args.length < least || call.args.length > most) {
    const wanted = argumentCount(least, most);
    refuse(call.at, 'ARGUMENT_COUNT', { name: `${call.name}()`, wanted, found: call.args.length });
  }
  for (const [index, arg] of call.args.entries())
    expectType(arg, args[Math.min(index, args.length - 1)] ?? 'vector', named(`${call.name}()`));
  return result;
}

function checkAggregate(aggregate: AggregateNode): ValueType {
  expectType(aggregate.operand, 'vector', named(aggregate.op));
  if (aggregate.parameter !== null)
    expectType(
      aggregate.parameter,
      aggregate.op === 'count_values' ? 'string' : 'scalar',
      named(aggregate.op),
    );
  return 'vector';
}

function checkBinary(binary: BinaryNode): ValueType {
  const left = checkTypes(binary.left);
  const right = checkTypes(binary.right);
  const { op, opAt, matching } = binary;
  if (binary.bool && !isComparison(op)) refuse(opAt, 'BOOL_PLACE', { op });
  for (const [side, type] of [
    [binary.left, left],
    [binary.right, right],
  ] as const)
    if (type !== 'scalar' && type !== 'vector')
      refuse(side.at, 'OPERAND_TYPE', { op, found: TYPE_NAMES[type] });
  const scalars = left === 'scalar' && right === 'scalar';
  if (isComparison(op) && !binary.bool && scalars) refuse(opAt, 'BOOL_NEEDED', { op });
  if (left === 'vector' && right === 'vector') return 'vector';
  if (isSetOp(op)) refuse(opAt, 'SET_OPERANDS', { op });
  if (matching.labels.length > 0) refuse(opAt, 'MATCHING_PLACE');
  return scalars ? 'scalar' : 'vector';
}
