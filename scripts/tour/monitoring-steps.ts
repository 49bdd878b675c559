import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { texts } from './texts.ts';
import type { Tour, TourStep } from './tour-step.ts';

const RANGE = 'range=5m';

async function look({ page }: Tour, theme: 'light' | 'dark' | 'contrast'): Promise<void> {
  await page.locator('.top-right select').nth(1).selectOption(theme);
}

async function overview(tour: Tour): Promise<void> {
  await tour.goTo(`/?${RANGE}`);
  await tour.stage.untilWatched();
  await tour.page.waitForSelector('.problem-critical', { timeout: 60_000 });
  await tour.page.waitForTimeout(1_000);
  await tour.shot('10-overview');
  await look(tour, 'dark');
  await tour.shot('90-overview-dark');
  await look(tour, 'contrast');
  await tour.shot('91-overview-contrast');
  await look(tour, 'light');
}

async function hosts(tour: Tour): Promise<void> {
  await tour.goTo(`/hosts?${RANGE}`);
  await tour.shot('20-hosts');
  await tour.page.getByRole('link', { name: 'db-1', exact: true }).click();
  await tour.page.waitForSelector('.chart canvas');
  await tour.page.waitForTimeout(1_000);
  await tour.shot('21-host');
  await tour.page.locator('[data-testid="targets"] button').first().click();
  await tour.page.waitForSelector('[data-testid="test-passed"]');
  await tour.shot('22-host-test');
}

async function metrics(tour: Tour): Promise<void> {
  const { page } = tour;
  const cpu = encodeURIComponent(
    'sum by (instance, mode) (rate(node_cpu_seconds_total{mode=~"user|system"}[1m]))',
  );
  const address = `/metrics?expr=${cpu}&expr=node_load1&layout=each&${RANGE}`;
  // The explorer begins closed, also in the second language.
  await tour.goTo('/');
  await tour.goTo(address);
  await page.waitForSelector('.expression-editor[data-ready="true"]');
  await page.waitForSelector('.chart canvas');
  const over = page.locator('.chart .u-over').first();
  const box = await over.boundingBox();
  if (box) await page.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.4, { steps: 3 });
  await tour.shot('30-metrics');
  await page.mouse.move(5, 5);
  await tour.goTo(`/metrics?expr=${cpu}&stacked=1&${RANGE}`);
  await page.locator('.explorer input').fill('cpu seconds');
  await page.locator('.name-entry', { hasText: 'cpu_seconds_total' }).first().click();
  await page.locator('.label-list button', { hasText: 'mode' }).click();
  await page.waitForSelector('.value-list li');
  await tour.shot('31-metrics-explorer');
  await page.locator('.explorer input').fill('');
  await tour.goTo(`/metrics?expr=${encodeURIComponent('rate(node_')}&${RANGE}`);
  await page.waitForSelector('.expression-editor[data-ready="true"]');
  await page.locator('.cm-content').click();
  await page.keyboard.press('End');
  await page.keyboard.type('netw');
  await page.waitForSelector('.cm-tooltip-autocomplete li');
  await page.keyboard.press('ArrowDown');
  await page.waitForTimeout(400);
  await tour.shot('32-metrics-editor');
  // The first takes the list away, the second leaves the editor.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await tour.goTo(`/metrics?expr=${cpu}&expr=node_load1&view=table&${RANGE}`);
  await tour.shot('33-metrics-table');
  await tour.goTo(address);
  await look(tour, 'dark');
  await page.waitForSelector('.chart canvas');
  await tour.shot('34-metrics-dark');
  await look(tour, 'light');
}

async function settings(tour: Tour): Promise<void> {
  await tour.goTo('/settings');
  await tour.shot('80-settings');
  await tour.page.locator('.settings-sections > .panel').last().scrollIntoViewIfNeeded();
  await tour.shot('81-settings-about');
  const { settings: words, secrets, training } = texts(tour.language);
  const filter = tour.page.getByLabel(words.filter);
  for (const [title, name] of [
    [secrets.title, '82-settings-secrets'],
    [training.title, '83-settings-training'],
  ] as const) {
    await filter.fill(title);
    await tour.page.waitForTimeout(300);
    await tour.shot(name);
  }
  await filter.fill('');
  await audit(tour);
}

/** The trail of what the tour itself has done, one record in full, and its proof; dark and enlarged, too. */
async function audit(tour: Tour): Promise<void> {
  const { page } = tour;
  const { audit: words } = texts(tour.language);
  await tour.goTo('/settings/audit');
  await page.getByTestId('table-audit').waitFor();
  await tour.shot('84-settings-audit');
  await page.getByTestId('table-audit').locator('tbody tr[aria-rowindex]').first().dblclick();
  await page.getByTestId('audit-detail').waitFor();
  await tour.shot('85-settings-audit-record');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: words.verify }).click();
  await page.getByText('hmtt-audit-anchor:').waitFor();
  await tour.shot('86-settings-audit-verified');
  await look(tour, 'dark');
  await tour.shot('87-settings-audit-dark');
  await look(tour, 'light');
}

/** The whole configuration as one file: where it goes out and in, and what an import says before it writes anything. */
async function configuration(tour: Tour): Promise<void> {
  const { page } = tour;
  const { configuration: words, settings } = texts(tour.language);
  await tour.goTo('/settings');
  const filter = page.getByLabel(settings.filter);
  await filter.fill(words.title);
  await page.getByRole('button', { name: words.export }).click();
  await page.getByRole('dialog').getByLabel(words.passphrase, { exact: true }).waitFor();
  await tour.shot('88-settings-configuration');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog[open]', { state: 'detached' });
  await filter.fill('');
  const file = join(tour.stage.dir, 'hmtt-site.json');
  writeFileSync(file, JSON.stringify(otherSite));
  // From elsewhere, so that the wizard begins anew.
  await tour.goTo('/hosts');
  await tour.goTo('/hosts/import?what=site');
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('button', { name: words.importer.check }).click();
  await page.getByTestId('import-preview').waitFor();
  await tour.shot('89-configuration-import');
}

/** What another console brings: a command, an address and a login file are said before all else. */
const otherSite = {
  format: 'hmtt-site',
  version: 3,
  console: '0.1.0',
  exportedAt: '2026-11-20T08:00:00.000Z',
  channels: [
    {
      id: 'duty-desk',
      name: 'duty-desk',
      settings: { type: 'webhook', url: 'http://10.0.0.20:8080/alerts' },
    },
  ],
  remoteWrites: [
    {
      name: 'central',
      url: 'https://10.0.0.30/api/v1/write',
      bearerTokenFile: '/etc/hmtt/central.token',
    },
  ],
  backupPlans: [
    {
      name: 'core',
      sources: ['/srv/hmtt'],
      targetDir: '/backup/core',
      hooks: { before: '/usr/local/bin/quiesce hmtt' },
    },
  ],
};

async function floating(tour: Tour): Promise<void> {
  await tour.goTo('/hosts');
  for (const [key, name] of [
    ['Control+k', '92-command-palette'],
    ['F1', '93-help'],
    ['?', '94-keys'],
  ] as const) {
    await tour.page.locator('main').focus();
    await tour.page.keyboard.press(key);
    await tour.page.waitForSelector('dialog[open]');
    await tour.page.waitForTimeout(300);
    await tour.shot(name);
    await tour.page.keyboard.press('Escape');
    await tour.page.waitForSelector('dialog[open]', { state: 'detached' });
  }
}

async function customRange(tour: Tour): Promise<void> {
  await tour.goTo('/metrics?expr=node_load1');
  await tour.page.selectOption('.top-range select', 'pick');
  await tour.page.waitForSelector('dialog input[name="from"]');
  await tour.shot('95-custom-range');
  await tour.page.keyboard.press('Escape');
}

/** The pages that watch, and the frame around them. */
export const monitoringSteps: readonly TourStep[] = [
  { name: 'overview', run: overview },
  { name: 'hosts', run: hosts },
  { name: 'metrics', run: metrics },
  { name: 'settings', run: settings },
  { name: 'configuration', run: configuration },
  { name: 'floating', run: floating },
  { name: 'custom-range', run: customRange },
];
