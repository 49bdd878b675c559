import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { planName } from './plan-name.ts';
import type { Tour, TourStep } from './tour-step.ts';

/** What went wrong at the site: a month is gone and two files were overwritten. */
function breakData(dataFolder: string): void {
  rmSync(join(dataFolder, '2026-03'), { recursive: true, force: true });
  for (const name of ['2026-01/order-0000.json', '2026-02/order-0001.json']) {
    appendFileSync(join(dataFolder, name), 'garbage\n');
  }
}

async function restore(tour: Tour): Promise<void> {
  const { page, goTo, wizardNext, shot, stage, language } = tour;
  const name = planName(language);
  breakData(stage.dataFolder);
  await goTo('/recovery');
  await shot('70-recovery');
  await page.locator('a.entrance').first().click();
  await page.waitForSelector('[data-testid="wizard"][data-step="what"]');
  await page.locator('[data-testid="find-files"] input').fill('2026-0');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid="table-found-files"] tbody tr');
  await shot('71-restore-what');
  await page.locator('.choice-row input').nth(2).check();
  await page.locator('.choices .choice-card', { hasText: name }).locator('input').check();
  await wizardNext('when');
  await page.locator('.point-choices input').first().check();
  await shot('72-restore-when');
  await wizardNext('where');
  await page.locator('.wizard .choice-card input').nth(1).check();
  await page.locator('.wizard .choice input').nth(2).check();
  await shot('73-restore-where');
  await wizardNext('preview');
  await page.waitForSelector('[data-total="update"]');
  await page.waitForSelector('[data-testid="table-restore-items"] tbody tr');
  await shot('74-restore-preview');
  await wizardNext('confirm');
  // Where nothing that exists is touched, nothing has to be typed.
  const word = page.locator('.confirm input');
  if ((await word.count()) > 0) await word.fill(name);
  await shot('75-restore-confirm');
  await page.locator('.confirm button').click();
  await page.waitForSelector('[data-testid="wizard"][data-step="verify"]', { timeout: 60_000 });
  await page.waitForSelector('.wizard .state-ok');
  await shot('77-restore-verify');
  await wizardNext('evidence');
  await page.waitForSelector('[data-testid="evidence"]');
  await shot('78-restore-evidence');
}

/** A wizard that is left before its confirmation, and offered again beside the evidence of the restore before. */
async function leftHalfWay({ page, goTo, wizardNext, shot, stage, language }: Tour): Promise<void> {
  const name = planName(language);
  await goTo(`/recovery/restore?plan=${encodeURIComponent(name)}`);
  await wizardNext('when');
  await page.locator('.point-choices input').first().check();
  await wizardNext('where');
  await page.locator('.wizard input.mono').fill(join(stage.restoreFolder, language));
  await wizardNext('preview');
  await page.waitForSelector('[data-total="restore"]');
  await page.locator('.wizard-foot .btn').first().click();
  await page.waitForSelector('[data-testid="half-way"]');
  await page.waitForTimeout(500);
  await shot('79-recovery-again');
  await page.locator('[data-testid="half-way"] .btn').nth(1).click();
}

/** Objectives, drills, runbooks, risks and the environment. */
async function disaster({ goTo, shot }: Tour): Promise<void> {
  for (const [tab, picture] of [
    ['objectives', '79b-recovery-objectives'],
    ['drills', '79c-recovery-drills'],
    ['runbooks', '79d-recovery-runbooks'],
    ['risks', '79e-recovery-risks'],
    ['environment', '79f-recovery-environment'],
  ] as const) {
    await goTo(`/recovery?tab=${tab}`);
    await shot(picture);
  }
}

/** A broken folder is had back, with the evidence; then what is kept for the day of a disaster. */
export const recoverySteps: readonly TourStep[] = [
  { name: 'restore', run: restore },
  { name: 'half-way', run: leftHalfWay },
  { name: 'disaster', run: disaster },
];
