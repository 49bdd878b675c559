import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../helpers/axe.ts';
import { type ConsoleRun, launchConsole } from '../helpers/electron.ts';
import { goTo } from '../helpers/go.ts';

let run: ConsoleRun;
const folder = mkdtempSync(join(tmpdir(), 'hmtt-audit-e2e-'));

beforeAll(async () => {
  run = await launchConsole({ ready: true });
});

afterAll(async () => {
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the audit trail in the window', () => {
  test('shows what was done in the window, proves it, and exports it', async () => {
    const { page } = run;
    await goTo(page, '/settings/audit');
    await page.getByText('Nothing is recorded yet').waitFor();

    await goTo(page, '/settings');
    await page.getByLabel('Site name').fill('Pump house');
    await page.getByRole('button', { name: 'Save' }).first().click();
    await page.locator('.top-name', { hasText: 'Pump house' }).waitFor();

    await goTo(page, '/settings');
    await page.getByRole('link', { name: 'Show the audit trail' }).click();
    const table = page.getByTestId('table-audit');
    const row = table.locator('tbody tr[aria-rowindex]').first();
    await row.getByText('set site settings').waitFor();
    await expect.poll(() => row.innerText()).toMatch(/window[\s\S]*siteName=Pump house[\s\S]*done/);
    expect(await violations(page)).toEqual([]);

    // One box filters all of the trail; what is typed goes on into it when nothing is left over, and when something is again.
    await expect.poll(() => page.locator('main input[type="search"]').count()).toBe(1);
    const words = page.getByRole('searchbox', { name: 'text in object or values' });
    await words.focus();
    await page.keyboard.type('no such thing');
    await page.getByText('No record fits the filter').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Pump');
    await row.getByText('set site settings').waitFor();
    await page.keyboard.type(' house');
    await expect.poll(() => words.inputValue()).toBe('Pump house');
    await row.getByText('set site settings').waitFor();

    await row.focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('audit-detail').getByText('site.settings.set').waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Verify now' }).click();
    await page
      .getByTestId('audit-verify')
      .getByText(/^Intact/)
      .waitFor();
    await page
      .getByTestId('audit-verify')
      .getByText(/^hmtt-audit-anchor:1:/)
      .waitFor();

    await page.getByRole('button', { name: 'Export…' }).click();
    const dialog = page.getByTestId('audit-export');
    await dialog.getByLabel('Folder').fill(folder);
    await dialog.getByLabel('File name').fill('trail.ndjson');
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByText(/entries written/).waitFor();
    const lines = readFileSync(join(folder, 'trail.ndjson'), 'utf8').trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ kind: 'checkpoint', n: lines.length });
  });
});
