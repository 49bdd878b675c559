import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleRun, launchConsole } from '../helpers/electron.ts';
import { goTo } from '../helpers/go.ts';
import { SECRETS, wholeConfiguration } from '../helpers/whole-configuration.ts';

/** The whole configuration goes in and out of the window. */

let run: ConsoleRun;
let file: string;
let saved: string;

beforeAll(async () => {
  run = await launchConsole({ ready: true });
  file = join(run.dataDir, 'site.json');
  saved = join(run.dataDir, 'saved.json');
  writeFileSync(file, JSON.stringify(wholeConfiguration(run.dataDir)));
});

afterAll(async () => {
  await run?.close();
});

test('an operator finds the import in the settings, sees what it would change, and imports', async () => {
  const { page } = run;
  await goTo(page, '/settings');
  await page.getByRole('link', { name: 'Import a configuration…' }).click();
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('button', { name: 'Check the file' }).click();
  const preview = page.getByTestId('import-preview');
  await preview.getByText('entries will be added').waitFor();
  await preview.getByText('it will run the command: sync').waitFor();
  await preview
    .getByRole('row', { name: 'Remote write remoteWrites.0 it will send to a new address: ' })
    .waitFor();
  await preview.getByRole('row', { name: /^Backup plans 1 0 0 0$/ }).waitFor();
  if (process.env.HMTT_PICTURES)
    await page.screenshot({ path: join(process.env.HMTT_PICTURES, 'preview.png') });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByTestId('imported').waitFor();
  await page.getByRole('link', { name: 'Open the settings' }).click();
  await expect.poll(() => page.locator('h2', { hasText: 'Configuration' }).count()).toBe(1);
});

test('the export asks what becomes of the secrets; the import of its file asks for the passphrase', async () => {
  const { page } = run;
  await goTo(page, '/settings');
  await page.getByRole('button', { name: 'Export the whole configuration…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Passphrase', { exact: true }).fill('correct horse battery');
  const save = dialog.getByRole('button', { name: 'Export and save…' });
  await expect.poll(() => save.isDisabled()).toBe(true);
  await dialog.getByLabel('The passphrase again').fill('correct horse batter');
  await dialog.getByText('The two passphrases differ').waitFor();
  await dialog.getByLabel('The passphrase again').fill('correct horse battery');
  await expect.poll(() => save.isDisabled()).toBe(false);
  if (process.env.HMTT_PICTURES)
    await page.screenshot({ path: join(process.env.HMTT_PICTURES, 'export.png') });
  await run.answerDialogs({ save: saved });
  await save.click();
  await page.getByText('sealed secrets').waitFor();
  const text = readFileSync(saved, 'utf8');
  for (const secret of SECRETS) expect(text).not.toContain(secret);
  await goTo(page, '/hosts/import?what=site');
  await page.locator('input[type=file]').setInputFiles(saved);
  const question = page.getByTestId('document-key');
  await question.getByLabel('Passphrase of the secrets').fill('wrong');
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.locator('[data-error-code="SITE_SECRETS_WRONG_KEY"]').waitFor();
  if (process.env.HMTT_PICTURES) await page.screenshot({ path: join(process.env.HMTT_PICTURES, 'key.png') });
  await question.getByLabel('Passphrase of the secrets').fill('correct horse battery');
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByText('Nothing would change').waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
});

test('the pages speak Chinese', async () => {
  const { page } = run;
  await goTo(page, '/settings');
  await page.locator('.top-right select').first().selectOption('zh-CN');
  await page.getByRole('link', { name: '导入配置…' }).click();
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('button', { name: '检查文件' }).click();
  await page
    .getByTestId('import-preview')
    .getByRole('row', { name: /^备份计划 0 0 1/ })
    .waitFor();
  if (process.env.HMTT_PICTURES)
    await page.screenshot({ path: join(process.env.HMTT_PICTURES, 'zh.png'), fullPage: true });
  await goTo(page, '/settings');
  await page.getByRole('button', { name: '导出全部配置…' }).waitFor();
});
