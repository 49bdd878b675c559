import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { hmtt, startHeadlessEngine } from '../helpers/headless-engine.ts';
import { PATIENCE_MS } from '../helpers/patience.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const RULES = `groups:
- name: site
  interval: 1s
  rules:
  - record: answer
    expr: vector(42)
  - alert: Answered
    expr: answer > 41
    labels: {severity: critical}
    annotations: {summary: "the answer is {{ $value }}"}
`;

test('rule files of an imported prometheus.yml are kept and run, and their alerts are listed', async () => {
  const folder = temporaryFolder('rules-serve');
  const data = join(folder, 'data');
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, 'rule_files: [site.yml, "more/*.yml"]\n');
  writeFileSync(join(folder, 'site.yml'), RULES.replace('vector(42)', 'vector('));
  const refused = await hmtt(data, 'import', 'prometheus', config);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('error[RULES_REFUSED]');
  expect(refused.stderr).toContain('line 6');

  writeFileSync(join(folder, 'site.yml'), RULES);
  const imported = await hmtt(data, 'import', 'prometheus', config);
  expect(imported.code, imported.stderr).toBe(0);
  expect(imported.stdout).toContain(`${join(folder, 'site.yml')}: 2 rules in 1 groups`);
  expect(imported.stdout).toContain('rule_files: no file matches more/*.yml');

  const engine = await startHeadlessEngine(data);
  try {
    const firing = async (): Promise<readonly { condition: string }[]> =>
      (await engine.call('alerts.list', { state: 'firing' })).alerts;
    const until = Date.now() + PATIENCE_MS;
    while (!(await firing()).some(({ condition }) => condition === 'Answered') && Date.now() < until)
      await wait(200);
    const listed = await hmtt(data, '--json', 'alerts', '--state', 'firing');
    expect(JSON.parse(listed.stdout).alerts).toContainEqual(
      expect.objectContaining({
        condition: 'Answered',
        severity: 'critical',
        sentence: { zh: 'the answer is 42', en: 'the answer is 42' },
        alert: expect.objectContaining({
          labels: { alertname: 'Answered', severity: 'critical' },
          value: '4.2e+01',
          activeAt: expect.any(Number),
        }),
      }),
    );
    const served = await (await fetch(`${engine.api}/api/v1/rules`)).json();
    expect(served.status).toBe('success');
    // The starter set runs beside it.
    expect(served.data.groups).toContainEqual(
      expect.objectContaining({
        name: 'site',
        file: join(folder, 'site.yml'),
        interval: 1,
        rules: [expect.objectContaining({ health: 'ok' }), expect.objectContaining({ state: 'firing' })],
      }),
    );
    const alerts = await (await fetch(`${engine.api}/api/v1/alerts`)).json();
    // The alert itself, not a second time as a problem.
    expect(JSON.stringify(alerts).match(/"alertname":"Answered"/g)).toHaveLength(1);
  } finally {
    expect(await engine.stop()).toBe(0);
  }
});

test('rule files are added whole or not at all, listed, and removed on the command line', async () => {
  const folder = temporaryFolder('rules-files');
  const data = join(folder, 'data');
  const good = join(folder, 'good.yml');
  const bad = join(folder, 'bad.yml');
  writeFileSync(good, RULES);
  writeFileSync(bad, RULES.replace('vector(42)', 'vector('));
  const refused = await hmtt(data, 'rules', 'add', good, bad);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain(`${bad}:6: group "site", rule 1, "answer": could not parse expression`);
  const listed: { files: { builtIn?: boolean }[] } = JSON.parse(
    (await hmtt(data, '--json', 'rules', 'list')).stdout,
  );
  expect(listed.files.every(({ builtIn }) => builtIn === true)).toBe(true);

  expect((await hmtt(data, 'rules', 'add', good)).code).toBe(0);
  const { groups } = JSON.parse((await hmtt(data, '--json', 'rules', 'groups')).stdout);
  expect(groups.filter(({ file }: { file: string }) => file === good)).toMatchObject([
    { name: 'site', intervalMs: 1_000, rules: [{ name: 'answer', health: 'unknown' }, { forMs: 0 }] },
  ]);
  expect((await hmtt(data, 'rules', 'remove', good)).code).toBe(0);
  expect((await hmtt(data, 'rules', 'remove', good)).stderr).toContain('error[NOT_FOUND]');
});
