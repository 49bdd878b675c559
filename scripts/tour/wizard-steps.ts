import type { Language } from '#shared/contract/shell.ts';
import type { Tour, TourStep } from './tour-step.ts';

const example = `global:
  scrape_interval: 15s

scrape_configs:
  - job_name: 'prometheus'
    static_configs:
      - targets: ['localhost:9090']

  - job_name: 'hmtt-system'
    static_configs:
      - targets: ['hmtt-system:9100']
`;

type StageHost = { readonly name: string; readonly tier: string; readonly exporter: number };

/** The hosts that a pass adds; the first picture by picture. The second pass adds one more in the other language. */
const hosts: Readonly<Record<Language, readonly StageHost[]>> = {
  'zh-CN': [
    { name: 'db-1', tier: 'data', exporter: 0 },
    { name: 'app-1', tier: 'business', exporter: 1 },
    { name: 'lb-1', tier: 'presentation', exporter: 2 },
  ],
  en: [{ name: 'app-4', tier: 'business', exporter: 3 }],
};

async function firstRun({ page, goTo, wizardNext, shot, language }: Tour): Promise<void> {
  await goTo('/settings/first-run');
  await page.fill('input[name="siteName"]', language === 'en' ? 'East Two' : '华东二号站');
  await page.fill('input[name="classification"]', language === 'en' ? 'Internal' : '内部');
  await shot('01-first-run-site');
  await wizardNext('watched');
  await shot('02-first-run-watched');
  await wizardNext('done');
  await shot('03-first-run-done');
  await page.click('.wizard-foot .btn-primary');
}

async function addHosts(tour: Tour): Promise<void> {
  const { page, goTo, wizardNext, shot, stage, language } = tour;
  for (const [index, host] of hosts[language].entries()) {
    const picture = async (name: string): Promise<void> => {
      if (index === 0) await shot(name);
    };
    // From elsewhere, so that the wizard begins anew.
    await goTo('/hosts');
    await goTo('/hosts/add');
    await page.fill('input[name="host"]', '127.0.0.1');
    await page.fill('input[name="port"]', String(stage.exporters[host.exporter]?.port ?? 9100));
    await page.fill('input[name="intervalSeconds"]', '2');
    await picture('11-add-host-address');
    await wizardNext('test');
    await page.waitForSelector('[data-testid="test-passed"]');
    await picture('12-add-host-test');
    await wizardNext('describe');
    await page.fill('input[name="name"]', host.name);
    await page.selectOption('select[name="tier"]', host.tier);
    await page.fill('textarea[name="labels"]', 'env=prod');
    await picture('13-add-host-name');
    await wizardNext('confirm');
    await picture('14-add-host-confirm');
    await wizardNext('done');
    await picture('15-add-host-done');
  }
}

async function importPrometheus({ page, goTo, wizardNext, shot, language }: Tour): Promise<void> {
  await goTo('/hosts/import');
  await page.fill('textarea', example.replace('15s', '15 seconds'));
  await page.click('.wizard-foot .btn-primary');
  await page.waitForSelector('.source-line');
  await shot('16-import-refused');
  await page.fill('textarea', example);
  await wizardNext('preview');
  await shot('17-import-preview');
  if (language === 'en') return;
  await wizardNext('done');
}

/** Setting the site up, as its first operator does. */
export const wizardSteps: readonly TourStep[] = [
  { name: 'first-run', run: firstRun },
  { name: 'add-host', run: addHosts },
  { name: 'import', run: importPrometheus },
];
