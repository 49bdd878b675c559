import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '../../renderer/locales/en/index.ts';
import { launchConsole } from '../helpers/electron.ts';
import { reachEngine } from '../helpers/engine.ts';
import { goTo } from '../helpers/go.ts';

test('a report is laid out by the desktop and lands in its folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-reports-'));
  const run = await launchConsole({ ready: true });
  try {
    const engine = await reachEngine(run.dataDir);
    if (engine === null) throw new Error('the engine does not answer');
    expect((await engine.call('dashboards.reports.list', {})).canRender).toBe(true);
    const { id } = await engine.call('dashboards.reports.put', {
      name: 'Daily',
      cron: '0 7 * * *',
      dashboards: [{ uid: 'hmtt-site' }],
      folder,
      language: 'en',
    });
    const { jobId } = await engine.call('dashboards.reports.run', { id });
    await expect
      .poll(async () => (await engine.call('jobs.get', { id: jobId })).state, {
        timeout: 60_000,
        interval: 500,
      })
      .not.toBe('running');
    expect((await engine.call('jobs.get', { id: jobId })).error).toBeNull();
    const [file = ''] = readdirSync(folder);
    expect(file).toMatch(/^Daily-hmtt-site-\d{8}-\d{4}\.pdf$/);
    expect(readFileSync(join(folder, file)).subarray(0, 5).toString('latin1')).toBe('%PDF-');
    engine.close();
  } finally {
    await run.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

test('a report is set up, made and taken away on the page', async () => {
  const words = en.reports;
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-reports-'));
  const run = await launchConsole({ ready: true });
  try {
    const { page } = run;
    await goTo(page, '/metrics/dashboards');
    await page.getByText(words.none).waitFor();
    await page.getByRole('button', { name: words.add }).click();
    const dialog = page.getByRole('dialog');
    const save = dialog.getByRole('button', { name: en.common.action.save });
    await expect.poll(() => save.isDisabled()).toBe(true);
    await dialog.getByLabel(words.name).fill('Morning');
    await dialog.getByRole('checkbox').first().check();
    await dialog.getByLabel(words.folder).fill(join(folder, 'missing'));
    await save.click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel(words.folder).fill(folder);
    await save.click();
    const line = page.getByRole('region', { name: 'Morning' });
    await line.getByRole('button', { name: words.run }).click();
    await line.getByText(words.state.done, { exact: true }).waitFor();
    expect(readdirSync(folder)).toHaveLength(1);
    await line.getByRole('button', { name: en.common.action.remove }).click();
    await page.getByText(words.none).waitFor();
    // What was made stays.
    expect(readdirSync(folder)).toHaveLength(1);
  } finally {
    await run.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
