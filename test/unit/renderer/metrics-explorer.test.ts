import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../../main/engine/promql/functions/table.ts';
import { AGGREGATORS } from '../../../main/engine/promql/tokens.ts';
import { aggregationHelp, functionHelp } from '../../../renderer/pages/metrics/editor/function-help.ts';
import { problemSpan } from '../../../renderer/pages/metrics/editor/problem-span.ts';
import { chosenValues, selector, withLabel } from '../../../renderer/pages/metrics/editor/selectors.ts';
import {
  type MetricName,
  matchingNames,
  type NameNode,
  nameTree,
  openLines,
} from '../../../renderer/pages/metrics/explorer/name-tree.ts';
import { suggestions } from '../../../renderer/pages/metrics/explorer/suggestions.ts';
import { lineColumn } from '../../../renderer/pages/metrics/line-column.ts';

const metric = (name: string, change: Partial<MetricName> = {}): MetricName => ({
  name,
  type: 'gauge',
  help: '',
  series: 1,
  ...change,
});

describe('the tree of names', () => {
  const show = (nodes: readonly NameNode[]): string =>
    nodes
      .map((node) =>
        node.kind === 'metric' ? node.metric.name : `${node.prefix}${node.count}(${show(node.children)})`,
      )
      .join(' ');

  it('groups by the words that names begin with, and never a group within nothing but a group', () => {
    const names = ['node_cpu_a_x', 'node_cpu_a_y', 'node_cpu_a_z', 'node_load1', 'node_load5', 'up'];
    expect(show(nameTree(names.map((name) => metric(name))))).toBe(
      'node_5(node_cpu_a_3(node_cpu_a_x node_cpu_a_y node_cpu_a_z) node_load1 node_load5) up',
    );
  });

  it('keeps a name that is itself a prefix of others, and colons are ends of words', () => {
    const names = ['job', 'job:a:rate', 'job:b:rate', 'job:c:rate', 'a_b', 'a_b_c', 'a_b_d', 'a_b_e'];
    expect(show(nameTree(names.map((name) => metric(name))))).toBe(
      'job job:3(job:a:rate job:b:rate job:c:rate) a_4(a_b a_b_3(a_b_c a_b_d a_b_e))',
    );
  });

  it('holds every name once, whatever they are', () => {
    const names = ['_', '__', 'a_', 'a__b', ':', 'a', 'A_b', '_a_b', '_a_c', '_a_d'];
    const lines = openLines(nameTree(names.map((name) => metric(name))), () => true);
    const found = lines.flatMap(({ node }) => (node.kind === 'metric' ? [node.metric.name] : []));
    expect(found.sort()).toEqual([...names].sort());
  });

  it('shows closed groups as one line', () => {
    const tree = nameTree(['a_x', 'a_y', 'a_z', 'b'].map((name) => metric(name)));
    expect(openLines(tree, () => false)).toHaveLength(2);
    expect(openLines(tree, () => true).map(({ depth }) => depth)).toEqual([0, 1, 1, 1, 0]);
  });

  it('is searched by words in name and help', () => {
    const names = [metric('node_load1', { help: '1m load average.' }), metric('up')];
    expect(matchingNames(names, 'LOAD aver').map(({ name }) => name)).toEqual(['node_load1']);
    expect(matchingNames(names, ' ')).toBe(names);
  });
});

describe('what is offered for a metric', () => {
  it('is a rate for what counts and a quantile for a histogram', () => {
    expect(suggestions(metric('x_total', { type: 'counter' }))[0]?.expr).toBe('rate(x_total[5m])');
    expect(suggestions(metric('x_total', { type: 'unknown' }))[0]?.id).toBe('rate');
    expect(suggestions(metric('x')).map(({ id }) => id)).toEqual(['plain']);
    expect(suggestions(metric('h_bucket', { type: 'histogram' }))[0]?.expr).toBe(
      'histogram_quantile(0.95, sum by (le) (rate(h_bucket[5m])))',
    );
  });
});

describe('choosing a value of a label', () => {
  it('adds a matcher, then another value, and takes both back', () => {
    const one = withLabel('rate(m[5m])', 'm', 'a', '1');
    expect(one).toBe('rate(m{a="1"}[5m])');
    const two = withLabel(one ?? '', 'm', 'a', '2.x|"');
    expect(two).toBe('rate(m{a=~"1|2\\\\.x\\\\|\\""}[5m])');
    expect(chosenValues(two ?? '', 'm', 'a')).toEqual(['1', '2.x|"']);
    expect(withLabel(two ?? '', 'm', 'a', '1')).toBe('rate(m{a="2.x|\\""}[5m])');
    expect(withLabel(one ?? '', 'm', 'a', '1')).toBe('rate(m[5m])');
  });

  it('keeps the other matchers and does not take a string for the metric', () => {
    expect(withLabel('m{b!="m{", c=~"x"} + n', 'm', 'a', '1')).toBe('m{b!="m{", c=~"x", a="1"} + n');
    expect(withLabel('label_replace(n, "m", "", "", "")', 'm', 'a', '1')).toBeNull();
    expect(withLabel('node_m', 'm', 'a', '1')).toBeNull();
  });

  it('writes selectors as PromQL does', () => {
    expect(selector('up', [])).toBe('up');
    expect(selector('', [{ label: 'a', operator: '!~', value: 'x\n"\\' }])).toBe('{a!~"x\\n\\"\\\\"}');
  });
});

describe('where an expression is wrong', () => {
  it('is marked to the end of the word, and inside the text', () => {
    expect(problemSpan('sum(up) by by', 12)).toEqual({ from: 11, to: 13 });
    expect(problemSpan('sum(', 5)).toEqual({ from: 3, to: 4 });
    expect(lineColumn('sum(\n  upp)', 8)).toBe('2:3');
    expect(lineColumn('x', 1)).toBe('1:1');
  });
});

describe('help of the query language', () => {
  it('is there in both languages for everything that the engine can do, and for nothing else', () => {
    expect(Object.keys(functionHelp).sort()).toEqual([...FUNCTIONS.keys()].sort());
    expect(Object.keys(aggregationHelp).sort()).toEqual([...AGGREGATORS].sort());
    for (const { zh, en } of Object.values({ ...functionHelp, ...aggregationHelp })) {
      expect(zh).toMatch(/[\u4e00-\u9fff]/);
      expect(en).toMatch(/^[\x20-\x7e]+$/);
    }
  });
});
