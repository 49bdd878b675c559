import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BoardSite, makeBoardSite } from '../helpers/board-site.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { goTo } from '../helpers/go.ts';

/** Marks that a query makes: on the panels that they are for, named by the crosshair, also when moved by keys. */

let site: BoardSite;
let run: ConsoleRun;
let page: Page;

beforeAll(async () => {
  site = await makeBoardSite(Date.now());
  run = await launchConsole({ language: 'en', ready: true, dataDir: site.dataDir });
  page = run.page;
  await goTo(page, '/metrics/dashboards/import');
  const chart = (id: number, x: number, title: string) => ({
    kind: 'timeseries',
    id,
    title,
    place: { x, y: 0, w: 12, h: 6 },
    targets: [{ ref: 'A', expr: 'node_load1' }],
  });
  const content = {
    format: 'hmtt-dashboard',
    version: 1,
    uid: 'marked',
    title: 'Marked',
    time: { from: 'now-1h' },
    annotations: [
      {
        name: 'Loaded',
        // Has a value all the time, so that the crosshair is on a mark wherever it is.
        source: { of: 'query', expr: 'count(node_load1) > 0', title: 'hosts were loaded' },
        panels: { ids: [1] },
      },
    ],
    rows: [{ panels: [chart(1, 0, 'With marks'), chart(2, 12, 'Without')] }],
  };
  await page.locator('textarea').fill(JSON.stringify(content));
  const next = page.locator('.wizard-foot .btn-primary');
  await next.click();
  await page.waitForSelector('[data-testid="wizard"][data-step="report"]');
  await next.click();
  await page.waitForSelector('[data-testid="wizard"][data-step="done"]');
  await goTo(page, '/metrics/dashboards/marked');
});

afterAll(async () => {
  await run?.close();
  site?.remove();
});

test('the crosshair names what a query marked, and only on its panels', async () => {
  const charts = ['With marks', 'Without'].map((name) =>
    page.getByRole('region', { name, exact: true }).getByRole('slider'),
  );
  const spoken = async (at: number): Promise<string> =>
    (await charts[at]?.getAttribute('aria-valuetext')) ?? '';
  await until('the mark is named', async () => {
    await charts[0]?.focus();
    await page.keyboard.press('ArrowLeft');
    return (await spoken(0)).includes('hosts were loaded');
  });
  await expect.poll(() => page.locator('.chart-mark-words').first().textContent()).toBe('hosts were loaded');
  await charts[1]?.focus();
  await page.keyboard.press('ArrowLeft');
  expect(await spoken(1)).not.toContain('hosts were loaded');
});

test('a query for marks is added in the settings', async () => {
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('button', { name: /Settings/ }).click();
  const form = page.getByRole('group', { name: 'Marks made by queries' });
  await expect.poll(() => form.getByRole('region', { name: 'Loaded' }).count()).toBe(1);
  await form.getByRole('button', { name: '+ Add query marks' }).click();
  const added = form.getByRole('region', { name: 'Query marks' });
  await added.getByLabel('Expression').fill('count(node_load1) > bool 0');
  await expect.poll(() => added.getByLabel('Expression').inputValue()).toBe('count(node_load1) > bool 0');
});
