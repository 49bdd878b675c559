import { labelsWithoutName, NO_LABELS } from '#shared/domain/labels.ts';
import { assertNever } from '#shared/errors/index.ts';
import { aggregate } from './aggregate.ts';
import {
  type BinaryNode,
  type CallNode,
  type Expr,
  isSetOp,
  type MatrixNode,
  type SubqueryNode,
  unwrap,
} from './ast.ts';
import { scalarScalar, setOperation, vectorScalar, vectorVector } from './binary.ts';
import type { QueryContext } from './context.ts';
import { scalarArg, vectorArg } from './functions/arguments.ts';
import { absentLabels, whereAbsent } from './functions/shape.ts';
import { FUNCTIONS, type FunctionEntry } from './functions/table.ts';
import { inTurns, type Work } from './portions.ts';
import { evaluateRange } from './range.ts';
import { BUCKET_FUNCTIONS } from './rollup-functions.ts';
import { evaluateSelector } from './select.ts';
import {
  type Column,
  mergeEqual,
  newColumn,
  refuseEqual,
  relabelled,
  type Steps,
  timeAt,
  type Value,
} from './values.ts';

const NO_ARGS: readonly number[] = [];

/**
 * Evaluates a checked expression at all steps, node by node, column-wise: a node's result is one column of numbers a
 * series. Between series and nodes other work gets its turn, and the limits are looked at.
 */
export class Evaluator {
  readonly #context: QueryContext;

  constructor(context: QueryContext) {
    this.#context = context;
  }

  /** The expression's value; range vectors have none by themselves, see `rangeSeries`. */
  async evaluate(expr: Expr, steps: Steps): Promise<Value> {
    await this.#context.budget.breathe();
    if (!this.#context.plan.once.has(expr)) return this.#node(expr, steps);
    const value = await this.#node(expr, { start: steps.start, step: steps.step, count: 1 });
    // Counted before it is made: one step may be little, and all of them more than there is memory.
    this.#kept(value, steps);
    return this.#turns(repeated(value, steps.count));
  }

  async #node(expr: Expr, steps: Steps): Promise<Value> {
    switch (expr.kind) {
      case 'number':
        return { type: 'scalar', values: new Float64Array(steps.count).fill(expr.value) };
      case 'string':
        return { type: 'string', text: expr.value };
      case 'paren':
        return this.evaluate(expr.inner, steps);
      case 'unary': {
        const value = await this.evaluate(expr.operand, steps);
        return expr.op === '-' ? this.#kept(await this.#turns(negated(value)), steps) : value;
      }
      case 'selector':
        return { type: 'vector', columns: await evaluateSelector(this.#context, expr, steps) };
      case 'aggregate': {
        const columns = await this.vector(expr.operand, steps);
        const parameter = expr.parameter === null ? null : await this.evaluate(expr.parameter, steps);
        const given =
          parameter?.type === 'string'
            ? parameter.text
            : parameter?.type === 'scalar'
              ? parameter.values
              : null;
        const results = await this.#turns(aggregate(expr, columns, given, this.#spend));
        return this.#kept({ type: 'vector', columns: results }, steps);
      }
      case 'binary':
        return this.#binary(expr, steps);
      case 'call':
        return this.#call(expr, steps);
      case 'matrix':
      case 'subquery':
        // The type check lets a range only be where it is not evaluated by itself.
        throw new Error('a range vector has no value by itself');
      default:
        return assertNever(expr);
    }
  }

  #turns<T>(work: Work<T>): Promise<T> {
    return inTurns(work, this.#context.budget);
  }

  readonly #spend = (values: number): void => this.#context.budget.spend(values);

  /** Counts the values of a node's result; selectors and ranges count theirs series by series. */
  #kept(value: Value, steps: Steps): Value {
    if (value.type === 'vector') this.#spend(value.columns.length * steps.count);
    return value;
  }

  /** The columns of an expression that is an instant vector. */
  readonly vector = async (expr: Expr, steps: Steps): Promise<readonly Column[]> => {
    const value = await this.evaluate(expr, steps);
    return value.type === 'vector' ? value.columns : [];
  };

  async #binary(node: BinaryNode, steps: Steps): Promise<Value> {
    const left = await this.evaluate(node.left, steps);
    const right = await this.evaluate(node.right, steps);
    if (left.type === 'scalar' && right.type === 'scalar')
      return { type: 'scalar', values: scalarScalar(node, left.values, right.values) };
    let columns: readonly Column[] = [];
    if (left.type === 'vector' && right.type === 'vector')
      columns = await this.#turns(
        isSetOp(node.op)
          ? setOperation(node, left.columns, right.columns)
          : vectorVector(node, left.columns, right.columns, this.#spend),
      );
    else if (left.type === 'vector' && right.type === 'scalar')
      columns = await this.#turns(vectorScalar(node, left.columns, right.values, false));
    else if (left.type === 'scalar' && right.type === 'vector')
      columns = await this.#turns(vectorScalar(node, right.columns, left.values, true));
    return this.#kept({ type: 'vector', columns }, steps);
  }

  async #call(call: CallNode, steps: Steps): Promise<Value> {
    const entry = FUNCTIONS.get(call.name);
    // The parser lets only functions of the table through.
    if (entry === undefined) throw new Error(`${call.name}() is not in the table of functions`);
    if (call.name === 'timestamp') {
      const [arg] = call.args;
      const selector = arg === undefined ? undefined : unwrap(arg);
      if (selector?.kind === 'selector') {
        const columns = await evaluateSelector(this.#context, selector, steps, true);
        return { type: 'vector', columns: await this.#turns(withoutNames(columns)) };
      }
    }
    const args: Value[] = [];
    let range: MatrixNode | SubqueryNode | null = null;
    for (const arg of call.args) {
      const inner = unwrap(arg);
      if (inner.kind === 'matrix' || inner.kind === 'subquery') range = inner;
      else args.push(await this.evaluate(arg, steps));
    }
    return this.#apply(call, entry, args, range, steps);
  }

  async #apply(
    call: CallNode,
    entry: FunctionEntry,
    args: readonly Value[],
    range: MatrixNode | SubqueryNode | null,
    steps: Steps,
  ): Promise<Value> {
    switch (entry.kind) {
      case 'range': {
        if (range === null) throw new Error(`${call.name} without a range`);
        const scalars = args.map((_, i) => scalarArg(args, i));
        const columns = await evaluateRange(
          this.#context,
          range,
          steps,
          entry.compute,
          scalars,
          entry.keepsName,
          this.vector,
          BUCKET_FUNCTIONS.get(call.name),
        );
        return { type: 'vector', columns };
      }
      case 'absent-range': {
        if (range === null) throw new Error(`${call.name} without a range`);
        const present = await evaluateRange(
          this.#context,
          range,
          steps,
          () => 1,
          [],
          true,
          this.vector,
          BUCKET_FUNCTIONS.get('present_over_time'),
        );
        const [arg] = call.args;
        const labels = arg === undefined ? NO_LABELS : absentLabels(arg);
        return {
          type: 'vector',
          columns: await this.#turns(whereAbsent(present, labels, steps.count)),
        };
      }
      case 'each': {
        const scalars = args.slice(1).map((_, i) => scalarArg(args, i + 1));
        const change =
          scalars.length === 0
            ? (value: number) => entry.compute(value, NO_ARGS)
            : (value: number, i: number) => {
                const atStep = scalars.map((values) => values[i] ?? 0);
                return entry.compute(value, atStep);
              };
        const columns = await this.#turns(mapped(vectorArg(args, 0), change));
        return this.#kept({ type: 'vector', columns: await this.#turns(mergeEqual(columns)) }, steps);
      }
      case 'date':
        return { type: 'vector', columns: await this.#turns(dates(entry.compute, args, steps)) };
      case 'whole': {
        const result = entry.compute(call, args, steps);
        return this.#kept('type' in result ? result : await this.#turns(result), steps);
      }
      default:
        return assertNever(entry);
    }
  }
}

/** Each value changed, under the labels without the metric's name. */
function* mapped(
  columns: readonly Column[],
  change: (value: number, step: number) => number,
): Work<readonly Column[]> {
  const results: Column[] = [];
  for (const { labels, values, has } of columns) {
    const result = newColumn(labelsWithoutName(labels), has.length);
    for (let i = 0; i < has.length; i++) {
      if (has[i] !== 1) continue;
      result.values[i] = change(values[i] ?? 0, i);
      result.has[i] = 1;
    }
    results.push(result);
    yield;
  }
  return results;
}

/** What was evaluated at one step, at all of them. */
function* repeated(value: Value, count: number): Work<Value> {
  if (value.type === 'string') return value;
  if (value.type === 'scalar')
    return { type: 'scalar', values: new Float64Array(count).fill(value.values[0] ?? 0) };
  const columns: Column[] = [];
  for (const { labels, values, has } of value.columns) {
    if (has[0] !== 1) continue;
    columns.push({
      labels,
      values: new Float64Array(count).fill(values[0] ?? 0),
      has: new Uint8Array(count).fill(1),
    });
    yield;
  }
  return { type: 'vector', columns };
}

function* withoutNames(columns: readonly Column[]): Work<readonly Column[]> {
  const renamed: Column[] = [];
  for (const column of columns) {
    renamed.push(relabelled(column, labelsWithoutName(column.labels)));
    yield;
  }
  return yield* mergeEqual(renamed);
}

function* negated(value: Value): Work<Value> {
  if (value.type === 'scalar') return { type: 'scalar', values: value.values.map((one) => -one) };
  if (value.type === 'string') return value;
  const columns = yield* mapped(value.columns, (one) => -one);
  return { type: 'vector', columns: yield* refuseEqual(columns) };
}

function* dates(
  part: (seconds: number) => number,
  args: readonly Value[],
  steps: Steps,
): Work<readonly Column[]> {
  if (args.length > 0) return yield* mergeEqual(yield* mapped(vectorArg(args, 0), part));
  const values = Float64Array.from({ length: steps.count }, (_, i) =>
    part(Math.trunc(timeAt(steps, i) / 1000)),
  );
  return [{ labels: NO_LABELS, values, has: new Uint8Array(steps.count).fill(1) }];
}
