import { expect, test } from 'vitest';
import { type ScrapeConfig, scrapeConfigSchema } from '#shared/contract/hosts.ts';
import { refuseConfig, refusedJobs } from '../../../main/engine/hosts/identity.ts';
import { readPrometheusConfig } from '../../../main/engine/hosts/prometheus-config/read-config.ts';

const config = (more: Partial<Record<keyof ScrapeConfig, unknown>>): ScrapeConfig =>
  scrapeConfigSchema.parse({ job: 'j', address: 'h:1', ...more });

test('a limit of the file holds for jobs that give none, or 0', () => {
  const read = readPrometheusConfig(
    'prometheus.yml',
    `global: {sample_limit: 100, label_limit: 20, body_size_limit: 1MB}
scrape_configs:
- {job_name: a, static_configs: [{targets: [h]}], target_limit: 5, label_name_length_limit: 50}
- {job_name: b, static_configs: [{targets: [h]}], sample_limit: 7, label_limit: 0, body_size_limit: 2KB}
`,
    (path) => path,
  );
  if (!read.ok) throw new Error(read.error.message.en);
  const [a, b] = read.value.jobs.map(({ targets }) => targets[0]);
  expect(a).toMatchObject({
    sampleLimit: 100,
    labelLimit: 20,
    bodySizeLimit: 1 << 20,
    targetLimit: 5,
    labelNameLengthLimit: 50,
    labelValueLengthLimit: 0,
  });
  expect(b).toMatchObject({ sampleLimit: 7, labelLimit: 20, bodySizeLimit: 2_048, targetLimit: 0 });
});

test('a job with more targets than it may have is refused, and no other one', () => {
  const three = ['h1:1', 'h2:1', 'h3:1'].map((address) => config({ address, targetLimit: 2 }));
  expect(refusedJobs(three.slice(1)).size).toBe(0);
  const refused = refusedJobs([...three, config({ job: 'other', targetLimit: 1 })]);
  expect([...refused.keys()]).toEqual(['j']);
  expect(refused.get('j')?.message.en).toContain('3 targets');
  expect(refused.get('j')?.message.zh).toContain('2');
});

test('a rule that cannot run is refused with its number and field', () => {
  expect(refuseConfig(config({ metricRelabel: [{ action: 'drop', regex: 'go_.*' }] }), 'scrape')).toBeNull();
  const refused = refuseConfig(
    config({ metricRelabel: [{ action: 'drop' }, { action: 'keep', regex: '(' }] }),
    'scrapes.0',
  );
  expect(refused).toMatchObject({ code: 'RELABEL_RULE_INVALID', field: 'scrapes.0.metricRelabel.1.regex' });
  expect(refused?.message.en).toContain('rule 2');
  expect(refused?.message.en).not.toMatch(/\{\w+\}/);
});
