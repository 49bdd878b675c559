import { planName } from './plan-name.ts';
import type { Tour, TourStep } from './tour-step.ts';

async function backupPlan({ page, goTo, wizardNext, shot, stage, language }: Tour): Promise<void> {
  const name = planName(language);
  await goTo('/backups');
  if (language === 'zh-CN') await shot('60-backups-empty');
  await goTo('/backups/plans/new');
  await shot('61-backup-plan-preset');
  await wizardNext('what');
  await page.locator('.wizard input.mono').first().fill(stage.dataFolder);
  await page.keyboard.press('Enter');
  await page.locator('.wizard .fields input.input:not(.mono)').first().fill(name);
  await shot('62-backup-plan-what');
  await wizardNext('where');
  await page.locator('.wizard input.mono').first().fill(stage.backupFolder);
  await shot('63-backup-plan-where');
  await wizardNext('schedule');
  await shot('64-backup-plan-schedule');
  await wizardNext('protection');
  await shot('64b-backup-plan-protection');
  await wizardNext('limits');
  await shot('64c-backup-plan-limits');
  await wizardNext('confirm');
  await shot('65-backup-plan-confirm');
  await wizardNext('done');
  await page.locator('.wizard-content .btn-primary').click();
  await page.waitForSelector('.wizard [data-job-state="done"]', { timeout: 60_000 });
  await shot('66-backup-plan-done');
}

async function backups({ page, goTo, shot, language }: Tour): Promise<void> {
  const name = planName(language);
  await goTo('/backups');
  await page.waitForSelector(`[data-plan="${name}"][data-state="ok"]`, { timeout: 60_000 });
  await page.locator('[data-testid="find-files"] input').fill('order-0007');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid="table-found-files"] tbody tr');
  await shot('67-backups');
  const plan = `/backups/${encodeURIComponent(name)}`;
  await goTo(`${plan}?tab=points`);
  for (const [index, type] of [
    'differential',
    'incremental',
    'incremental',
    'full',
    'differential',
  ].entries()) {
    await page.locator('[data-testid="choose-type"]').click();
    await page.locator(`[data-run-type="${type}"]`).click();
    await page.waitForFunction(
      (count) => document.querySelectorAll('.chain-point').length === count,
      index + 2,
      { timeout: 60_000 },
    );
    await page.locator('[data-testid="choose-type"]:not([disabled])').waitFor();
  }
  await goTo(plan);
  await shot('68-backup-plan');
  await goTo(`${plan}?tab=runs`);
  await page.waitForSelector('[data-testid="table-plan-runs"] tbody tr');
  await shot('68b-backup-runs');
  await goTo(`${plan}?tab=retention`);
  await shot('68c-backup-retention');
  for (const [tab, picture] of [
    ['media', '68d-backup-media'],
    ['keys', '68e-backup-keys'],
  ] as const) {
    await goTo(`/backups?tab=${tab}`);
    await shot(picture);
  }
  await goTo(`${plan}?tab=points`);
  await page.waitForSelector('[data-testid="table-restore-points"] tbody tr');
  await shot('68f-backup-chain');
  await page.locator('[data-testid="table-restore-points"] tbody a').first().click();
  await page.waitForSelector('[data-testid="browse"] tbody tr');
  await page.waitForTimeout(500);
  await shot('69-restore-point');
}

/** A plan is made, run, and looked at. */
export const backupsSteps: readonly TourStep[] = [
  { name: 'backup-plan', run: backupPlan },
  { name: 'backups', run: backups },
];
