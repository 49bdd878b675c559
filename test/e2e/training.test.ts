import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareTrainingFolder } from '../../main/engine/training-site.ts';
import { type ConsoleRun, launchConsole } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo } from '../helpers/go.ts';

/** A newcomer goes through all six lessons in Chinese, by what the strip above every page says, without a mouse. */
let dir = '';
let run: ConsoleRun;
let page: Page;
let engine: EngineAccess;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hmtt-lessons-'));
  prepareTrainingFolder(dir);
  run = await launchConsole({ dataDir: dir, language: 'zh-CN', ready: true });
  page = run.page;
  const reached = await reachEngine(dir);
  if (reached === null) throw new Error('the engine of the training site does not answer');
  engine = reached;
});
afterAll(async () => {
  engine.close();
  await run.close();
  rmSync(dir, { recursive: true, force: true });
});

const strip = () => page.getByTestId('training-strip');

/** Waits until the strip is at this step, by a part of its sentence. */
async function at(text: string): Promise<void> {
  await strip().filter({ hasText: text }).waitFor();
}

/** Presses a button or follows a link with the keyboard. */
async function press(name: string, where = page.locator('body')): Promise<void> {
  const all = where
    .getByRole('button', { name, exact: true })
    .or(where.getByRole('link', { name, exact: true }));
  await all.first().press('Enter');
}

/** Follows the strip to the page that it names. */
const follow = (): Promise<void> => press('前往', strip());

test('the overview leads into the first lesson: an alert, and the machine mended', async () => {
  await goTo(page, '/');
  await at('处理一条告警');
  await press('触发故障', strip());
  await at('等到 app-3 的告警出现');
  await follow();
  await page.locator('.firing-row', { hasText: 'app-3' }).waitFor();
  await at('排除故障（相当于修好机器）');
  await press('排除故障', strip());
});

test('a cause is found in the logs', async () => {
  await at('触发故障“错误突增”');
  await press('触发故障', strip());
  await at('找出失败最多的订单号');
  await follow();
  // Enough errors that one order leads: asked of the engine, because the page shows what it found when it was opened.
  await expect
    .poll(async () => (await engine.call('logs.search', { query: 'level:error' })).events.length, {
      timeout: 60_000,
    })
    .toBeGreaterThan(5);
  await press('重新搜索');
  const counted = /全部 (?:[6-9]|[1-9]\d+) 行/;
  await page.getByTestId('log-field-panel').filter({ hasText: counted }).waitFor();
  const order = page.locator('.field-list > li', { hasText: 'order' }).first();
  await order.getByRole('button').first().press('Enter');
  const value = await order.locator('.field-value').first().innerText();
  const field = strip().getByLabel('订单号');
  await field.fill('SO-1');
  await field.press('Enter');
  await strip().getByText('还不对').waitFor();
  await field.fill(/SO-\d+/.exec(value)?.[0] ?? value);
  await field.press('Enter');
  await at('排除故障');
  await press('排除故障', strip());
});

test('a log is rotated by a policy', async () => {
  await at('轮转一份日志');
  const path = await strip().locator('code').innerText();
  await follow();
  await press('新建策略');
  const form = page.getByTestId('rotation-form');
  await form.getByLabel('名称', { exact: true }).fill('app-1');
  await form.getByLabel('要轮转的日志文件').fill(path);
  await press('保存', form);
  await press('立即轮转');
});

test('a backup is made, and verified on its own', async () => {
  await at('运行备份计划');
  await follow();
  await press('立即备份');
  await at('把恢复点从头读一遍');
  await page.getByRole('button', { name: '校验最新恢复点', exact: true, disabled: false }).waitFor();
  await press('校验最新恢复点');
});

test('what was deleted is restored where it was', async () => {
  await at('触发故障“数据被删”');
  await press('触发故障', strip());
  await at('恢复到原来的位置');
  const text = await strip().locator('code').innerText();
  await follow();
  const next = () => page.locator('.wizard-foot .btn-primary');
  const step = (id: string) => page.locator(`[data-testid="wizard"][data-step="${id}"]`).waitFor();
  await step('what');
  const find = page.getByTestId('find-files').getByRole('searchbox');
  await find.fill(text);
  await find.press('Enter');
  await page.getByRole('checkbox', { name: '全部选中' }).press('Space');
  await next().press('Enter');
  await step('when');
  await page.locator('.point-choices input').first().press('Space');
  await next().press('Enter');
  await step('where');
  await page.getByRole('radio', { name: /恢复到原来的位置/ }).press('Space');
  await next().press('Enter');
  await step('preview');
  await page.locator('[data-total="restore"]').waitFor();
  await next().press('Enter');
  await step('confirm');
  await page.locator('.confirm input').fill('training');
  await page.locator('.confirm input').press('Enter');
  await step('verify');
});

test('a drill is passed, and that was the last lesson', async () => {
  await at('做一次恢复演练');
  await follow();
  await press('立即演练');
  await at('课程都完成了');
  await press('全部课程', strip());
  await page.locator('h1', { hasText: '演练站点' }).waitFor();
  await expect.poll(() => page.locator('[data-lesson] li:not([data-done="true"])').count()).toBe(0);
});

test('to begin anew takes all of it away, and asks first', async () => {
  await press('重新开始……');
  await press('删除并重新开始', page.getByRole('dialog'));
  await page.locator('[data-lesson="alert"] li[data-done="false"]').first().waitFor();
  await goTo(page, '/backups/training?tab=points');
  await at('处理一条告警');
  await page.getByText('还没有恢复点').first().waitFor();
});
