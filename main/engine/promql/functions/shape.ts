import { type Labels, labelsWithoutName, NO_LABELS } from '#shared/domain/labels.ts';
import { type Expr, unwrap } from '../ast.ts';
import { larger, smaller } from '../operators.ts';
import { sortedInTurns, type Work } from '../portions.ts';
import { type Column, hasAny, mergeEqual, newColumn, timeAt } from '../values.ts';
import { scalarArg, vectorArg } from './arguments.ts';
import type { WholeFunction } from './whole.ts';

/** The labels of what is absent: those that the selector asks for by equality, once each. */
export function absentLabels(expr: Expr): Labels {
  const inner = unwrap(expr);
  const selector = inner.kind === 'matrix' ? inner.selector : inner;
  if (selector.kind !== 'selector') return NO_LABELS;
  const wanted = new Map<string, string>();
  const seen = new Set<string>();
  for (const { name, op, value } of selector.matchers) {
    if (name === '__name__') continue;
    if (op === '=' && !seen.has(name)) {
      wanted.set(name, value);
      seen.add(name);
    } else wanted.delete(name);
  }
  const pairs = [...wanted].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.flat();
}

/** 1 at each step at which none of the columns has a value. */
export function* whereAbsent(
  columns: readonly Column[],
  labels: Labels,
  steps: number,
): Work<readonly Column[]> {
  const result = newColumn(labels, steps);
  result.has.fill(1);
  result.values.fill(1);
  for (const { has } of columns) {
    for (let i = 0; i < steps; i++) if (has[i] === 1) result.has[i] = 0;
    yield;
  }
  return hasAny(result) ? [result] : [];
}

const scalarOf: WholeFunction = function* (_call, args, steps) {
  const values = new Float64Array(steps.count).fill(Number.NaN);
  const found = new Float64Array(steps.count);
  for (const column of vectorArg(args, 0)) {
    for (let i = 0; i < steps.count; i++) {
      if (column.has[i] !== 1) continue;
      found[i] = (found[i] ?? 0) + 1;
      values[i] = found[i] === 1 ? (column.values[i] ?? 0) : Number.NaN;
    }
    yield;
  }
  return { type: 'scalar', values };
};

const vectorOf: WholeFunction = (_call, args, steps) => {
  const has = new Uint8Array(steps.count).fill(1);
  return { type: 'vector', columns: [{ labels: NO_LABELS, values: scalarArg(args, 0), has }] };
};

const timestampOf: WholeFunction = function* (_call, args, steps) {
  const times = Float64Array.from({ length: steps.count }, (_, i) => timeAt(steps, i) / 1000);
  const columns = vectorArg(args, 0).map((column) => ({
    labels: labelsWithoutName(column.labels),
    values: times,
    has: column.has,
  }));
  return { type: 'vector', columns: yield* mergeEqual(columns) };
};

/** Sorts by value with NaN last; only an instant query keeps an order. */
function sorted(ascending: boolean): WholeFunction {
  return function* (_call, args, steps) {
    const last = steps.count - 1;
    const columns = yield* sortedInTurns(vectorArg(args, 0), (x, y) => {
      const a = x.values[last] ?? 0;
      const b = y.values[last] ?? 0;
      if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
      if (Number.isNaN(b)) return -1;
      if (a === b) return 0;
      return a < b === ascending ? -1 : 1;
    });
    return { type: 'vector', columns };
  };
}

const clamp: WholeFunction = function* (_call, args, steps) {
  const least = scalarArg(args, 1);
  const most = scalarArg(args, 2);
  const columns: Column[] = [];
  for (const column of vectorArg(args, 0)) {
    yield;
    const result = newColumn(labelsWithoutName(column.labels), steps.count);
    for (let i = 0; i < steps.count; i++) {
      const low = least[i] ?? Number.NaN;
      const high = most[i] ?? Number.NaN;
      if (column.has[i] !== 1 || high < low) continue;
      result.values[i] = larger(low, smaller(high, column.values[i] ?? 0));
      result.has[i] = 1;
    }
    if (hasAny(result)) columns.push(result);
  }
  return { type: 'vector', columns: yield* mergeEqual(columns) };
};

/** Functions that make one type of value from another, or choose and order. */
export const shapeFunctions: Readonly<Record<string, WholeFunction>> = {
  absent: function* (call, args, steps) {
    const [arg] = call.args;
    const labels = arg === undefined ? NO_LABELS : absentLabels(arg);
    return { type: 'vector', columns: yield* whereAbsent(vectorArg(args, 0), labels, steps.count) };
  },
  scalar: scalarOf,
  vector: vectorOf,
  timestamp: timestampOf,
  sort: sorted(true),
  sort_desc: sorted(false),
  clamp,
  pi: (_call, _args, steps) => ({
    type: 'scalar',
    values: new Float64Array(steps.count).fill(Math.PI),
  }),
  time: (_call, _args, steps) => ({
    type: 'scalar',
    values: Float64Array.from({ length: steps.count }, (_, i) => timeAt(steps, i) / 1000),
  }),
};
