import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { zhCN } from '../../renderer/locales/zh-CN/index.ts';
import { violations } from '../helpers/axe.ts';
import { takeCompletion } from '../helpers/completion.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo, settled } from '../helpers/go.ts';

/** What is done with logs besides reading them: fields, patterns, samples, pipelines, rotation; all with a real engine. */

const words = zhCN.logs;
const folder = mkdtempSync(join(tmpdir(), 'hmtt-e2e-log-pages-'));
const file = join(folder, 'hmtt.log');
const LINES = 200;
let run: ConsoleRun;
let page: Page;
let engine: EngineAccess;

const button = (name: string) => page.getByRole('button', { name, exact: true });
const total = async (): Promise<number> => {
  const text = await page.getByTestId('log-shown').innerText();
  return Number(/共 ([\d,]+) 条/.exec(text)?.[1]?.replaceAll(',', '') ?? '-1');
};

beforeAll(async () => {
  const lines = Array.from({ length: LINES }, (_, index) => {
    const level = index % 10 === 0 ? 'error' : 'info';
    const time = new Date(Date.now() - (LINES - index) * 100).toISOString();
    return JSON.stringify({ time, level, message: `order ${index} from client`, status: index % 4 });
  });
  writeFileSync(file, `${lines.join('\n')}\n`);
  run = await launchConsole({ language: 'zh-CN', ready: true });
  page = run.page;
  await run.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1366, 768));
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
  await engine.call('logs.sources.add', { name: 'hmtt', path: file, format: 'json' });
  await engine.call('logs.sync', {});
});

afterAll(async () => {
  engine?.close();
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async () => {
  // Whatever a test leaves open, and the page below it, is usable by everybody.
  expect(await violations(page)).toEqual([]);
  for (let open = 0; open < 3 && (await page.locator('dialog[open]').count()) > 0; open += 1)
    await page.keyboard.press('Escape');
});

test('a value of the field statistics is added to the search, or excluded', async () => {
  await goTo(page, '/logs?range=1h&fields=1');
  const panel = page.getByTestId('log-field-panel');
  await panel.getByRole('button', { name: /^status/ }).click();
  await panel.getByRole('button', { name: words.fields.exclude.replace('{{value}}', 'info') }).click();
  await until('the errors', async () => (await total()) === LINES / 10);
  expect(new URL(page.url()).searchParams.get('q')).toBe('NOT level:info');
  await panel.getByTitle('2：10 行', { exact: false }).click();
  await until('errors of one status', async () => (await total()) === LINES / 20);
});

test('the editor completes values, marks a mistake where it is, and runs with Enter', async () => {
  await goTo(page, '/logs?range=1h');
  await page.waitForSelector('.expression-editor[data-ready="true"]');
  const editor = page.getByRole('textbox', { name: words.search.label });
  await editor.click();
  await page.keyboard.type('level:er');
  await page.locator('.cm-tooltip-autocomplete').getByText('error').waitFor();
  await takeCompletion(page, 'error');
  await until('the word', async () => (await editor.innerText()).includes('level:error'));
  await page.keyboard.press('Enter');
  await until('the errors', async () => (await total()) === LINES / 10);
  await page.keyboard.type(' level:loud');
  await page.locator('.cm-lintRange-error').waitFor();
  await expect.poll(() => page.locator('.cm-lintRange-error').innerText()).toBe('level:');
});

test('a search that is saved is found with Ctrl K', async () => {
  await goTo(page, '/logs?range=1h&q=level%3Aerror');
  await button(words.saved.open).click();
  await page.getByLabel(words.saved.name).fill('夜班错误');
  await button(words.saved.save).click();
  await page.getByTestId('saved-searches').getByText('夜班错误').waitFor();
  await page.keyboard.press('Escape');
  await goTo(page, '/');
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill('夜班');
  await page.getByRole('option', { name: /夜班错误/ }).waitFor();
  await page.keyboard.press('Enter');
  await until('the search', () => new URL(page.url()).searchParams.get('q') === 'level:error');
  await until('its lines', async () => (await total()) === LINES / 10);
});

test('lines of one wording are one pattern, whose lines are a click away', async () => {
  await goTo(page, '/logs?tab=patterns&range=1h');
  const row = page.getByTestId('table-log-patterns').locator('tbody tr');
  await row.first().waitFor();
  await expect.poll(() => row.count()).toBe(1);
  await expect.poll(() => row.first().innerText()).toContain('from client');
  await row.first().press('Enter');
  await button(words.patterns.showLines).click();
  await until('its lines', async () => (await total()) === LINES);
});

test('an alert is made of a search: its matches are counted, and the rule form is filled', async () => {
  await goTo(page, '/logs?range=1h&q=level%3Aerror');
  await button(words.alert.open).click();
  await page.getByLabel(words.alert.name).fill('db-errors');
  await button(zhCN.common.action.next).click();
  const text = page.getByTestId('rule-preview');
  await text.getByText('hmtt_log_matches_total').waitFor();
  await expect.poll(() => text.innerText()).toContain('db-errors');
  expect((await engine.call('logs.saved.list', {})).searches).toContainEqual(
    expect.objectContaining({ name: 'db-errors', counted: true }),
  );
});

test('a format is tried on a sample: the fields of each line, or why it did not match', async () => {
  await goTo(page, '/logs?tab=sources');
  await button(words.test.open).click();
  const form = page.getByTestId('log-test');
  await form
    .getByLabel(words.test.sample)
    .fill('{"time":"2026-11-22T10:00:00Z","level":"error","msg":"full","size":50}\nnot json');
  await form.getByLabel(words.wizard.format, { exact: true }).selectOption('json');
  await form.getByRole('button', { name: words.test.run, exact: true }).click();
  const tested = page.getByTestId('tested-lines');
  await tested.waitFor();
  await expect.poll(() => tested.getAttribute('data-matched')).toBe('1');
  await expect.poll(() => tested.locator('.tested-field').innerText()).toMatch(/size\s+50/);
  await expect.poll(() => tested.locator('[data-matched="false"]').count()).toBe(1);
});

test('a pipeline shows what it makes of stored lines, and a Logstash file is refused by line', async () => {
  const { list, edit, option, preview, logstash } = zhCN.pipelines;
  await goTo(page, '/logs?tab=pipelines');
  await settled(page);
  await button(list.new).first().click();
  const form = page.getByTestId('pipeline-form');
  await form.getByLabel(edit.name).fill('errors');
  await form.getByLabel(edit.add).selectOption('mutate');
  await form.getByLabel(option.addTag).fill('urgent');
  await form.getByLabel(edit.when).fill('[level] == "error"');
  await page.getByLabel(preview.query).fill('level:error');
  await button(preview.look).click();
  await page.locator('.preview-events ins').first().waitFor();
  await expect.poll(() => page.locator('.preview-events ins').first().innerText()).toBe('urgent');
  await form.getByRole('button', { name: zhCN.common.action.save, exact: true }).click();
  await page.getByTestId('pipeline').waitFor();
  await button(logstash.open).click();
  const dialog = page.getByTestId('logstash-import');
  await dialog
    .locator('textarea')
    .fill('input { stdin { } }\nfilter {\n  ruby { code => "1" }\n}\noutput { }');
  await dialog.getByRole('button', { name: logstash.look, exact: true }).click();
  const found = page.getByTestId('logstash-found');
  await found.getByText('ruby').first().waitFor();
  await expect.poll(() => found.innerText()).toContain(zhCN.common.error.line.replace('{{line}}', '3'));
});

test('a policy says what it will do, rotates, and shows as many lines after as before; a hit in the archive has lines around it', async () => {
  const rotation = zhCN.rotation;
  await goTo(page, '/logs?tab=rotation');
  await settled(page);
  await button(rotation.policies.new).first().click();
  const form = page.getByTestId('rotation-form');
  await form.getByLabel(rotation.form.name, { exact: true }).fill('hmtt');
  await form.getByLabel(rotation.form.paths).fill(file);
  await page.getByText(rotation.outlook.files.replace('{{count}}', '1')).waitFor();
  await page.getByTestId('rotation-forecast').locator('tbody tr').nth(2).waitFor();
  // The window's runtime may have no zstd: form, sentence and preview name what is written then.
  const target = await page.locator('.outlook-files').innerText();
  const written = target.includes('.zst') ? 'zstd' : 'gzip';
  const offered = rotation.form.codec[written === 'zstd' ? 'zstd' : 'noZstd'];
  await expect
    .poll(() => form.getByLabel(rotation.form.compress, { exact: true }).innerText())
    .toContain(offered);
  const sentence = rotation.how.compress.replace('{{codec}}', written);
  await expect.poll(() => page.locator('.sentence').innerText()).toContain(sentence);
  await form.getByRole('button', { name: zhCN.common.action.save, exact: true }).click();
  await button(rotation.policies.run).click();
  await page.locator('[data-testid="job"][data-job-state="done"]').waitFor();
  await goTo(page, '/logs?tab=rotation&view=history');
  const same = rotation.history.same.replace('{{before}}', String(LINES)).replace('{{after}}', String(LINES));
  await page.getByTestId('rotation').getByText(same).waitFor();
  await goTo(page, '/logs?tab=rotation&view=segments');
  await button(rotation.verify.run).click();
  await page.locator('[data-testid="verify-report"][data-ok="true"]').waitFor();
  const archived = readdirSync(join(run.dataDir, 'archive', 'hmtt'));
  expect(archived).toEqual([expect.stringMatching(written === 'zstd' ? /\.zst$/ : /\.gz$/)]);
  await page.getByRole('textbox', { name: rotation.archive.label }).click();
  await page.keyboard.type('/order 42 from/');
  await page.keyboard.press('Enter');
  await button(`${file}:43 · ${words.details.context}`).press('Enter');
  const around = page.getByTestId('archive-context');
  await around.locator('.here').getByText('order 42 from client').waitFor();
  const shown = (before: number, after: number) =>
    around.getByText(words.context.shown.replace('{{before}}', `${before}`).replace('{{after}}', `${after}`));
  await shown(10, 10).waitFor();
  await button(words.context.earlier.replace('{{count}}', '50')).press('Enter');
  await shown(42, 10).waitFor();
  await around.getByText(rotation.archive.noEarlier, { exact: true }).waitFor();
});

test('every page of logs stays usable in the dark, at 200 % and where there is little room', async () => {
  await page.locator('.top-right select').nth(1).selectOption('dark');
  await run.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(683, 384));
  for (const address of ['/logs?fields=1', '/logs?tab=patterns', '/logs?tab=live', '/logs?tab=rotation']) {
    await goTo(page, address);
    await settled(page);
    expect(await violations(page)).toEqual([]);
    // Nothing stands beside the page: what does not fit is below, or scrolls in its own box.
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  }
});
