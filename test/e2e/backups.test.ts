import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../renderer/locales/en/index.ts';
import { violations } from '../helpers/axe.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo, settled } from '../helpers/go.ts';
import { untranslatedInChinese, untranslatedInEnglish, visibleTexts } from '../helpers/page-text.ts';

/** Plans, points and their trust in the real window: run, verify, damage, browse, find, rebuild. */

const words = en.backups;
const folder = mkdtempSync(join(tmpdir(), 'hmtt-e2e-backups-'));
const archives = join(folder, 'archives');
let run: ConsoleRun;
let page: Page;
let engine: EngineAccess;

const button = (name: string | RegExp) => page.getByRole('button', { name });
const card = (plan: string) => page.locator(`[data-testid="plan-card"][data-plan="${plan}"]`);
const jobEnd = (jobId: string) =>
  until(
    'the end of the job',
    async () => (await engine.call('jobs.get', { id: jobId })).endedAt !== null,
    60_000,
  );

beforeAll(async () => {
  for (const name of ['plan-a', 'plan-b']) {
    mkdirSync(join(folder, name, 'conf'), { recursive: true });
    writeFileSync(join(folder, name, 'conf', `${name}.conf`), `name = ${name}\n`);
    writeFileSync(join(folder, name, 'big.bin'), Buffer.alloc(200_000_000, `${name} `));
  }
  run = await launchConsole({ ready: true });
  page = run.page;
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
  for (const name of ['plan-a', 'plan-b']) {
    await engine.call('backup.plans.add', {
      name,
      sources: [join(folder, name)],
      targetDir: archives,
      rpoMs: 86_400_000,
    });
  }
});

afterAll(async () => {
  engine?.close();
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a plan without a backup is a breach, until its first run is verified', async () => {
  await goTo(page, '/backups');
  await page.getByText(words.summaryBreach.replace('{{plans}}', '2').replace('{{breaches}}', '2')).waitFor();
  await card('plan-b').getByRole('button', { name: words.plan.run }).click();
  await card('plan-b').getByTestId('job').first().waitFor();
  await page.locator('[data-plan="plan-b"][data-state="ok"]').waitFor();
  const names = await page
    .getByTestId('plan-card')
    .evaluateAll((cards) => cards.map((element) => (element as HTMLElement).dataset.plan));
  // The breach comes first, whatever the alphabet says of the other.
  expect(names).toEqual(['plan-a', 'plan-b']);
});

test('a run can be paused and cancelled; what was begun is no restore point', async () => {
  await card('plan-a').getByRole('button', { name: words.plan.run }).click();
  const job = card('plan-a').getByTestId('job').first();
  await job.getByRole('button', { name: en.common.action.pause }).click();
  await card('plan-a').locator('[data-job-state="paused"]').waitFor();
  await job.getByRole('button', { name: en.common.action.cancel }).click();
  await job.getByRole('button', { name: en.common.job.cancelYes }).click();
  await card('plan-a').locator('[data-job-state="cancelled"]').waitFor();
  expect((await engine.call('backup.points.list', { plan: 'plan-a' })).points).toEqual([]);
  expect(readdirSync(archives).filter((name) => name.startsWith('plan-a'))).toEqual([]);
  await until('the engine to have let go', async () => {
    const again = await engine.client.call('backup.run', { name: 'plan-a' });
    if (again.ok) await jobEnd(again.value.jobId);
    return again.ok;
  });
  await page.locator('[data-plan="plan-a"][data-state="ok"]').waitFor();
});

test('a point is browsed, and a file is found first and its points after', async () => {
  await card('plan-a').getByRole('link', { name: words.plan.open }).click();
  await page
    .getByTestId('table-restore-points')
    .locator('.badge')
    .getByText(words.points.badge.verified)
    .waitFor();
  await page.getByTestId('table-restore-points').locator('tbody a').first().click();
  const browse = page.getByTestId('browse');
  // The folders above the plan's own are gone through by themselves.
  await browse.getByRole('button', { name: words.browse.openOf.replace('{{name}}', 'conf') }).click();
  await browse.getByText('plan-a.conf').waitFor();
  await goTo(page, '/backups');
  await page.getByLabel(words.find.label).first().fill('.conf');
  await page.keyboard.press('Enter');
  await page.getByText(words.find.shown.replace('{{shown}}', '2').replace('{{total}}', '2')).waitFor();
  const path = join(folder, 'plan-b', 'conf', 'plan-b.conf').slice(1);
  await button(words.browse.restoreOf.replace('{{path}}', path)).click();
  await page.locator('[data-testid="wizard"][data-step="when"]').waitFor();
  await page.getByText(en.recovery.wizard.when.holds).waitFor();
  await page.locator('.wizard-foot').getByRole('button', { name: en.common.action.cancel }).click();
  await button(en.recovery.draft.discard).click();
});

test('damage is found by verification, named, and comes first on the page', async () => {
  const name = readdirSync(archives).find((file) => /^plan-b\..*\.tar\.(zst|gz)$/.test(file)) ?? '';
  const bytes = readFileSync(join(archives, name));
  bytes[5_000] = (bytes[5_000] ?? 0) ^ 0xff;
  writeFileSync(join(archives, name), bytes);
  await goTo(page, '/backups/plan-b?tab=points');
  await button(words.plan.verify).click();
  await page
    .getByTestId('table-restore-points')
    .locator('.badge')
    .getByText(words.points.badge.broken)
    .waitFor();
  await page.getByTestId('table-restore-points').locator('tbody a').first().click();
  await page.getByText(words.point.verifyBad.replace('{{count}}', '1')).waitFor();
  await goTo(page, '/backups');
  await page.locator('[data-plan="plan-b"][data-state="broken"]').waitFor();
  await expect.poll(() => page.getByTestId('plan-card').first().getAttribute('data-plan')).toBe('plan-b');
});

test('a plan that is removed leaves its archives, and the catalogue is rebuilt from them', async () => {
  await goTo(page, '/backups/plan-a');
  await button(words.plan.remove).click();
  const keep = button(words.plan.removeNo);
  expect(await keep.evaluate((element) => element === document.activeElement)).toBe(true);
  await button(words.plan.removeYes).click();
  await card('plan-a').waitFor({ state: 'detached' });
  expect(readdirSync(archives).some((file) => file.startsWith('plan-a.'))).toBe(true);
  await button(words.rebuild).click();
  await page.getByLabel(words.rebuildDialog.typed).fill(archives);
  await page.keyboard.press('Enter');
  await button(words.rebuildDialog.start).click();
  await page.locator('[data-job-state="done"]').first().waitFor();
  await goTo(page, '/backups/plan-a?tab=points');
  await page.getByTestId('table-restore-points').locator('tbody tr').first().waitFor();
});

const addresses = [
  '/backups',
  '/backups/plan-b',
  '/backups/plan-b?tab=points',
  '/backups/plan-b?tab=runs',
  '/backups/plans/plan-b/edit',
  '/backups/plans/new',
  '/recovery',
  '/recovery/restore?kind=files',
  '/recovery/restore?kind=system',
  '/logs',
  '/logs?tab=live',
  '/logs/sources',
  '/logs/sources/add',
];

test.each(addresses)(
  '%s breaks no rule of accessibility and speaks one language at a time',
  async (address) => {
    for (const [language, untranslated] of [
      ['zh-CN', untranslatedInChinese],
      ['en', untranslatedInEnglish],
    ] as const) {
      await page.locator('.top-right select').first().selectOption(language);
      await goTo(page, address);
      await settled(page);
      expect(untranslated(await visibleTexts(page))).toEqual([]);
    }
    expect(await violations(page)).toEqual([]);
  },
);
