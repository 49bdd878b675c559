import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from '../helpers/axe.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { goTo } from '../helpers/go.ts';
import { type NodeExporter, startNodeExporter } from '../helpers/node-exporter.ts';

/** Target files, rules and limits of jobs, and the imports, as an operator meets them; against a real node_exporter. */

let run: ConsoleRun;
let exporter: NodeExporter;
let folder: string;
let file: string;

function put(text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hmtt-targets-'));
  file = join(folder, 'nodes.yml');
  exporter = await startNodeExporter();
  put(`- targets: ["127.0.0.1:${exporter.port}", "old-1:9100"]\n  labels: {rack: a1}\n`);
  run = await launchConsole({ language: 'en', ready: true });
});

afterAll(async () => {
  await run?.close();
  await exporter?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const next = (): Promise<void> => run.page.click('.wizard-foot .btn-primary');

test('a prometheus.yml with target files is imported, and its files are shown with what they list', async () => {
  const { page } = run;
  await goTo(page, '/hosts/import');
  await page.fill(
    'textarea',
    `scrape_configs:\n- job_name: nodes\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  file_sd_configs: [{files: ["${join(folder, '*.yml')}"]}]\n`,
  );
  await next();
  const preview = page.locator('[data-testid="import-preview"]');
  await preview.waitFor();
  await expect.poll(() => preview.innerText()).toContain(file);
  await next();
  await page.waitForSelector('[data-testid="imported"]');
  await goTo(page, '/hosts/jobs');
  const files = page.locator('[data-testid="discovery-files"] tbody tr');
  await until('the file with both targets', async () =>
    /nodes\.yml[\s\S]*\b2\b/.test(await files.first().innerText()),
  );
});

test('a broken version is told with its line and keeps the targets; a target that is not listed any more is gone', async () => {
  const { page } = run;
  const row = page.locator('[data-testid="discovery-files"] tbody tr').first();
  put('- targets: [oops\n');
  await until('what is wrong', async () => (await row.innerText()).includes('line 2'));
  await expect.poll(() => row.getAttribute('data-wrong')).toBe('true');
  put(`- targets: ["127.0.0.1:${exporter.port}"]\n  labels: {rack: a1}\n`);
  await until('the sound file', async () => (await row.getAttribute('data-wrong')) === 'false');
  await goTo(page, '/hosts');
  await page.getByRole('link', { name: 'old-1' }).click();
  await page.waitForSelector('[data-testid="targets"] tr[data-gone="true"]');
});

test('rules are looked at before they are taken over', async () => {
  const { page } = run;
  await goTo(page, '/hosts/jobs?job=nodes');
  const editor = page.locator('[data-testid="job-editor"]');
  await editor.waitFor();
  const save = editor.getByRole('button', { name: 'Take over' });
  await expect.poll(() => save.isDisabled()).toBe(true);
  await editor.getByLabel('metric_relabel_configs').fill('- {action: drop}\n- {action: dorp}');
  await editor.getByRole('button', { name: 'Look at the effect' }).click();
  await page.waitForSelector('.source-line');
  await expect.poll(() => page.locator('.source-line').innerText()).toContain('dorp');
  await expect.poll(() => save.isDisabled()).toBe(true);
  await editor.getByLabel('relabel_configs', { exact: true }).fill('- {regex: rack, action: labeldrop}');
  await editor
    .getByLabel('metric_relabel_configs')
    .fill('- {source_labels: [__name__], regex: "go_.*", action: drop}');
  await editor.getByRole('button', { name: 'Look at the effect' }).click();
  const samples = page.locator('[data-testid="preview-samples"]');
  await samples.waitFor();
  await expect.poll(() => samples.locator('tr[data-outcome="dropped"]').first().innerText()).toContain('go_');
  await expect.poll(() => page.locator('[data-testid="preview-targets"]').innerText()).toContain('−rack');
  expect(await violations(page)).toEqual([]);
  await save.click();
  const row = page.locator('[data-testid="jobs"] tbody tr').first();
  await until('one target with the new labels, the old one gone', async () =>
    /nodes\s+1\s+2\s/.test(await row.innerText()),
  );
});

test('Nagios objects are imported with what becomes of them and what cannot be taken', async () => {
  const { page } = run;
  await goTo(page, '/hosts/import?what=nagios');
  await page.setInputFiles('input[type="file"]', {
    name: 'objects.cfg',
    mimeType: 'text/plain',
    buffer: Buffer.from(
      [
        'define host{\n host_name 127.0.0.1\n address 127.0.0.1\n}',
        'define host{\n host_name nowhere\n address 10.9.9.9\n}',
        'define command{\n command_name ping\n command_line $USER1$/check_dummy 0 $ARG1$\n}',
        'define service{\n host_name 127.0.0.1,nowhere\n service_description Dummy\n check_command ping!well\n}',
        'define timeperiod{\n timeperiod_name always\n}',
      ].join('\n'),
    ),
  });
  await next();
  const preview = page.locator('[data-testid="import-preview"]');
  await preview.waitFor();
  const text = await preview.innerText();
  expect(text).toContain('Dummy');
  expect(text).toContain('nowhere');
  expect(text).toContain('timeperiod always');
  await next();
  await page.waitForSelector('[data-testid="imported"]');
  await expect.poll(() => page.locator('[data-testid="imported"]').innerText()).toContain('1 checks added');
});
