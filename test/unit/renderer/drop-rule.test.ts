import { expect, test } from 'vitest';
import { labelsFromRecord } from '#shared/domain/labels.ts';
import { compileRelabel } from '#shared/domain/relabel/relabel.ts';
import { readPrometheusConfig } from '../../../main/engine/hosts/prometheus-config/read-config.ts';
import { parseExpression } from '../../../main/engine/promql/parser.ts';
import { type Culprit, dropRule, lookInto } from '../../../renderer/pages/metrics/space/drop-rule.ts';

/** Puts a rule below a job, as the page says, and applies what comes out. */
function applied(culprit: Culprit, labels: Record<string, string>): readonly string[] | null {
  const rule = dropRule(culprit)?.replace(/^/gm, '    ');
  const text = `scrape_configs:\n  - job_name: j\n    static_configs: [{targets: [h]}]\n${rule}\n`;
  const read = readPrometheusConfig('prometheus.yml', text, (path) => path);
  if (!read.ok) throw new Error(`${read.error.message.en}\n${text}`);
  return compileRelabel(read.value.jobs[0]?.targets[0]?.metricRelabel ?? [])(labelsFromRecord(labels));
}

const NASTY = 'a.b"c\\d$1\n|漢';

test('the rule for a metric drops that metric only', () => {
  const culprit: Culprit = { by: 'metrics', row: { name: 'go_info', series: 1, newSeries: 0 } };
  expect(applied(culprit, { __name__: 'go_info' })).toBeNull();
  expect(applied(culprit, { __name__: 'go_info_total' })).not.toBeNull();
});

test('the rule for a label value drops what has it, whatever characters it has', () => {
  const culprit: Culprit = { by: 'pairs', row: { name: 'path', value: NASTY, series: 1 } };
  expect(applied(culprit, { __name__: 'm', path: NASTY })).toBeNull();
  expect(applied(culprit, { __name__: 'm', path: 'aXb"c\\d$1\n|漢' })).not.toBeNull();
});

test('the rule for a label takes it away', () => {
  const culprit: Culprit = { by: 'labels', row: { name: 'id', values: 9, series: 9 } };
  expect(applied(culprit, { __name__: 'm', id: '1', ids: '2' })).toEqual(['__name__', 'm', 'ids', '2']);
});

test('what is looked into is an expression', () => {
  const target = { job: NASTY, instance: 'h:1', series: 1, newSeries: 0, refusal: null };
  const culprits: readonly Culprit[] = [
    { by: 'metrics', row: { name: 'a:b', series: 1, newSeries: 0 } },
    { by: 'labels', row: { name: 'id', values: 1, series: 1 } },
    { by: 'pairs', row: { name: 'path', value: NASTY, series: 1 } },
    { by: 'targets', row: target },
  ];
  for (const culprit of culprits) expect(() => parseExpression(lookInto(culprit))).not.toThrow();
  expect(dropRule({ by: 'targets', row: target })).toBeNull();
});
