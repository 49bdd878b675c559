import { expect, test } from 'vitest';
import { RELABEL_DEFAULTS, type RelabelRule } from '#shared/domain/relabel/rule.ts';
import { inspectExposition } from '../../../main/engine/metrics/exposition/inspect.ts';
import type { TargetSpec } from '../../../main/engine/metrics/target-ingest.ts';
import { answered, openMetrics } from '../../helpers/metrics-area.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const T0 = 1_800_000_000_000;
const rule = (part: Partial<RelabelRule>): RelabelRule => ({ ...RELABEL_DEFAULTS, ...part });

/** Scrapes the same text twice, the second time by the lines that were remembered. */
async function twice(spec: Partial<TargetSpec>, text: string) {
  const bench = openMetrics(temporaryFolder('labels'), T0);
  const target = bench.target(spec);
  const first = target.succeed(answered(T0, text));
  bench.now = T0 + 15_000;
  const second = target.succeed(answered(bench.now, text));
  const stored = await bench.ask('{__name__!="scrape_duration_seconds",job="test"}');
  bench.area.close();
  return { first, second, stored };
}

test('a rule drops samples, and a dropped line stays dropped', async () => {
  const { second, stored } = await twice(
    { metricRelabel: [rule({ action: 'drop', sourceLabels: ['__name__'], regex: 'go_.*' })] },
    'go_threads 5\na 1\ngo_info{version="x"} 1\nb 2\n',
  );
  expect(second).toEqual({ ok: true, value: { scraped: 4, added: 2, seriesAdded: 0 } });
  expect(stored).toEqual({
    a: '1',
    b: '2',
    up: '1',
    scrape_samples_scraped: '4',
    scrape_samples_post_metric_relabeling: '2',
    scrape_series_added: '0',
  });
});

test('a rule sees the labels of the target, and can change them', async () => {
  const { stored } = await twice(
    {
      metricRelabel: [
        rule({ sourceLabels: ['job', 'a'], targetLabel: 'both' }),
        rule({ action: 'labeldrop', regex: 'a' }),
      ],
    },
    'm{a="x"} 1\n',
  );
  expect(stored).toMatchObject({ 'm{both=test;x}': '1', up: '1' });
});

test.each<[string, Partial<TargetSpec>, string, string]>([
  [
    'the name is taken away',
    { metricRelabel: [rule({ action: 'labeldrop', regex: '__name__' })] },
    'a 1\n',
    'SAMPLE_NAME_LOST',
  ],
  [
    'a name that is none',
    { metricRelabel: [rule({ sourceLabels: ['x'], targetLabel: '__name__' })] },
    'a{x="b-c"} 1\n',
    'SAMPLE_LABELS_INVALID',
  ],
  ['too many labels', limits(3), 'b 1\na{x="1"} 1\n', 'LABEL_LIMIT_EXCEEDED'],
  ['a long name', limits(0, 8), 'a{ninechars="1"} 1\n', 'LABEL_NAME_TOO_LONG'],
  ['a long value, in bytes', limits(0, 0, 6), 'a{x="漢漢漢"} 1\n', 'LABEL_VALUE_TOO_LONG'],
  ['a label that is no label', {}, `a{x="${'y'.repeat(70_000)}"} 1\n`, 'SERIES_TEXT_TOO_LONG'],
])('%s: the scrape is refused whole', async (_name, spec, text, code) => {
  const { first, second, stored } = await twice(spec, text);
  expect(first).toMatchObject({ ok: false, error: { code } });
  expect(second).toMatchObject({ ok: false, error: { code } });
  expect(stored).toMatchObject({ up: '0' });
  expect(Object.keys(stored).filter((name) => !/^(?:up|scrape_)/.test(name))).toEqual([]);
  const message = first.ok ? undefined : first.error.message;
  expect(`${message?.zh}${message?.en}`).not.toMatch(/\{\w+\}/);
});

function limits(labelLimit = 0, labelNameLengthLimit = 0, labelValueLengthLimit = 0): Partial<TargetSpec> {
  return { labelLimits: { labelLimit, labelNameLengthLimit, labelValueLengthLimit } };
}

test('trying a target tells what a scrape would come to', () => {
  const inspect = (spec: Partial<TargetSpec>) =>
    inspectExposition(Buffer.from('go_a 1\ngo_b 2\nx{y="1",y="2"} 3\nz 4\n'), null, {
      labels: { job: 'test', instance: 'host:1' },
      honorLabels: false,
      sampleLimit: 0,
      ...spec,
    });
  const drop = (regex: string): RelabelRule => rule({ action: 'drop', sourceLabels: ['__name__'], regex });
  expect(inspect({})).toMatchObject({ ok: false, error: { code: 'EXPOSITION_INVALID', line: 3 } });
  expect(inspect({ metricRelabel: [drop('x')] })).toMatchObject({
    ok: true,
    value: { samples: 4, kept: 3, names: ['go_a', 'go_b', 'x', 'z'] },
  });
  const both = { metricRelabel: [drop('x|go_.*')], sampleLimit: 1 };
  expect(inspect(both)).toMatchObject({ ok: true, value: { kept: 1 } });
  expect(inspect({ ...both, metricRelabel: [drop('x')] })).toMatchObject({
    ok: false,
    error: { code: 'SAMPLE_LIMIT_EXCEEDED' },
  });
  expect(inspect({ ...both, ...limits(2) })).toMatchObject({
    ok: false,
    error: { code: 'LABEL_LIMIT_EXCEEDED' },
  });
});
