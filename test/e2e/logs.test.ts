import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zhCN } from '../../renderer/locales/zh-CN/index.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo } from '../helpers/go.ts';

/** A real log that is being written and rotated, in the real window: added, searched, followed, exported. */

const words = zhCN.logs;
const folder = mkdtempSync(join(tmpdir(), 'hmtt-e2e-logs-'));
const file = join(folder, 'hmtt.log');
let run: ConsoleRun;
let page: Page;
let engine: EngineAccess;
/** Lines written so far. */
let written = 0;
let errors = 0;

/** Appends lines as the application would; every tenth is an error. */
function write(count: number, path = file): void {
  let text = '';
  for (let index = 0; index < count; index += 1) {
    const level = written % 10 === 0 ? 'ERROR' : 'INFO';
    if (level === 'ERROR') errors += 1;
    text += `${new Date().toISOString()} ${level} request number-${written} done\n`;
    written += 1;
  }
  appendFileSync(path, text);
}

/** Goes to a page by the navigation, whose addresses carry the time range along. */
const visit = (id: keyof typeof zhCN.common.nav): Promise<void> =>
  page.locator('nav.nav').getByRole('link', { name: zhCN.common.nav[id] }).click();
const button = (name: string | RegExp) => page.getByRole('button', { name });
const shownTotal = async (): Promise<number> => {
  const text = await page.getByTestId('log-shown').innerText();
  return Number(/共 ([\d,]+) 条/.exec(text)?.[1]?.replaceAll(',', '') ?? '-1');
};
const messages = (): Promise<string[]> => page.locator('.log-message').allInnerTexts();

beforeAll(async () => {
  writeFileSync(file, '');
  write(300);
  run = await launchConsole({ language: 'zh-CN', ready: true });
  page = run.page;
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
});

afterAll(async () => {
  engine?.close();
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Types a query. Until its editor is there a plain field has its name, and for a moment both have. */
async function typeQuery(label: string, text: string): Promise<void> {
  await page.waitForSelector('.expression-editor[data-ready="true"]');
  await page.getByLabel(label).fill(text);
}

test('an empty page leads to the wizard, which shows what each line becomes before anything is stored', async () => {
  await visit('logs');
  await page.getByRole('main').getByRole('button', { name: words.noSources.action }).click();
  // A path that names no file yet is said to be one, and does not stand in the way.
  await page.getByLabel(words.wizard.path).fill(join(folder, 'later', '*.log'));
  await page.keyboard.press('Enter');
  await page.getByText(words.wizard.previewNoFiles).waitFor();
  await expect.poll(() => button(zhCN.common.action.next).isEnabled()).toBe(true);
  await button(zhCN.common.action.back).click();
  await page.getByLabel(words.wizard.path).fill(join(folder, '*.log'));
  // Enter takes the safe next step.
  await page.keyboard.press('Enter');
  await page.getByText(words.wizard.previewFiles.replace('{{count}}', '1')).waitFor();
  await page.getByText('request number-0 done', { exact: true }).waitFor();
  expect((await engine.call('logs.sources.list', {})).sources).toEqual([]);
  await button(zhCN.common.action.next).click();
  await page.getByLabel(words.wizard.name).fill('hmtt');
  await page.keyboard.press('Enter');
  await button(words.wizard.add).click();
  await page.getByText(words.wizard.doneLines.replace('{{lines}}', '300')).waitFor();
  expect((await engine.call('logs.sources.list', {})).sources).toMatchObject([{ name: 'hmtt', lines: 300 }]);
});

test('every line is found once, also those that are written while the log is rotated', async () => {
  await page.getByRole('link', { name: words.wizard.toSearch }).click();
  await until('300 lines', async () => (await shownTotal()) === 300);
  for (let round = 1; round <= 3; round += 1) {
    write(150);
    renameSync(file, join(folder, `hmtt.log.${round}`));
    // A writer that has not reopened yet goes on in the renamed file.
    write(20, join(folder, `hmtt.log.${round}`));
    writeFileSync(file, '');
    write(30);
    await until(`the lines of round ${round}`, async () => {
      await button(words.search.refresh).click();
      return (await shownTotal()) === written;
    });
  }
  expect((await engine.call('logs.count', { query: '' })).total).toBe(written);
});

test('words, levels and mistakes in a query', async () => {
  await typeQuery(words.search.label, 'number-42');
  await page.keyboard.press('Enter');
  await until('one line', async () => (await shownTotal()) === 1);
  await expect.poll(messages).toEqual(['request number-42 done']);

  await page.locator('.log-line').first().click();
  await button(words.details.context).click();
  const context = page.getByTestId('log-context');
  await context.getByText('request number-41 done').waitFor();
  await context.getByText('request number-43 done').waitFor();

  await button(words.search.clear).click();
  await button(new RegExp(`^${words.level.error}$`)).click();
  await until('the errors', async () => (await shownTotal()) === errors);
  expect(new URL(page.url()).searchParams.get('levels')).toBe('error');

  await typeQuery(words.search.label, 'done AND (number');
  await page.keyboard.press('Enter');
  const notice = page.locator('[data-error-code^="LOG_QUERY"]');
  await notice.waitFor();
  // The opening parenthesis stands in column 10 of what was typed.
  await expect.poll(() => notice.innerText()).toMatch(/\b(10|17)\b/);
  // What was found before stays on the screen.
  expect(await shownTotal()).toBe(errors);
  await button(words.search.clear).click();
});

test('names that no line knows are named, and what was meant is one key away', async () => {
  await typeQuery(words.search.label, 'levle:error source:ordres');
  await page.keyboard.press('Enter');
  await page.getByText(words.search.unknown.field.replace('{{name}}', 'levle')).waitFor();
  await page.getByText(words.search.unknown.source.replace('{{name}}', 'ordres')).waitFor();
  await button(words.search.meant.replace('{{meant}}', 'level')).press('Enter');
  await page
    .getByText(words.search.unknown.field.replace('{{name}}', 'levle'))
    .waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('q')).toBe('level:error source:ordres');
  await typeQuery(words.search.label, 'level:error');
  await page.keyboard.press('Enter');
  await until('the errors', async () => (await shownTotal()) === errors);
  await button(words.search.clear).click();
});

test('the chart zooms by keyboard, and back undoes it', async () => {
  await until('all lines', async () => (await shownTotal()) === written);
  const before = page.url();
  await page.getByRole('group', { name: words.histogram.label }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await until('a narrower range', () => new URL(page.url()).searchParams.has('from'));
  await page.goBack();
  await until('the range of before', () => page.url() === before);
});

test('a list says how many of how many, and loads the older ones', async () => {
  write(600);
  await until('all lines', async () => {
    await button(words.search.refresh).click();
    return (await shownTotal()) === written;
  });
  await expect.poll(() => page.getByTestId('log-shown').innerText()).toContain('显示 500 条');
  // The end of the list brings the next page by itself. The last search asked for above may begin the list anew meanwhile.
  const list = page.getByTestId('log-list');
  await until('the next page', async () => {
    await list.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    return (await page.getByTestId('log-shown').innerText()).includes('显示 1,000 条');
  });
});

test('everything found is exported, not only what is shown', async () => {
  await button(words.search.refresh).click();
  await button(words.export.open).click();
  await page.getByLabel(words.export.folder).fill(folder);
  await page.getByLabel(words.export.name).fill('export');
  await button(words.export.start).click();
  await page.getByTestId('log-exported').waitFor();
  const lines = readFileSync(join(folder, 'export.ndjson'), 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(written);
  const numbers = new Set(lines.map((line) => JSON.parse(line).message));
  expect(numbers.size).toBe(written);
  await page.keyboard.press('Escape');
});

test('the live tail goes on while another page is shown and the window is hidden', async () => {
  await page.getByRole('link', { name: words.tabs.live }).click();
  await typeQuery(words.live.query, 'level:error');
  await page.keyboard.press('Enter');
  await page.locator('[data-tail-status="live"]').waitFor();
  const first = errors;
  write(20);
  await until('two errors', async () => (await messages()).length === errors - first);

  await visit('backups');
  await page.getByRole('heading', { name: zhCN.backups.title }).waitFor();
  write(30);
  await run.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  write(30);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await run.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
  await visit('logs');
  await page.getByRole('link', { name: words.tabs.live }).click();
  await until('all errors since the start', async () => (await messages()).length === errors - first);
  const numbers = (await messages()).map((message) => Number(/number-(\d+)/.exec(message)?.[1]));
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
});

test('a pause holds lines back and loses none', async () => {
  const shown = (await messages()).length;
  await button(words.live.pause).click();
  const before = errors;
  write(50);
  const resume = button(words.live.resumeWith.replace('{{count}}', String(errors - before)));
  await resume.waitFor();
  expect(await messages()).toHaveLength(shown);
  await resume.click();
  await until('the held lines', async () => (await messages()).length === shown + errors - before);
});

test('the live tail goes on with the next engine after a crash', async () => {
  const { engine: process } = await engine.call('site.status', {});
  engine.close();
  kill(process.pid, 'SIGKILL');
  await page.locator('[data-tail-status="interrupted"]').waitFor();
  await page.locator('[data-tail-status="live"]').waitFor();
  engine = await until('an answer of the next engine', () => reachEngine(run.dataDir));
  // Lines that the next engine reads before the tail reaches it are found by a search; the tail says so.
  await until('a line of the next engine', async () => {
    write(10);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return (await page.getByText(`number-${written - 10} done`).count()) === 1;
  });
  await expect.poll(() => page.getByText(words.live.interruptions.replace('{{count}}', '1')).count()).toBe(1);
  await until(
    'every line to be stored once',
    async () => (await engine.call('logs.count', { query: '' })).total === written,
  );
});

test('the sources tell what they read and how far', async () => {
  await goTo(page, '/logs/sources');
  const row = page.getByTestId('table-log-sources').locator('tbody tr');
  await row.getByText(words.sources.lagNone).waitFor();
  await row.getByText('time-level').waitFor();
  await row.dblclick();
  await page.getByText(`${file}.1`).or(page.getByText(file)).first().waitFor();
  await page.keyboard.press('Escape');
});

test('the lines around a hit: of its log, of its host, of all logs, by keyboard', async () => {
  const day = 86_400_000;
  const base = Date.now() - day;
  const sources = [
    { name: 'orders', host: 'app-1' },
    { name: 'database', host: 'db-1' },
    { name: 'gateway', host: 'app-1' },
  ];
  for (const [index, { name, host }] of sources.entries()) {
    const path = join(folder, `${name}.txt`);
    const lines = Array.from(
      { length: 40 },
      (_, n) => `${new Date(base + n * 3 + index).toISOString()} INFO ${name} says ${n}\n`,
    );
    writeFileSync(path, lines.join(''));
    await engine.call('logs.sources.add', { path, name, host, zone: 'UTC' });
  }
  await engine.call('logs.sync', {});
  await goTo(page, `/logs?from=${base - 1000}&to=${base + day / 2}&q=%22orders+says+20%22`);
  await until('the line', async () => (await shownTotal()) === 1);
  await page.locator('.log-line').first().focus();
  await page.keyboard.press('Enter');
  await button(words.details.context).focus();
  await page.keyboard.press('Enter');
  const around = page.getByTestId('log-context');
  const said = async (): Promise<string[]> =>
    (await around.locator('li .mono').allInnerTexts()).map((text) => /\w+ says \d+/.exec(text)?.[0] ?? '');
  const scope = (name: keyof typeof words.context.scope) =>
    around.getByRole('button', { name: words.context.scope[name], exact: true });
  const shown = async (before: number, after: number): Promise<void> => {
    const text = words.context.shown.replace('{{before}}', `${before}`).replace('{{after}}', `${after}`);
    await around.getByText(text, { exact: true }).waitFor();
  };
  await shown(10, 10);
  expect(await said()).toEqual(Array.from({ length: 21 }, (_, n) => `orders says ${n + 10}`));
  await scope('host').focus();
  await page.keyboard.press('Enter');
  await around.getByText('gateway says 20').waitFor();
  expect(await said()).not.toContain('database says 20');
  // Tab leads to the next choice.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await around.getByText('database says 20').waitFor();
  await shown(10, 10);
  expect((await said()).slice(9, 13)).toEqual([
    ...['gateway says 19', 'orders says 20', 'database says 20', 'gateway says 20'],
  ]);
  await expect.poll(() => around.getByText('db-1 · database').count()).toBeGreaterThan(0);
  const hit = around.locator('[aria-current="true"]');
  await until('the hit in the middle', async () => {
    const [line, list] = [await hit.boundingBox(), await around.locator('ol').boundingBox()];
    return line !== null && list !== null && line.y > list.y && line.y + line.height < list.y + list.height;
  });
  await around
    .getByRole('button', { name: words.context.earlier.replace('{{count}}', '50'), exact: true })
    .click();
  await shown(60, 10);
  await around.getByText(words.context.noEarlier, { exact: true }).waitFor();
  expect((await said()).slice(0, 3)).toEqual(['orders says 0', 'database says 0', 'gateway says 0']);
  expect(new URL(page.url()).searchParams.get('around')).toBe('all');
});

test('lines around a hit come into view in the list where they open', async () => {
  const { searchParams } = new URL(page.url());
  // Nothing is open in a list that begins anew.
  await visit('backups');
  await page.getByRole('heading', { name: zhCN.backups.title }).waitFor();
  await goTo(
    page,
    `/logs?from=${searchParams.get('from')}&to=${searchParams.get('to')}&q=%22orders+says%22&around=log`,
  );
  await until('the lines', async () => (await shownTotal()) === 40);
  await page.locator('.log-line').filter({ hasText: 'orders says 33' }).click();
  await button(words.details.context).click();
  const around = page.getByTestId('log-context').filter({ hasText: 'orders says 33' });
  const hit = around.locator('[aria-current="true"]').filter({ hasText: 'orders says 33' });
  const list = page.getByTestId('log-list');
  await until('the hit in view', async () => {
    const [line, view] = [await hit.boundingBox(), await list.boundingBox()];
    if (line === null || view === null) return false;
    return line.y >= view.y && line.y + line.height <= view.y + view.height;
  });
});
