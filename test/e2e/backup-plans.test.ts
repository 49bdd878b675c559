import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../renderer/locales/en/index.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo } from '../helpers/go.ts';

/** Plans in the real window: presets, times, limits, changing them, their chain and their runs. */

const words = en.plans;
const folder = mkdtempSync(join(tmpdir(), 'hmtt-e2e-plans-'));
const source = join(folder, 'data');
let run: ConsoleRun;
let page: Page;
let engine: EngineAccess;

const button = (name: string) => page.getByRole('button', { name, exact: true });
const step = (id: string) => page.locator(`[data-testid="wizard"][data-step="${id}"]`).waitFor();
const next = async (id: string): Promise<void> => {
  await page.locator('.wizard-foot .btn-primary').click();
  await step(id);
};
const planOf = async (name: string) =>
  (await engine.call('backup.plans.list', {})).plans.find((plan) => plan.name === name);
const back = async (type: 'full' | 'incremental' | 'differential'): Promise<void> => {
  writeFileSync(join(source, 'changing'), `${Math.random()}`);
  const { jobId } = await engine.call('backup.run', { name: 'data', type, regardless: true });
  await until('the end', async () => (await engine.call('jobs.get', { id: jobId })).endedAt !== null);
};

beforeAll(async () => {
  mkdirSync(source);
  writeFileSync(join(source, 'file'), 'content');
  run = await launchConsole({ ready: true });
  page = run.page;
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
});

afterAll(async () => {
  engine?.close();
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a plan of the preset for logs gets its times, limits and promises, each as a sentence', async () => {
  await goTo(page, '/backups/plans/new');
  await step('preset');
  await page.locator('[data-preset="logs"] input').check();
  await next('what');
  await page.getByLabel(en.backups.wizard.sources).fill(source);
  await page.keyboard.press('Enter');
  await next('where');
  await page.getByLabel(en.backups.wizard.target).fill(join(folder, 'archives'));
  await next('schedule');
  await page.locator('.schedule-card strong').getByText('every Sunday at 03:00').waitFor();
  await page.locator('.schedule-card strong').getByText('every hour at minute 0').waitFor();
  await expect.poll(() => page.locator('[role="status"] .file-names li').count()).toBe(5);
  await next('protection');
  await next('limits');
  await page.getByLabel(words.limits.rate).fill('20');
  await button(words.limits.add).click();
  await page.getByText('at most 20.0 MiB/s and 22:00–06:00').waitFor();
  await next('confirm');
  await page.getByText(words.confirm.where.replace('{{dir}}', join(folder, 'archives'))).waitFor();
  expect(await planOf('data')).toBeUndefined();
  await button(en.backups.wizard.create).click();
  await step('done');
  expect(await planOf('data')).toMatchObject({
    dataClass: 'logs',
    schedules: [
      { cron: '0 3 * * 0', type: 'full' },
      { cron: '0 * * * *', type: 'incremental' },
    ],
    limits: {
      bytesPerSecond: 20 * 1024 * 1024,
      windows: [{ days: [0, 1, 2, 3, 4, 5, 6], from: '22:00', to: '06:00' }],
    },
    rpoMs: 7_200_000,
  });
});

test('a plan is changed in the same steps; what differs is shown before and written down after', async () => {
  await goTo(page, '/backups/data');
  await page.getByRole('link', { name: words.edit, exact: true }).click();
  await step('what');
  await expect.poll(() => page.getByLabel(en.backups.wizard.name).isDisabled()).toBe(true);
  await next('where');
  await next('schedule');
  await button(words.schedule.remove.replace('{{number}}', '2')).click();
  await next('protection');
  await next('limits');
  await button(words.limits.remove.replace('{{number}}', '1')).click();
  await next('confirm');
  const rows = page.getByTestId('plan-changes').locator('tbody th');
  await expect.poll(() => rows.allInnerTexts()).toEqual([words.fields.schedules, words.fields.limits]);
  await button(words.save).click();
  const history = page.getByTestId('table-plan-history');
  await history.getByText(words.history.kinds.changed, { exact: true }).waitFor();
  expect((await planOf('data'))?.schedules).toEqual([{ cron: '0 3 * * 0', type: 'full' }]);
});

test('the chain is walked with the keys, and each point says how it stands', async () => {
  await back('full');
  await back('differential');
  await back('incremental');
  await goTo(page, '/backups/data?tab=points');
  const marks = page.locator('.chain-point');
  await until('three points', async () => (await marks.count()) === 3);
  expect(await marks.evaluateAll((list) => list.map((mark) => (mark as HTMLElement).dataset.state))).toEqual([
    'verified',
    'verified',
    'verified',
  ]);
  const details = page.getByTestId('chain-details');
  await details.getByText(words.chain.builtOn.replace('{{count}}', '2')).waitFor();
  await marks.last().focus();
  await page.keyboard.press('Home');
  await details.getByText(words.chain.alone).waitFor();
  await details.getByText(words.chain.neededBy.replace('{{count}}', '2')).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText(en.backups.point.nothingSkipped).waitFor();
});

test('runs are listed however they ended, with who began them', async () => {
  await goTo(page, '/backups/data?tab=runs');
  const table = page.getByTestId('table-plan-runs');
  await until('three runs', async () => (await table.locator('tbody tr').count()) === 3);
  await expect.poll(() => table.getByText(words.runs.triggers.hand).count()).toBe(3);
  await expect.poll(() => table.getByText(words.runs.states.done, { exact: true }).count()).toBe(3);
});
