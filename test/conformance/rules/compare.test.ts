import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTestFile } from '../../../main/engine/alerts/rules/test-file.ts';
import { checkRules, testRules } from '../../../main/engine/rule-tools.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

/** Debian's promtool runs the same rules over the same series and says the same, word for word. */

const names = ({ groups }: Scenario): readonly string[] => [
  ...new Set([...groups.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name)),
];

/** A test file whose every expectation is wrong, so that both sides say what they have. */
function testFile(scenario: Scenario): string {
  const { series, times, intervalS = 60, evaluationS = 60, order = [] } = scenario;
  const inputs = series.map(
    ([name, values]) => `  - {series: ${JSON.stringify(name)}, values: ${JSON.stringify(values)}}\n`,
  );
  const alerts = times.flatMap((time) =>
    names(scenario).map(
      (name) => `  - {eval_time: ${time}, alertname: ${name}, exp_alerts: [{exp_labels: {never: "so"}}]}\n`,
    ),
  );
  const expressions = times.map(
    (time) =>
      `  - {eval_time: ${time}, expr: '{__name__=~"ALERTS|ALERTS_FOR_STATE|.*:.*"}', exp_samples: [{labels: 'never', value: 1}]}\n`,
  );
  return `rule_files: [rules.yml]
evaluation_interval: ${evaluationS}s
group_eval_order: [${order.join(', ')}]
tests:
- interval: ${intervalS}s
  name: scenario
  external_labels: {site: east}
  external_url: http://console/x
  input_series:
${inputs.join('')}  alert_rule_test:
${alerts.join('')}  promql_expr_test:
${expressions.join('')}`;
}

/** A value as text, so that a rule's own times and values are compared as they are. */
const lines = (text: string): string => text.replace(/\s+$/gm, '').trim();

describe('rules in virtual time', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'hmtt-rules-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it(`are at least sixty scenarios: ${SCENARIOS.length}`, () => {
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(60);
  });

  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', async (_, scenario) => {
    const rules = `groups:\n${scenario.groups}`;
    const tests = testFile(scenario);
    writeFileSync(join(dir, 'rules.yml'), rules);
    writeFileSync(join(dir, 'tests.yml'), tests);
    const theirs = spawnSync('promtool', ['test', 'rules', 'tests.yml'], { cwd: dir, encoding: 'utf8' });
    if (theirs.error !== undefined)
      throw new Error(
        `promtool is needed by this test: apt-get install prometheus (${theirs.error.message})`,
      );

    const read = checkRules(rules);
    const file = readTestFile(tests);
    if (!read.ok || !file.ok) throw new Error(JSON.stringify([read, file]));
    const failures = await testRules(file.file, read.groups);
    const said = theirs.stdout + theirs.stderr;
    const failed = said.slice(said.indexOf('FAILED:') + 'FAILED:'.length);
    expect(lines(failures.join('\n'))).toBe(lines(failed));
  });
});
