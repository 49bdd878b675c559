import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zhCN } from '../../renderer/locales/zh-CN/index.ts';
import { violations } from '../helpers/axe.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo, settled } from '../helpers/go.ts';
import { jobEnd } from '../helpers/job-end.ts';
import { pdfText } from '../helpers/pdf.ts';

/** Disaster recovery in the real window: what teaches, what is promised, what is rehearsed, what is printed. */

const words = zhCN.recovery.disaster;
const folder = mkdtempSync(join(tmpdir(), 'hmtt-e2e-recovery-'));
let run: ConsoleRun;
let page: Page;
let engine: EngineAccess;

const button = (name: string | RegExp) => page.getByRole('main').getByRole('button', { name });

beforeAll(async () => {
  run = await launchConsole({ language: 'zh-CN', ready: true });
  page = run.page;
  await page.setViewportSize({ width: 1366, height: 768 });
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
});

afterAll(async () => {
  engine?.close();
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the empty page teaches: two entrances, and on each tab what would be there', async () => {
  await goTo(page, '/recovery');
  await page.getByRole('link', { name: /恢复文件/ }).waitFor();
  await page.getByRole('link', { name: /恢复系统/ }).waitFor();
  for (const [tab, text] of [
    ['objectives', words.objectives.none],
    ['drills', words.drills.noPlans],
    ['runbooks', words.runbooks.none],
    ['risks', words.risks.none],
    ['environment', words.environment.none],
  ] as const) {
    await page.getByRole('link', { name: words.tabs[tab], exact: true }).click();
    await page.getByText(text, { exact: true }).first().waitFor();
    // Nothing hangs out at the side of a small screen.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1366);
  }
});

test('with nothing to restore from, page and wizard lead to the archives of a medium', async () => {
  for (const address of ['/recovery', '/recovery/restore?kind=system']) {
    await goTo(page, address);
    const way = page.getByTestId('no-points').getByRole('button', { name: zhCN.backups.rebuild });
    await way.press('Enter');
    await page.getByRole('dialog', { name: zhCN.backups.rebuildDialog.title }).waitFor();
    await page.keyboard.press('Escape');
  }
});

test('risks are begun from those that are common, chosen one by one', async () => {
  await goTo(page, '/recovery?tab=risks');
  await button(words.risks.starters).click();
  const boxes = page.getByRole('checkbox');
  await boxes.nth(0).check();
  await boxes.nth(4).check();
  await page.getByRole('button', { name: words.risks.adopt.replace('{{count}}', '2') }).click();
  await page.getByTestId('table-risks').getByText('机房火灾').waitFor();
  expect((await engine.call('recovery.risks.list', {})).risks).toHaveLength(2);
});

test('a plan is drilled with one button; its report is printed, in Chinese, with the hash', async () => {
  const source = join(folder, 'src');
  mkdirSync(source);
  writeFileSync(join(source, '数据.txt'), '第一行\n'.repeat(1000));
  await engine.call('backup.plans.add', {
    name: '核心',
    sources: [source],
    targetDir: join(folder, 'archives'),
    rtoMs: 3_600_000,
    rpoMs: 86_400_000,
  });
  await jobEnd(engine, (await engine.call('backup.run', { name: '核心' })).jobId);
  await goTo(page, '/recovery?tab=drills');
  await button(words.drills.now).click();
  await page.locator('[data-testid="drill-card"][data-state="valid"]').waitFor();
  await page.getByTestId('table-drills').getByRole('link', { name: '核心' }).click();
  await page.locator('[data-testid="drill-report"][data-state="passed"]').waitFor();
  const path = join(folder, 'drill.pdf');
  await run.answerDialogs({ save: path });
  await button(/中文/).click();
  await page.getByText(path).waitFor();
  const text = pdfText(path);
  expect(text).toContain(words.drills.title);
  expect(text).toContain('核心');
  const { drills } = await engine.call('recovery.drills.list', {});
  expect(text.replaceAll(/\s/g, '')).toContain(drills[0]?.sha256 ?? '?');
  await goTo(page, '/recovery?tab=objectives');
  await page.getByTestId('table-objectives').getByText(words.objectives.state.kept).first().waitFor();
  await page.getByTestId('score-core').waitFor();
});

test('a runbook is adopted, followed step by step, left, found again, ended', async () => {
  await goTo(page, '/recovery?tab=runbooks');
  await page.getByTestId('template').first().getByRole('button', { name: words.runbooks.adopt }).click();
  await button(words.runbooks.exercise).click();
  await page.getByLabel(words.runs.by).fill('张三');
  await page.keyboard.press('Enter');
  const first = page.locator('[data-step="database_lost-1"]');
  await first.getByRole('button', { name: words.runs.outcome.done }).click();
  await first.locator('[data-outcome="done"]').waitFor();
  await goTo(page, '/recovery?tab=runbooks');
  await page.getByTestId('open-run').getByRole('link', { name: words.runbooks.resume }).click();
  await first.locator('[data-outcome="done"]').waitFor();
  await button(new RegExp(`${words.runs.ends.reached}$`)).click();
  await page.getByText(words.runs.ended.replace('{{outcome}}', words.runs.ends.reached)).waitFor();
  await goTo(page, '/recovery');
  await page.getByTestId('table-recovery-records').getByText(words.records.kind.exercise).waitFor();
});

test('a new contact voids the drill’s stamp, and the page says what changed', async () => {
  await goTo(page, '/recovery?tab=environment');
  await button(words.add).click();
  await page.getByRole('dialog').getByLabel(words.name, { exact: true }).fill('供电局');
  await page.getByRole('dialog').getByRole('button', { name: words.save }).click();
  await page.getByTestId('table-environment').getByText('供电局').waitFor();
  await goTo(page, '/recovery?tab=drills');
  await page.locator('[data-testid="drill-card"][data-state="void"]').getByText('供电局').waitFor();
});

test('with all of that on them, the pages have no violation that axe finds', async () => {
  const drill = (await engine.call('recovery.drills.list', {})).drills[0]?.id ?? '';
  const followed = (await engine.call('recovery.runs.list', {})).runs[0]?.id ?? '';
  for (const address of [
    '/recovery',
    '/recovery?tab=objectives',
    '/recovery?tab=drills',
    '/recovery?tab=runbooks',
    '/recovery?tab=risks',
    '/recovery?tab=environment',
    `/recovery/drills/${drill}`,
    `/recovery/runs/${followed}`,
  ]) {
    await goTo(page, address);
    await settled(page);
    const found = await violations(page);
    expect(found, address).toEqual([]);
  }
});
