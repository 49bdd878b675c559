import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../renderer/locales/en/index.ts';
import { altered, type ConsoleRun, launchConsole } from '../helpers/electron.ts';
import { goTo } from '../helpers/go.ts';

/** A file of the window that cannot be fetched for a while: Chromium itself would never ask for it again. */

let appDir: string;
let run: ConsoleRun;

beforeAll(async () => {
  appDir = altered({});
  run = await launchConsole({ appDir });
});

afterAll(async () => {
  await run?.close();
  rmSync(appDir, { recursive: true, force: true });
});

test('the window asks for it again, once by itself and then by hand, and stays at its address', async () => {
  const { page } = run;
  const assets = join(appDir, 'dist', 'renderer', 'assets');
  const name = readdirSync(assets).find((file) => /^rotation-tab-.*\.js$/.test(file)) ?? '';
  await page.waitForSelector('nav.nav');
  renameSync(join(assets, name), join(appDir, name));
  await page.evaluate(() => {
    document.documentElement.dataset.first = 'true';
  });
  await goTo(page, '/logs?tab=rotation');
  await page.waitForSelector('html:not([data-first])', { state: 'attached' });
  const reopen = page.getByRole('button', { name: en.common.error.reopen });
  await reopen.waitFor();
  renameSync(join(appDir, name), join(assets, name));
  await reopen.click();
  await page.getByRole('button', { name: en.rotation.view.policies }).waitFor();
  expect(new URL(page.url()).search).toBe('?tab=rotation');
});
