import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { violations } from '../helpers/axe.ts';
import { type BoardSite, exampleDashboard, makeBoardSite } from '../helpers/board-site.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { goTo, settled } from '../helpers/go.ts';
import { pdfText } from '../helpers/pdf.ts';

/** Dashboards as an operator meets them: looking, choosing, editing by keyboard, importing, hanging on the wall. */

let site: BoardSite;
let run: ConsoleRun;
let page: Page;

beforeAll(async () => {
  site = await makeBoardSite(Date.now());
  run = await launchConsole({ language: 'en', ready: true, dataDir: site.dataDir });
  page = run.page;
  await run.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1366, 768));
  await importFile(exampleDashboard('hosts', 'Zebra hosts'));
});

afterAll(async () => {
  await run?.close();
  site?.remove();
});

beforeEach(async () => {
  await goTo(page, '/');
  await page.waitForSelector('main h1');
});

const button = (name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const address = (): URL => new URL(page.url());
const panel = (title: string): Locator => page.getByRole('region', { name: title, exact: true });
const grip = (title: string): Locator => page.getByRole('button', { name: `Move ${title}`, exact: true });

/** Takes a file by the wizard and waits until it is kept. */
async function importFile(content: object): Promise<void> {
  await goTo(page, '/metrics/dashboards/import');
  await page.locator('textarea').fill(JSON.stringify(content));
  const next = page.locator('.wizard-foot .btn-primary');
  await next.click();
  await page.waitForSelector('[data-testid="wizard"][data-step="report"]');
  await next.click();
  await page.waitForSelector('[data-testid="wizard"][data-step="done"]');
}

async function open(uid: string, more = ''): Promise<void> {
  await goTo(page, `/metrics/dashboards/${uid}${more}`);
  await page.waitForSelector('.board-panel');
  await settled(page);
}

async function menuOf(title: string, entry: string): Promise<void> {
  await page.getByRole('button', { name: `Menu of ${title}`, exact: true }).click();
  await page.locator('.menu:popover-open').getByRole('button', { name: entry, exact: true }).click();
}

describe('looking', () => {
  test('the list has the built-in ones first, and finds by words and tags', async () => {
    await goTo(page, '/metrics/dashboards');
    await page.waitForSelector('[data-testid="table-dashboards"] tbody a');
    const titles = page.locator('[data-testid="table-dashboards"] tbody a');
    await expect.poll(() => titles.last().innerText()).toBe('Zebra hosts');
    await page.locator('.table-filter').fill('zebra');
    await until(
      'one row',
      async () => (await page.locator('[data-testid="table-dashboards"] tbody a').count()) === 1,
    );
  });

  test('a built-in dashboard shows its figures in both languages', async () => {
    await open('hmtt-site', '?range=24h');
    await until('a figure', async () => (await page.locator('.stat-text').count()) > 2);
    const english = await page.locator('h1').innerText();
    await page.locator('.top-right select').first().selectOption('zh-CN');
    await until('the title in Chinese', async () => (await page.locator('h1').innerText()) !== english);
    await expect.poll(() => page.locator('h1').innerText()).toMatch(/\p{Script=Han}/u);
    await page.locator('.top-right select').first().selectOption('en');
  });

  test('a dashboard that is none says so, and leads back to the list', async () => {
    await goTo(page, '/metrics/dashboards/none-of-them');
    await page.getByText('There is no dashboard "none-of-them".').waitFor();
    await page.getByRole('link', { name: 'Back to the dashboards' }).click();
    await page.waitForSelector('[data-testid="table-dashboards"]');
  });

  test('an address without a range takes the one that the dashboard is made for', async () => {
    await open('hosts');
    await until('the range', () => address().searchParams.get('range') === '24h');
  });

  test('every panel has a table twin, its queries, and a way to the explorer', async () => {
    await open('hosts', '?range=24h');
    const title = (await page.locator('.board-panel h2').first().innerText()).trim();
    await until('the chart', async () => (await panel(title).locator('canvas').count()) > 0);
    await menuOf(title, 'Show as table');
    await until('twenty rows', async () => (await panel(title).locator('tbody tr').count()) >= 6);
    await expect.poll(() => panel(title).locator('thead').innerText()).toContain('newest');
    await menuOf(title, 'Show as picture');
    await menuOf(title, 'Inspect queries');
    const drawer = page.getByRole('dialog');
    await until('the expression', async () => (await drawer.innerText()).includes('node_load1{host=~'));
    await expect.poll(() => drawer.innerText()).toMatch(/Samples\s+\d/);
    await page.keyboard.press('Escape');
    await menuOf(title, 'Open in explorer');
    await until('the explorer', () => address().pathname === '/metrics');
    expect(address().searchParams.get('expr')).toContain('node_load1{host=~"');
  });

  test('a broken expression says so in its panel and disturbs no other; no data says so, too', async () => {
    await open('hosts', '?range=24h');
    await panel('Broken').locator('[data-error-code="PROMQL_INVALID"]').waitFor();
    await panel('Nothing').getByText('No data in this time').waitFor();
    await until('the figure', async () => (await panel('Hosts').locator('.stat-text').innerText()) === '19');
  });

  test('a panel fills the page, and Esc gives the others back', async () => {
    await open('hosts', '?range=24h');
    await menuOf('Hosts', 'Show alone');
    await until('one panel', async () => (await page.locator('.board-panel').count()) === 1);
    await page.keyboard.press('Escape');
    await until('all panels', async () => (await page.locator('.board-panel').count()) === 4);
  });

  test('variables are searched, chosen and kept in the address', async () => {
    await open('hosts', '?range=24h');
    await page.locator('.variable-face').click();
    const list = page.locator('.menu:popover-open');
    await list.locator('input[type=search]').fill('db-03');
    await list.getByRole('checkbox', { name: 'db-03' }).click();
    await until('the value in the address', () => address().searchParams.get('var-host') === 'db-03');
    await page.keyboard.press('Escape');
    await panel('Load of db-03').waitFor();
    await until(
      'one line',
      async () => (await panel('Load of db-03').locator('.panel-legend-entry').count()) === 1,
    );
  });

  test('at 200 % the panels stand below each other and nothing is cut off', async () => {
    await run.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(2);
    });
    try {
      await open('hosts', '?range=24h');
      await until('one column', async () => {
        const lefts = await page
          .locator('.board-item')
          .evaluateAll((items) => items.map((item) => Math.round(item.getBoundingClientRect().left)));
        return new Set(lefts).size === 1;
      });
      const wide = await page.evaluate(() => {
        const content = document.querySelector('.content');
        return content === null ? 0 : content.scrollWidth - content.clientWidth;
      });
      expect(wide).toBeLessThanOrEqual(0);
    } finally {
      await run.app.evaluate(({ BrowserWindow }) => {
        BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(1);
      });
    }
  });
});

describe('editing', () => {
  test('by keyboard: move, resize, remove, undo, redo, save, look at a version, restore it', async () => {
    await open('hosts', '?range=24h&edit=1');
    const place = (): Promise<string | null> =>
      page.locator('.board-item[data-item="2"]').getAttribute('style');
    const before = await place();
    await grip('Hosts').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowLeft');
    await until('another size', async () => (await place())?.includes('--w: 11') === true);
    await expect
      .poll(() => page.locator('.board-page > .visually-hidden[role=status]').innerText())
      .toContain('11 wide');
    await page.keyboard.press('Delete');
    await until('the panel is gone', async () => (await page.locator('.board-item').count()) === 3);
    await page.keyboard.press('Control+z');
    await until('the panel is back', async () => (await page.locator('.board-item').count()) === 4);
    await button('Undo').click();
    await until('the old place', async () => (await place()) === before);
    await page.keyboard.press('Control+Shift+Z');
    await until('the new place again', async () => (await place()) !== before);
    await button('Save').click();
    await page.getByLabel('What changed').fill('narrower');
    await page.keyboard.press('Enter');
    await until('viewing again', () => address().searchParams.get('edit') === null);
    await button('More').click();
    await page.locator('.menu:popover-open').getByRole('button', { name: 'Versions' }).click();
    await page.getByText('narrower').waitFor();
    await button('Restore').click();
    await until('the old place for good', async () => (await place()) === before);
  });

  test('adds a panel with an expression, options and words, live beside the form', async () => {
    await open('hosts', '?range=24h&edit=1');
    await button('Add panel').first().click();
    await page.locator('.menu:popover-open [data-kind="stat"]').click();
    await page.waitForSelector('[data-testid="panel-editor"]');
    await page.waitForSelector('.expression-editor[data-ready="true"]');
    await page.getByRole('textbox', { name: 'Expression A' }).click();
    await page.keyboard.type('max(node_load1)');
    await page.keyboard.press('Control+Enter');
    await until(
      'a figure',
      async () => (await page.locator('.panel-editor-picture .stat-text').count()) === 1,
    );
    await page.getByLabel('Title', { exact: true }).fill('Busiest');
    await page.getByLabel('Decimals').fill('3');
    await until('three decimals', async () =>
      /\.\d{3}$/.test(await page.locator('.panel-editor-picture .stat-text').innerText()),
    );
    await button('Done').click();
    await panel('Busiest').waitFor();
    // Another page asks first; what is here stays.
    await page.getByRole('link', { name: 'Hosts', exact: true }).click();
    await page.getByText('They are lost when you leave.').waitFor();
    await button('Go on editing').click();
    await panel('Busiest').waitFor();
    await button('Leave editing').click();
    await button('Discard changes').click();
    await until('viewing', () => address().searchParams.get('edit') === null);
    await expect.poll(() => panel('Busiest').count()).toBe(0);
  });

  test('variables are added and take part at once', async () => {
    await open('hosts', '?range=24h&edit=1');
    await page.locator('.page-actions').getByRole('button', { name: 'Variables' }).click();
    await button('+ Interval').click();
    await page.keyboard.press('Escape');
    await page.getByLabel('var1').waitFor();
    await page.keyboard.press('Control+z');
    await until('no variable', async () => (await page.getByLabel('var1').count()) === 0);
    await button('Leave editing').click();
  });
});

test('a file of Grafana is taken, and what cannot be is listed by panel', async () => {
  await goTo(page, '/metrics/dashboards/import');
  await page.locator('textarea').fill(
    JSON.stringify({
      title: 'From elsewhere',
      uid: 'elsewhere',
      schemaVersion: 39,
      panels: [
        {
          id: 1,
          type: 'timeseries',
          title: 'Load',
          gridPos: { x: 0, y: 0, w: 12, h: 8 },
          targets: [{ refId: 'A', expr: 'node_load1' }],
        },
        { id: 2, type: 'geomap', title: 'World', gridPos: { x: 12, y: 0, w: 12, h: 8 }, targets: [] },
      ],
    }),
  );
  const next = page.locator('.wizard-foot .btn-primary');
  await next.click();
  await page.waitForSelector('[data-testid="table-import-findings"]');
  await expect
    .poll(() => page.locator('[data-testid="table-import-findings"] tbody').innerText())
    .toContain('World');
  await next.click();
  await page.waitForSelector('[data-step="done"]');
  await next.click();
  await panel('Load').locator('canvas').first().waitFor();
  await goTo(page, '/metrics/dashboards/import');
  await page.locator('textarea').fill('{"panels": [}');
  await next.click();
  await page.locator('.wizard [data-error-code]').waitFor();
  await expect.poll(() => page.locator('[data-testid="wizard"]').getAttribute('data-step')).toBe('file');
});

test('the wall shows one board after the other and the clock; Esc leaves it', async () => {
  await goTo(page, '/wall/hosts?range=24h&next=hmtt-site&every=5');
  await page.waitForSelector('.wall .board-panel');
  await expect
    .poll(() => page.locator('.wall-clock').innerText())
    .toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  await until(
    'the first board',
    async () => (await page.locator('.wall').getAttribute('data-board')) === 'hosts',
  );
  await until(
    'the next board',
    async () => (await page.locator('.wall').getAttribute('data-board')) === 'hmtt-site',
  );
  await page.keyboard.press('Escape');
  await until('the page', () => address().pathname === '/metrics/dashboards/hosts');
});

test.each([
  ['中文', '最新'],
  ['English', 'newest'],
])('what is shown is saved as PDF in %s, with its figures', async (name, newest) => {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-board-pdf-'));
  const path = join(folder, 'board.pdf');
  try {
    await run.answerDialogs({ save: path });
    await open('hosts', '?range=24h&var-host=db-03');
    await button('More').click();
    await page
      .locator('.menu:popover-open')
      .getByRole('button', { name: `Save as PDF · ${name}` })
      .click();
    await until('the file', () => existsSync(path));
    const text = pdfText(path);
    expect(text).toContain('Zebra hosts');
    expect(text).toContain('Load of db-03');
    expect(text).toContain(newest);
    if (process.env.HMTT_PICTURES) copyFileSync(path, join(process.env.HMTT_PICTURES, `board-${newest}.pdf`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each([
  ['the list', '/metrics/dashboards'],
  ['a dashboard', '/metrics/dashboards/hosts?range=24h'],
  ['the site', '/metrics/dashboards/hmtt-site?range=24h'],
  ['editing', '/metrics/dashboards/hosts?range=24h&edit=1'],
  ['the editor of a panel', '/metrics/dashboards/hosts?range=24h&edit=1&panel=1'],
  ['the wizard', '/metrics/dashboards/import'],
])('axe finds nothing wrong with %s', async (_what, to) => {
  await goTo(page, to);
  await settled(page);
  expect(await violations(page)).toEqual([]);
});
