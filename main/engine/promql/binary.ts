import type { Labels } from '#shared/domain/labels.ts';
import { labelsWith, labelsWithoutName, labelValue } from '#shared/domain/labels.ts';
import type { ArithmeticOp, BinaryNode, ComparisonOp } from './ast.ts';
import { isComparison } from './ast.ts';
import { evaluationFails } from './failure.ts';
import { type Operation, operation } from './operators.ts';
import type { Work } from './portions.ts';
import { pickKey, pickLabels } from './signature-key.ts';
import { type Column, hasAny, mergeEqual, newColumn } from './values.ts';

const LEFT = { zh: '左侧', en: 'left' };
const RIGHT = { zh: '右侧', en: 'right' };

/** Whether the result is no longer the metric it was. Prometheus 2.42 forgets `atan2` here, so its results keep the name. */
function changesMeaning({ op, bool }: BinaryNode): boolean {
  return bool || (!isComparison(op) && op !== 'atan2');
}

/** Two scalars. */
export function scalarScalar(node: BinaryNode, left: Float64Array, right: Float64Array): Float64Array {
  const { value } = operation(node.op as ArithmeticOp | ComparisonOp, true);
  return left.map((a, i) => value(a, right[i] ?? 0));
}

/** A vector and a scalar, in either order; a comparison always keeps the vector's value. */
export function* vectorScalar(
  node: BinaryNode,
  columns: readonly Column[],
  scalar: Float64Array,
  scalarLeft: boolean,
): Work<readonly Column[]> {
  const { value, keep } = operation(node.op as ArithmeticOp | ComparisonOp, node.bool);
  const dropsName = changesMeaning(node);
  const results: Column[] = [];
  for (const column of columns) {
    yield;
    const result = newColumn(dropsName ? labelsWithoutName(column.labels) : column.labels, column.has.length);
    for (let i = 0; i < column.has.length; i++) {
      if (column.has[i] !== 1) continue;
      const own = column.values[i] ?? 0;
      const a = scalarLeft ? (scalar[i] ?? 0) : own;
      const b = scalarLeft ? own : (scalar[i] ?? 0);
      if (keep !== null && !keep(a, b)) continue;
      result.values[i] = keep === null ? value(a, b) : own;
      result.has[i] = 1;
    }
    if (hasAny(result)) results.push(result);
  }
  return yield* mergeEqual(results);
}

/** Steps at which any of the columns has a value. */
function* anyAt(columns: readonly Column[], steps: number): Work<Uint8Array> {
  const any = new Uint8Array(steps);
  for (const { has } of columns) {
    for (let i = 0; i < steps; i++) any[i] = (any[i] ?? 0) | (has[i] ?? 0);
    yield;
  }
  return any;
}

/** Columns by the labels that matching looks at. */
function* groups(columns: readonly Column[], node: BinaryNode): Work<ReadonlyMap<string, readonly Column[]>> {
  const grouped = new Map<string, Column[]>();
  for (const column of columns) {
    yield;
    const key = pickKey(column.labels, node.matching.labels, node.matching.on);
    const there = grouped.get(key);
    if (there === undefined) grouped.set(key, [column]);
    else there.push(column);
  }
  return grouped;
}

/** Two vectors with an arithmetic operator or a comparison. */
export function* vectorVector(
  node: BinaryNode,
  left: readonly Column[],
  right: readonly Column[],
  spend: (values: number) => void,
): Work<readonly Column[]> {
  // The side of "one" is called right from here on, as in Prometheus; `swapped` remembers which it was.
  const swapped = node.matching.card === 'one-to-many';
  const many = swapped ? right : left;
  const ones = yield* groups(swapped ? left : right, node);
  const steps = many[0]?.has.length ?? 0;
  if (steps === 0 || ones.size === 0) return [];
  yield* refuseTwins(ones, yield* anyAt(many, steps), swapped);
  const compute = operation(node.op as ArithmeticOp | ComparisonOp, node.bool);
  const results: Column[] = [];
  for (const [key, members] of yield* groups(many, node)) {
    const partners = ones.get(key);
    if (partners === undefined) continue;
    const matched = node.matching.card === 'one-to-one' && members.length > 1 ? new Uint8Array(steps) : null;
    for (const member of members)
      for (const partner of partners) {
        yield;
        const result = combine(
          member,
          partner,
          swapped,
          compute,
          resultLabels(node, member.labels, partner.labels),
        );
        if (!hasAny(result)) continue;
        spend(steps);
        if (matched !== null) refuseSecond(matched, result);
        results.push(result);
      }
  }
  return yield* mergeEqual(results);
}

function combine(many: Column, one: Column, swapped: boolean, compute: Operation, labels: Labels): Column {
  const result = newColumn(labels, many.has.length);
  for (let i = 0; i < many.has.length; i++) {
    if (many.has[i] !== 1 || one.has[i] !== 1) continue;
    const a = (swapped ? one : many).values[i] ?? 0;
    const b = (swapped ? many : one).values[i] ?? 0;
    if (compute.keep !== null && !compute.keep(a, b)) continue;
    result.values[i] = compute.value(a, b);
    result.has[i] = 1;
  }
  return result;
}

/** Refuses two series of the side of "one" that match the same, at any step at which the other side has anything. */
function* refuseTwins(
  ones: ReadonlyMap<string, readonly Column[]>,
  manyHas: Uint8Array,
  swapped: boolean,
): Work<void> {
  for (const members of ones.values()) {
    if (members.length < 2) continue;
    const present = new Uint8Array(manyHas.length);
    for (const { has } of members) {
      for (let i = 0; i < manyHas.length; i++) {
        if (manyHas[i] !== 1 || has[i] !== 1) continue;
        if (present[i] === 1) evaluationFails('TWINS', { side: swapped ? LEFT : RIGHT });
        present[i] = 1;
      }
      yield;
    }
  }
}

function refuseSecond(matched: Uint8Array, result: Column): void {
  for (let i = 0; i < matched.length; i++) {
    if (result.has[i] !== 1) continue;
    if (matched[i] === 1) evaluationFails('MANY_TO_ONE');
    matched[i] = 1;
  }
}

function resultLabels(node: BinaryNode, many: Labels, one: Labels): Labels {
  const { matching } = node;
  let labels = changesMeaning(node) ? labelsWithoutName(many) : many;
  if (matching.card === 'one-to-one')
    labels = matching.on ? pickLabels(labels, matching.labels, true) : withoutNamed(labels, matching.labels);
  for (const name of matching.include) labels = labelsWith(labels, name, labelValue(one, name));
  return node.bool ? labelsWithoutName(labels) : labels;
}

function withoutNamed(labels: Labels, named: readonly string[]): Labels {
  let left = labels;
  for (const name of named) left = labelsWith(left, name, '');
  return left;
}

/** `and`, `or` and `unless`: which series are kept at which steps. */
export function* setOperation(
  node: BinaryNode,
  left: readonly Column[],
  right: readonly Column[],
): Work<readonly Column[]> {
  const steps = (left[0] ?? right[0])?.has.length ?? 0;
  const [kept, others] = node.op === 'or' ? [right, left] : [left, right];
  const present = new Map<string, Uint8Array>();
  for (const [key, members] of yield* groups(others, node)) present.set(key, yield* anyAt(members, steps));
  const wanted = node.op === 'and' ? 1 : 0;
  const masked: Column[] = [];
  for (const column of kept) {
    yield;
    const there = present.get(pickKey(column.labels, node.matching.labels, node.matching.on));
    if (there === undefined) {
      if (wanted === 0) masked.push(column);
      continue;
    }
    const has = column.has.map((one, i) => (there[i] === wanted ? one : 0));
    if (has.includes(1)) masked.push({ labels: column.labels, values: column.values, has });
  }
  return node.op === 'or' ? yield* mergeEqual([...left, ...masked]) : masked;
}
