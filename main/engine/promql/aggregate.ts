import { type Labels, labelsKey, labelsWith, METRIC_NAME, NO_LABELS } from '#shared/domain/labels.ts';
import { type Folding, foldGroup } from './accumulate.ts';
import type { AggregateNode } from './ast.ts';
import { evaluationFails } from './failure.ts';
import { formatPlain } from './go-float.ts';
import { quantile } from './quantile.ts';
import { pickLabels } from './signature-key.ts';
import { Top } from './top.ts';
import { type Column, hasAny, newColumn } from './values.ts';

type Group = { readonly labels: Labels; readonly members: Column[] };

function grouped(node: AggregateNode, columns: readonly Column[]): readonly Group[] {
  const groups = new Map<string, Group>();
  const all = !node.without && node.grouping.length === 0;
  for (const column of columns) {
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
export function aggregate(
  node: AggregateNode,
  columns: readonly Column[],
  parameter: Float64Array | string | null,
  spend: (values: number) => void,
): readonly Column[] {
  const groups = grouped(node, columns);
  switch (node.op) {
    case 'topk':
    case 'bottomk':
      return limited(groups, countParameter(numbers(parameter)), node.op === 'topk');
    case 'quantile':
      return groups.map((group) => quantiles(group, numbers(parameter)));
    case 'count_values':
      return countValues(node, groups, typeof parameter === 'string' ? parameter : '', spend);
    default: {
      const op: Folding = node.op;
      return groups.map(({ labels, members }) => {
        const result = newColumn(labels, members[0]?.has.length ?? 0);
        foldGroup(op, members, result);
        return result;
      });
    }
  }
}

function numbers(parameter: Float64Array | string | null): Float64Array {
  return parameter instanceof Float64Array ? parameter : new Float64Array(0);
}

function quantiles({ labels, members }: Group, parameter: Float64Array): Column {
  const result = newColumn(labels, members[0]?.has.length ?? 0);
  for (let i = 0; i < result.has.length; i++) {
    const values: number[] = [];
    for (const member of members) if (member.has[i] === 1) values.push(member.values[i] ?? 0);
    if (values.length === 0) continue;
    result.values[i] = quantile(parameter[i] ?? Number.NaN, values);
    result.has[i] = 1;
  }
  return result;
}

/** Refuses a k that is no whole number of 64 bits, also where there is nothing to choose from. */
function countParameter(parameter: Float64Array): Float64Array {
  for (const wanted of parameter)
    if (Number.isNaN(wanted) || Math.abs(wanted) >= 2 ** 63)
      evaluationFails('NOT_A_COUNT', { text: formatPlain(wanted) });
  return parameter;
}

/** The k largest or smallest of each group at each step. NaN loses against every number. */
function limited(groups: readonly Group[], parameter: Float64Array, largest: boolean): readonly Column[] {
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
      order = [];
      if (wanted < 1) continue;
      const top = new Top(wanted, largest);
      for (const [index, member] of members.entries())
        if (member.has[i] === 1) top.offer(index, member.values[i] ?? 0);
      order = top.best();
      for (const index of order) {
        const column = kept[index];
        if (column !== undefined) column.has[i] = 1;
      }
    }
    const rank = new Map(order.map((index, position) => [index, position]));
    const ranked = kept.map((column, index) => ({ column, rank: rank.get(index) ?? members.length }));
    ranked.sort((a, b) => a.rank - b.rank);
    for (const { column } of ranked) if (hasAny(column)) results.push(column);
  }
  return results;
}

function countValues(
  node: AggregateNode,
  groups: readonly Group[],
  label: string,
  spend: (values: number) => void,
): readonly Column[] {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label))
    evaluationFails('NOT_A_LABEL', { where: node.op, text: label });
  const results = new Map<string, Column>();
  // Named in `without` too, the label with the value goes the way of the others; and `without` always names the name.
  const labelled = !(node.without && (node.grouping.includes(label) || label === METRIC_NAME));
  for (const { labels, members } of groups) {
    for (const member of members)
      for (let i = 0; i < member.has.length; i++) {
        if (member.has[i] !== 1) continue;
        const value = formatPlain(member.values[i] ?? 0);
        const counted = labelled ? labelsWith(labels, label, value) : labels;
        const key = labelsKey(counted);
        let result = results.get(key);
        if (result === undefined) {
          spend(member.has.length);
          result = newColumn(counted, member.has.length);
          results.set(key, result);
        }
        result.values[i] = (result.values[i] ?? 0) + 1;
        result.has[i] = 1;
      }
  }
  return [...results.values()];
}
