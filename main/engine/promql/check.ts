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

const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'a scalar',
  vector: 'an instant vector',
  matrix: 'a range vector',
  string: 'a string',
};

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
      if (type !== 'scalar' && type !== 'vector')
        refuse(
          expr.at,
          `a sign is only allowed before a scalar or an instant vector, not ${TYPE_NAMES[type]}`,
        );
      return type;
    }
    case 'subquery':
      expectType(expr.inner, 'vector', 'a subquery');
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

function expectType(expr: Expr, wanted: ValueType, where: string): void {
  const found = checkTypes(expr);
  if (found !== wanted) refuse(expr.at, `${where} takes ${TYPE_NAMES[wanted]}, not ${TYPE_NAMES[found]}`);
}

function checkCall(call: CallNode): ValueType {
  const signature = SIGNATURES.get(call.name);
  if (signature === undefined) refuse(call.at, `there is no function ${call.name}()`);
  const { args, optional, result } = signature;
  const least = args.length - Math.abs(optional);
  const most = optional < 0 ? Number.POSITIVE_INFINITY : args.length;
  if (call.args.length < least || call.args.length > most) {
    const wanted = least === most ? `${least}` : optional < 0 ? `at least ${least}` : `${least} to ${most}`;
    refuse(
      call.at,
      `${call.name}() takes ${wanted} argument${wanted === '1' ? '' : 's'}, not ${call.args.length}`,
    );
  }
  for (const [index, arg] of call.args.entries())
    expectType(arg, args[Math.min(index, args.length - 1)] ?? 'vector', `${call.name}()`);
  return result;
}

function checkAggregate(aggregate: AggregateNode): ValueType {
  expectType(aggregate.operand, 'vector', aggregate.op);
  if (aggregate.parameter !== null)
    expectType(aggregate.parameter, aggregate.op === 'count_values' ? 'string' : 'scalar', aggregate.op);
  return 'vector';
}

function checkBinary(binary: BinaryNode): ValueType {
  const left = checkTypes(binary.left);
  const right = checkTypes(binary.right);
  const { op, opAt, matching } = binary;
  if (binary.bool && !isComparison(op))
    refuse(opAt, `bool is only allowed behind a comparison, not behind ${op}`);
  for (const [side, type] of [
    [binary.left, left],
    [binary.right, right],
  ] as const)
    if (type !== 'scalar' && type !== 'vector')
      refuse(side.at, `${op} takes scalars and instant vectors, not ${TYPE_NAMES[type]}`);
  const scalars = left === 'scalar' && right === 'scalar';
  if (isComparison(op) && !binary.bool && scalars)
    refuse(opAt, `a comparison of two scalars needs bool: ${op} bool`);
  if (left === 'vector' && right === 'vector') return 'vector';
  if (isSetOp(op)) refuse(opAt, `${op} takes instant vectors only`);
  if (matching.labels.length > 0 || matching.include.length > 0)
    refuse(opAt, 'on() and ignoring() are only allowed between instant vectors');
  return scalars ? 'scalar' : 'vector';
}
