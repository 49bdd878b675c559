import { type Labels, labelsKey, labelsWith, METRIC_NAME, NO_LABELS } from '#shared/domain/labels.ts';
import { type Folding, foldGroup } from './accumulate.ts';
import type { AggregateNode } from './ast.ts';
import { evaluationFails } from './failure.ts';
import { formatPlain } from './go-float.ts';
import type { Work } from './portions.ts';
import { quantile } from './quantile.ts';
import { pickLabels } from './signature-key.ts';
import { Top } from './top.ts';
import { type Column, hasAny, newColumn } from './values.ts';

/** Values that are gone over before other work may have its turn. */
const PORTION = 512;

type Group = { readonly labels: Labels; readonly members: Column[] };

function* grouped(node: AggregateNode, columns: readonly Column[]): Work<readonly Group[]> {
  const groups = new Map<string, Group>();
  const all = !node.without && node.grouping.length === 0;
  for (const column of columns) {
    yield;
    const labels = all ? NO_LABELS : pickLabels(column.labels, node.grouping, !node.without);
    const key = labelsKey(labels);
    const there = groups.get(key);
    if (there === undefined) groups.set(key, { labels, members: [column] });
    else there.members.push(column);
  }
  return [...groups.values()];
}

/**
 * Evaluates an aggregation.
 *
 * @param spend counts what is kept, because count_values may make more series than there were
 * @param parameter the first argument of topk, bottomk and quantile, a value a step; the label's name of count_values
 */
export function* aggregate(
  node: AggregateNode,
  columns: readonly Column[],
  parameter: Float64Array | string | null,
  spend: (values: number) => void,
): Work<readonly Column[]> {
  const groups = yield* grouped(node, columns);
  switch (node.op) {
    case 'topk':
    case 'bottomk':
      return yield* limited(groups, countParameter(numbers(parameter)), node.op === 'topk');
    case 'quantile':
      return yield* quantiles(groups, numbers(parameter));
    case 'count_values':
      return yield* countValues(node, groups, typeof parameter === 'string' ? parameter : '', spend);
    default: {
      const op: Folding = node.op;
      const results: Column[] = [];
      for (const { labels, members } of groups) {
        const result = newColumn(labels, members[0]?.has.length ?? 0);
        yield* foldGroup(op, members, result);
        results.push(result);
      }
      return results;
    }
  }
}

function numbers(parameter: Float64Array | string | null): Float64Array {
  return parameter instanceof Float64Array ? parameter : new Float64Array(0);
}

function* quantiles(groups: readonly Group[], parameter: Float64Array): Work<readonly Column[]> {
  const results: Column[] = [];
  for (const { labels, members } of groups) {
    const result = newColumn(labels, members[0]?.has.length ?? 0);
    const values = new Float64Array(members.length);
    for (let i = 0; i < result.has.length; i++) {
      yield;
      let count = 0;
      for (const member of members) if (member.has[i] === 1) values[count++] = member.values[i] ?? 0;
      if (count === 0) continue;
      result.values[i] = quantile(parameter[i] ?? Number.NaN, values.subarray(0, count));
      result.has[i] = 1;
    }
    results.push(result);
  }
  return results;
}

/** Refuses a k that is no whole number of 64 bits, also where there is nothing to choose from. */
function countParameter(parameter: Float64Array): Float64Array {
  for (const wanted of parameter)
    if (Number.isNaN(wanted) || Math.abs(wanted) >= 2 ** 63)
      evaluationFails('NOT_A_COUNT', { text: formatPlain(wanted) });
  return parameter;
}

/** The k largest or smallest of each group at each step. NaN loses against every number. */
function* limited(
  groups: readonly Group[],
  parameter: Float64Array,
  largest: boolean,
): Work<readonly Column[]> {
  const results: Column[] = [];
  for (const { members } of groups) {
    const steps = members[0]?.has.length ?? 0;
    const kept = members.map((member) => ({
      labels: member.labels,
      values: member.values,
      has: new Uint8Array(steps),
    }));
    // The order matters to an instant query, which shows the best first; with many steps it is the last one's.
    let order: readonly number[] = [];
    for (let i = 0; i < steps; i++) {
      const wanted = Math.trunc(parameter[i] ?? 0);
      if (wanted < 1) continue;
      const top = new Top(wanted, largest);
      for (const [index, member] of members.entries()) {
        if (index % PORTION === 0) yield;
        if (member.has[i] === 1) top.offer(index, member.values[i] ?? 0);
      }
      for (const index of top.indices) {
        const column = kept[index];
        if (column !== undefined) column.has[i] = 1;
      }
      if (i === steps - 1) order = yield* top.best();
    }
    const ranked = new Set(order);
    for (const index of order) {
      const column = kept[index];
      if (column !== undefined) results.push(column);
    }
    for (const [index, column] of kept.entries())
      if (!ranked.has(index) && hasAny(column)) results.push(column);
  }
  return results;
}

function* countValues(
  node: AggregateNode,
  groups: readonly Group[],
  label: string,
  spend: (values: number) => void,
): Work<readonly Column[]> {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label))
    evaluationFails('NOT_A_LABEL', { where: node.op, text: label });
  const results = new Map<string, Column>();
  // Named in `without` too, the label with the value goes the way of the others; and `without` always names the name.
  const labelled = !(node.without && (node.grouping.includes(label) || label === METRIC_NAME));
  for (const { labels, members } of groups) {
    // Making labels costs more than counting, so each value's column is looked up by the number; a Map takes -0 for 0.
    const byValue = new Map<number | string, Column>();
    const columnFor = (value: number, steps: number): Column => {
      const known = Object.is(value, -0) ? '-0' : value;
      let column = byValue.get(known);
      if (column !== undefined) return column;
      const counted = labelled ? labelsWith(labels, label, formatPlain(value)) : labels;
      const key = labelsKey(counted);
      column = results.get(key);
      if (column === undefined) {
        spend(steps);
        column = newColumn(counted, steps);
        results.set(key, column);
      }
      byValue.set(known, column);
      return column;
    };
    for (const member of members) {
      for (let i = 0; i < member.has.length; i++) {
        if (i % PORTION === 0) yield;
        if (member.has[i] !== 1) continue;
        const column = columnFor(member.values[i] ?? 0, member.has.length);
        column.values[i] = (column.values[i] ?? 0) + 1;
        column.has[i] = 1;
      }
    }
  }
  return [...results.values()];
}
