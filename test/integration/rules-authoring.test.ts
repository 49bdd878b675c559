import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { formFileText } from '../../main/engine/alerts/authoring/form-file.ts';
import { starterFiles } from '../../main/engine/alerts/authoring/starter/index.ts';
import { starterCases } from '../fixtures/starter-cases.ts';
import { anyForm } from '../helpers/form-arbitrary.ts';
import { hmtt } from '../helpers/headless-engine.ts';
import { starterTestFile } from '../helpers/starter-tests.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const FORMS = 300;

function promtool(dir: string, ...args: string[]): { readonly status: number | null; readonly text: string } {
  const run = spawnSync('promtool', args, { cwd: dir, encoding: 'utf8' });
  if (run.error !== undefined) throw new Error('promtool is needed by this test: apt-get install prometheus');
  return { status: run.status, text: run.stdout + run.stderr };
}

it(`promtool takes the files of ${FORMS} forms`, () => {
  const dir = temporaryFolder('forms');
  const files = fc.sample(anyForm, { numRuns: FORMS, seed: 42 }).map((form, index) => {
    writeFileSync(join(dir, `${index}.yml`), formFileText(form));
    return `${index}.yml`;
  });
  const { status, text } = promtool(dir, 'check', 'rules', ...files);
  expect(status === 0 ? '' : text).toBe('');
});

it('promtool takes the starter set, and agrees with it about every case', () => {
  const dir = temporaryFolder('starter');
  const files = starterFiles(new Map()).map(({ name, text }) => {
    const file = `${name.replace('starter/', '').replace('.yml', '')}.rules.yml`;
    writeFileSync(join(dir, file), text);
    return file;
  });
  const checked = promtool(dir, 'check', 'rules', ...files);
  expect(checked.status === 0 ? '' : checked.text).toBe('');
  writeFileSync(join(dir, 'cases.yml'), starterTestFile(starterCases));
  const tested = promtool(dir, 'test', 'rules', 'cases.yml');
  expect(tested.status === 0 ? '' : tested.text).toBe('');
  // The cases are able to fail.
  const wrong = starterCases.map((each) => ({ ...each, alerts: [] }));
  writeFileSync(join(dir, 'wrong.yml'), starterTestFile(wrong));
  expect(promtool(dir, 'test', 'rules', 'wrong.yml').status).toBe(1);
});

it('the command line lists, changes and writes the starter set, and looks back', async () => {
  const dir = temporaryFolder('starter-cli');
  const data = join(dir, 'data');
  const changed = await hmtt(
    data,
    '--json',
    'rules',
    'starter',
    '--disable',
    'NginxDown',
    '--set',
    'HostLoadHigh.perCpu=4',
    '--write',
    join(dir, 'out'),
  );
  expect(changed.code, changed.stderr).toBe(0);
  const { rules } = JSON.parse(changed.stdout);
  expect(rules).toContainEqual(expect.objectContaining({ name: 'NginxDown', enabled: false }));
  const checked = promtool(join(dir, 'out'), 'check', 'rules', 'host.yml', 'services.yml');
  expect(checked.status === 0 ? '' : checked.text).toBe('');
  expect(readFileSync(join(dir, 'out', 'host.yml'), 'utf8')).toMatch(/\(node_cpu_seconds_total.*\) > 4\n/);
  expect(readFileSync(join(dir, 'out', 'services.yml'), 'utf8')).not.toContain('NginxDown');
  const refused = await hmtt(data, 'rules', 'starter', '--set', 'HostLoadHigh.perCpu=-3');
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining('error[STARTER_VALUE_REFUSED]'),
  ]);

  const samples = join(dir, 'past.om');
  const start = Math.floor(Date.now() / 1000) - 3_600;
  const lines = Array.from(
    { length: 60 },
    (_, i) => `heat{host="a"} ${i >= 20 && i < 40 ? 95 : 20} ${start + i * 60}`,
  );
  writeFileSync(samples, `# TYPE heat gauge\n${lines.join('\n')}\n# EOF\n`);
  const imported = await hmtt(data, 'import', 'openmetrics', samples);
  expect(imported.code, imported.stderr).toBe(0);
  const file = join(dir, 'heat.yml');
  writeFileSync(
    file,
    'groups:\n- name: g\n  interval: 1m\n  rules: [{alert: Hot, expr: heat > 90, for: 5m}]\n',
  );
  const back = await hmtt(data, '--json', 'rules', 'backtest', file, '--from', 'now-70m');
  expect(back.code, back.stderr).toBe(0);
  const [hot] = JSON.parse(back.stdout).rules;
  expect(hot).toMatchObject({ rule: 'Hot', fired: 1, alertCount: 1, alerts: [{ labels: { host: 'a' } }] });
  // Twenty minutes, of which five are waited for.
  expect(Math.abs(hot.firingMs - 15 * 60_000)).toBeLessThanOrEqual(60_000);
  const text = await hmtt(data, 'rules', 'backtest', file, '--from', 'now-70m');
  expect(text.stdout).toContain('host=a');
  writeFileSync(file, 'groups:\n- name: g\n  rules: [{alert: Hot, expr: "heat >"}]\n');
  const broken = await hmtt(data, 'rules', 'backtest', file);
  expect([broken.code, broken.stdout]).toEqual([1, expect.stringContaining('heat.yml:3:')]);
});
