/**
 * `npm run tour`: drives the real window through every page and wizard in both languages, on a small real site, and
 * writes the pictures that the README and the documentation show into `docs/pictures/<language>/`.
 *
 * Names of steps as arguments run only those (`npm run tour -- overview hosts`); pictures of other steps stay.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import type { Language } from '#shared/contract/shell.ts';
import { type ConsoleRun, launchConsole } from '../test/helpers/electron.ts';
import { goTo, settled } from '../test/helpers/go.ts';
import { inProject } from './lib/paths.ts';
import { alertsSteps } from './tour/alerts.ts';
import { backupsSteps } from './tour/backups.ts';
import { dashboardSteps } from './tour/dashboards.ts';
import { inventorySteps } from './tour/inventory.ts';
import { logsSteps } from './tour/logs.ts';
import { monitoringSteps } from './tour/monitoring-steps.ts';
import { recoverySteps } from './tour/recovery.ts';
import { openStage, type Stage } from './tour/stage.ts';
import type { Tour, TourStep } from './tour/tour-step.ts';
import { wizardSteps } from './tour/wizard-steps.ts';

const SIZE = { width: 1366, height: 768 };
const languages: readonly Language[] = ['zh-CN', 'en'];
const steps: readonly TourStep[] = [
  ...wizardSteps,
  ...logsSteps,
  ...backupsSteps,
  ...recoverySteps,
  ...monitoringSteps,
  ...inventorySteps,
  ...dashboardSteps,
  ...alertsSteps,
];

const wanted = argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(
    `tour: no step is called ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

const stage = await openStage();
try {
  const run = await launchConsole({ language: 'zh-CN', ready: true });
  try {
    await resize(run);
    for (const language of languages) await pass(run, stage, language);
  } finally {
    await run.close();
  }
} finally {
  await stage.close();
}

async function pass(run: ConsoleRun, stage: Stage, language: Language): Promise<void> {
  const folder = inProject('docs', 'pictures', language);
  if (wanted.length === 0) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { page } = run;
  await page.locator('.top-right select').first().selectOption(language);
  const tour: Tour = {
    run,
    page,
    language,
    stage,
    goTo: async (address) => {
      await goTo(page, address);
      await settled(page);
    },
    wizardNext: async (step) => {
      await page.click('.wizard-foot .btn-primary');
      await page.waitForSelector(`[data-testid="wizard"][data-step="${step}"]`, { timeout: 60_000 });
    },
    shot: async (name) => {
      await page.screenshot({ path: join(folder, `${name}.png`), scale: 'css' });
      console.log(`tour: ${language}/${name}.png`);
    },
  };
  for (const step of steps) {
    if (wanted.length === 0 || wanted.includes(step.name)) await step.run(tour);
  }
}

/** Gives the page the size that the interface is made for. */
async function resize(run: ConsoleRun): Promise<void> {
  await run.app.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
  }, SIZE);
}
