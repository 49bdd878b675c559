import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readPrometheusConfig } from '../../main/engine/hosts/prometheus-config/read-config.ts';

const FILE = `global:
  scrape_interval: 15s
  scrape_timeout: 10s
  external_labels: {site: north}
rule_files:
  - rules/*.yml
scrape_configs:
  - job_name: 'prometheus'
    metrics_path: /metrics
    scheme: https
    params: {module: [http_2xx]}
    basic_auth: {username: ops, password: p}
    tls_config: {insecure_skip_verify: true}
    static_configs:
      - targets: ['localhost:9090', "[::1]:9100"]
        labels: {tier: business}
  - job_name: hmtt-system
    honor_labels: true
    sample_limit: 100
    body_size_limit: 10MB
    static_configs: &same
      - targets: ['hmtt-system:9100']
`;

/** Reads a text: it never throws, and a refusal names a line that the file has, and speaks both languages. */
function check(text: string): boolean {
  const result = readPrometheusConfig('p.yml', text, (path) => path);
  if (result.ok) return true;
  const { code, line, message, hint } = result.error;
  expect(code).toMatch(/^PROMETHEUS_FILE_/);
  expect(line).toBeGreaterThanOrEqual(1);
  expect(line).toBeLessThanOrEqual(text.split('\n').length);
  expect(message.en).toContain(`line ${line}`);
  expect(message.zh).toContain(`第 ${line} 行`);
  expect(hint.zh).toContain('没有导入任何内容');
  return false;
}

test('a file that was damaged anywhere is read or refused with its line', () => {
  const edit = fc.oneof(
    fc.record({
      kind: fc.constant('delete' as const),
      at: fc.nat(FILE.length),
      length: fc.integer({ min: 1, max: 40 }),
    }),
    fc.record({
      kind: fc.constant('insert' as const),
      at: fc.nat(FILE.length),
      text: fc.oneof(
        fc.constantFrom(
          ': ',
          '- ',
          '\n',
          '\t',
          '  ',
          '"',
          "'",
          '{',
          ']',
          '*a',
          '&a ',
          '!!binary ',
          '|',
          '? ',
          '<<: ',
          '#',
        ),
        fc.string({ unit: 'binary', maxLength: 8 }),
      ),
    }),
  );
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      let text = FILE;
      for (const change of edits)
        text =
          change.kind === 'delete'
            ? text.slice(0, change.at) + text.slice(change.at + change.length)
            : text.slice(0, change.at) + change.text + text.slice(change.at);
      if (check(text)) accepted += 1;
      else refused += 1;
    }),
    { numRuns: 1_500 },
  );
  // The property is worth something only when both happen.
  expect(accepted).toBeGreaterThan(50);
  expect(refused).toBeGreaterThan(50);
});

test('any text at all is read or refused with its line', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 200 })),
      (text) => {
        check(text);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('any structure under the known keys is read or refused with its line', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(null, true, 0, -1, 1.5, '', '15s', 'http', '/metrics', 'h:9100', '10MB', '.'),
      fc.string(),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('targets', 'labels', 'username', 'type', 'ca_file', 'x', ''),
        tie('any'),
        {
          maxKeys: 3,
        },
      ),
    ),
  })).any;
  const jobKeys = [
    'job_name',
    'scrape_interval',
    'scrape_timeout',
    'metrics_path',
    'scheme',
    'params',
    'sample_limit',
  ];
  const more = [
    'basic_auth',
    'authorization',
    'bearer_token',
    'tls_config',
    'static_configs',
    'dns_sd_configs',
  ];
  const document = fc.record(
    {
      global: fc.oneof(
        value,
        fc.dictionary(fc.constantFrom('scrape_interval', 'external_labels', 'x'), value),
      ),
      scrape_configs: fc.oneof(
        value,
        fc.array(fc.dictionary(fc.constantFrom(...jobKeys, ...more), value), { maxLength: 3 }),
      ),
      rule_files: value,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(document, (content) => {
      check(stringify(content));
    }),
    { numRuns: 1_000 },
  );
});

test('the order of jobs and targets is kept, and each address comes once', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 9 }), (jobs, count) => {
      const text = stringify({
        scrape_configs: jobs.map((name) => ({
          job_name: name,
          static_configs: [{ targets: Array.from({ length: count }, (_, n) => `${name}-${n}:9100`) }],
        })),
      });
      const result = readPrometheusConfig('p.yml', text, () => null);
      if (!result.ok) throw new Error(result.error.message.en);
      expect(result.value.jobs.map(({ name }) => name)).toEqual(jobs);
      for (const job of result.value.jobs)
        expect(job.targets.map(({ address }) => address)).toEqual(
          Array.from({ length: count }, (_, n) => `${job.name}-${n}:9100`),
        );
    }),
    { numRuns: 100 },
  );
});
