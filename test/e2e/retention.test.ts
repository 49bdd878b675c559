import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../renderer/locales/en/index.ts';
import { violations } from '../helpers/axe.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo, settled } from '../helpers/go.ts';
import { untranslatedInChinese, untranslatedInEnglish, visibleTexts } from '../helpers/page-text.ts';

/** Retention of a plan in the real window: rules, preview, a hold, and a prune that asks for the plan's name. */

const words = en.retention;
const folder = mkdtempSync(join(tmpdir(), 'hmtt-e2e-retention-'));
const POINTS = 4;
let run: ConsoleRun;
let engine: EngineAccess;

beforeAll(async () => {
  mkdirSync(join(folder, 'source'));
  run = await launchConsole({ ready: true });
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
  await engine.call('backup.plans.add', {
    name: 'vault-7',
    sources: [join(folder, 'source')],
    targetDir: join(folder, 'archives'),
    schedules: [{ cron: '0 2 * * *', type: 'full' }],
  });
  for (let index = 0; index < POINTS; index += 1) await backUp(`content ${index}`);
});

/** Backs up after the file of the source got other content. */
async function backUp(content: string): Promise<void> {
  writeFileSync(join(folder, 'source/file'), content);
  const { jobId } = await engine.call('backup.run', { name: 'vault-7' });
  await until('a point', async () => (await engine.call('jobs.get', { id: jobId })).endedAt !== null);
}

afterAll(async () => {
  engine?.close();
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('rules are looked at before they are saved, a hold is honoured, and pruning asks for the name', async () => {
  const { page } = run;
  await goTo(page, '/backups/vault-7?tab=retention');
  await page.getByText(words.preview.nothing.split(';')[0] ?? '').waitFor();
  await page.getByLabel(en.plans.protection.byRules).check();
  await page.getByLabel(en.plans.protection.keepLast, { exact: true }).fill('1');
  await page.getByLabel(en.plans.protection.keepDaily, { exact: true }).fill('0');
  await page.getByLabel(en.plans.protection.keepWeekly, { exact: true }).fill('0');
  await page.getByLabel(en.plans.protection.keepMonthly, { exact: true }).fill('0');
  await page.getByLabel(words.policy.minAge).selectOption('');
  await page.getByLabel(en.plans.protection.afterRun).uncheck();
  await page.getByText(words.preview.draft).waitFor();
  await page.getByTestId('prune-summary').getByText(`3 of ${POINTS} points`).waitFor();
  await page.getByTestId('save-policy').click();
  await page.getByTestId('prune').waitFor();

  const { points } = await engine.call('backup.points.list', { plan: 'vault-7' });
  const oldest = points.at(-1)?.id ?? '';
  await page.locator(`[data-hold="${oldest}"]`).click();
  await page.locator('dialog input[name="who"]').fill('Wang');
  await page.locator('dialog input[name="why"]').fill('tender 2026-07');
  await page.getByRole('dialog').getByRole('button', { name: words.hold.set, exact: true }).click();
  await page.getByTestId('prune-summary').getByText(`2 of ${POINTS} points`).waitFor();
  await page.getByText('under a legal hold by Wang: tender 2026-07').first().waitFor();

  await page.getByTestId('prune').click();
  await page.getByText(words.prune.forever).waitFor();
  const confirm = page.getByTestId('prune-confirm');
  // Half of what is stored goes: below that a button is enough, above it the name is to be typed.
  if ((await confirm.count()) > 0) await confirm.click();
  else {
    await page.locator('dialog form.confirm input').fill('vault-7');
    await page.locator('dialog form.confirm button[type="submit"]').click();
  }
  await until('the prune', async () => {
    const left = await engine.call('backup.points.list', { plan: 'vault-7' });
    return left.points.length === 2;
  });
  await page.getByText(words.history.states.done).first().waitFor();
  await until('the end of all jobs', async () =>
    (await engine.call('jobs.list', {})).jobs.every(({ endedAt }) => endedAt !== null),
  );
});

test('a run that lost most files raises an alarm that waits for a note', async () => {
  const { page } = run;
  const files = Array.from({ length: 40 }, (_, index) => join(folder, 'source', `row-${index}`));
  for (const file of files) writeFileSync(file, 'row');
  await backUp('with rows');
  for (const file of files) rmSync(file);
  await backUp('without rows');
  await goTo(page, '/backups/vault-7?tab=retention');
  const banner = page.getByTestId('mass-change');
  await banner.getByText('40 files are gone').waitFor();
  await banner.locator('input[name="who"]').fill('Li');
  await banner.locator('input[name="why"]').fill('moved to the archive');
  await banner.getByRole('button', { name: words.mass.acknowledge }).click();
  await banner.waitFor({ state: 'detached' });
  const { changes } = await engine.call('backup.massChange.list', { plan: 'vault-7' });
  expect(changes).toMatchObject([{ acknowledgedBy: 'Li', note: 'moved to the archive' }]);
});

test('the view breaks no rule of accessibility and speaks one language at a time', async () => {
  const { page } = run;
  for (const [language, untranslated] of [
    ['zh-CN', untranslatedInChinese],
    ['en', untranslatedInEnglish],
  ] as const) {
    await page.locator('.top-right select').first().selectOption(language);
    await goTo(page, '/backups/vault-7?tab=retention');
    await settled(page);
    expect(untranslated(await visibleTexts(page))).toEqual([]);
  }
  expect(await violations(page)).toEqual([]);
});
