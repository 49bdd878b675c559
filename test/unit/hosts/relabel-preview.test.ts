import { expect, test } from 'vitest';
import { scrapeJobSchema } from '#shared/contract/scrape-jobs.ts';
import { labelsFromRecord } from '#shared/domain/labels.ts';
import { compileRelabel } from '#shared/domain/relabel/relabel.ts';
import { traceRelabel } from '#shared/domain/relabel/trace.ts';
import { draftedJob, previewSamples, previewTargets } from '../../../main/engine/hosts/jobs/preview.ts';
import { readRules } from '../../../main/engine/hosts/jobs/read-rules.ts';
import { rulesText } from '../../../main/engine/hosts/jobs/rules-text.ts';
import { readPrometheusConfig } from '../../../main/engine/hosts/prometheus-config/read-config.ts';
import { RULE_DOCUMENTS, randomJobs, TARGET_JOBS } from '../../helpers/relabel-cases.ts';

const job = scrapeJobSchema.parse({
  settings: { job: 'node', metricsPath: '/metrics' },
  listed: [{ targets: ['app-1:9100', 'old-1:9100', 'http://x'], labels: { rack: 'a' } }],
});
const limits = {
  sampleLimit: 7,
  labelLimit: 0,
  labelNameLengthLimit: 0,
  labelValueLengthLimit: 0,
  bodySizeLimit: 0,
  targetLimit: 0,
};

function drafted(relabel: string, metricRelabel = '') {
  const made = draftedJob(job, { name: 'node', relabel, metricRelabel, limits });
  if (made.job === null) throw new Error(made.faults[0]?.error.message.en);
  return made.job;
}

test('each listed target is shown rule by rule, with the rule that drops it', () => {
  const rules = [
    '- {source_labels: [__address__], regex: old.*, action: drop}',
    "- {source_labels: [__address__], regex: '([^:]+):.*', target_label: instance}",
    '- {regex: rack, action: labeldrop}',
    '- {target_label: nothing, replacement: ""}',
  ].join('\n');
  const made = drafted(rules);
  expect(made.settings.sampleLimit).toBe(7);
  const shown = previewTargets(made, [], new Set(['another']));
  expect(shown).toMatchObject({ kept: 1, dropped: 1, wrong: 1, added: 1, gone: 1 });
  expect(shown.rows.map(({ address, outcome }) => [address, outcome.kind])).toEqual([
    ['http://x', 'wrong'],
    ['old-1:9100', 'dropped'],
    ['app-1:9100', 'target'],
  ]);
  expect(shown.rows[1]?.outcome).toEqual({ kind: 'dropped', rule: 1 });
  expect(shown.rows[2]).toMatchObject({
    before: { __address__: 'app-1:9100', job: 'node', rack: 'a' },
    steps: [
      { rule: 2, set: { instance: 'app-1' }, removed: [] },
      { rule: 3, set: {}, removed: ['rack'] },
    ],
    outcome: { labels: { job: 'node', instance: 'app-1' }, url: 'http://app-1:9100/metrics', isNew: true },
  });
});

test('samples are shown rule by rule, those that are dropped first', () => {
  const made = drafted(
    '',
    '- {source_labels: [__name__], regex: go_.*, action: drop}\n- {target_label: site, replacement: a}\n',
  );
  const sample = (name: string) => labelsFromRecord({ __name__: name, job: 'node' });
  const shown = previewSamples(made, [sample('up_time'), sample('go_threads')]);
  expect(shown).toMatchObject({ kept: 1, dropped: 1 });
  expect(shown.rows.map(({ before, outcome }) => [before.__name__, outcome])).toEqual([
    ['go_threads', { kind: 'dropped', rule: 1 }],
    ['up_time', { kind: 'kept', labels: { __name__: 'up_time', job: 'node', site: 'a' } }],
  ]);
});

test('a wrong text is refused with its line, both texts at once', () => {
  const { faults } = draftedJob(job, {
    ...{ name: 'node', limits },
    relabel: '- source_labels: [a]\n  regex: (x\n  target_label: b',
    metricRelabel: '- {action: keep}\n- {action: dorp}',
  });
  expect(faults.map(({ field, error }) => [field, error.code, error.line])).toEqual([
    ['relabel', 'RELABEL_TEXT_REFUSED', 2],
    ['metricRelabel', 'RELABEL_TEXT_REFUSED', 2],
  ]);
});

const config = (lines: string) => `scrape_configs:\n- job_name: j\n${lines.replace(/^/gm, '  ')}\n`;
const LISTED = "static_configs: [{targets: ['h:1']}]";
const JOBS = [
  ...RULE_DOCUMENTS.map((rule) => config(`${LISTED}\nrelabel_configs:\n- ${rule}`)),
  ...[...TARGET_JOBS, ...randomJobs(300, 7)].map(config),
];

test(`rules of ${JOBS.length} jobs come out of their text as they were, and lead to the same end step by step`, () => {
  let compared = 0;
  for (const text of JOBS) {
    const read = readPrometheusConfig('p.yml', text, (path) => path);
    const definition = read.ok ? read.value.jobs[0]?.definition : undefined;
    if (definition === undefined) continue;
    const again = readRules('relabel_configs', rulesText(definition.relabel));
    expect(again).toEqual({ ok: true, value: definition.relabel });
    for (const { targets, labels } of definition.listed)
      for (const address of targets) {
        const start = labelsFromRecord({ ...labels, __address__: address, job: 'j' });
        expect(traceRelabel(definition.relabel)(start).after).toEqual(
          compileRelabel(definition.relabel)(start),
        );
        compared += 1;
      }
  }
  expect(compared).toBeGreaterThan(300);
});
