import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { goTo } from '../helpers/go.ts';
import { type NodeExporter, startNodeExporter } from '../helpers/node-exporter.ts';

/** Monitoring as an operator meets it, against a real node_exporter: add, watch, lose, import, remove. */

let run: ConsoleRun;
let exporter: NodeExporter;

beforeAll(async () => {
  exporter = await startNodeExporter();
  run = await launchConsole({ language: 'en', ready: true });
});

afterAll(async () => {
  await run?.close();
  await exporter?.stop();
});

const path = (): string => new URL(run.page.url()).pathname;

test('the overview shows live values of this workstation', async () => {
  const { page } = run;
  const tiles = page.locator('[data-testid="live-tiles"] .tile-value');
  await until('a share of memory', async () => /^\d+\.\d %$/.test((await tiles.nth(1).innerText()).trim()));
  await until(
    'the CPU, after a second sample',
    async () => /^\d+\.\d %$/.test((await tiles.nth(0).innerText()).trim()),
    40_000,
  );
  expect(await page.evaluate(() => performance.getEntriesByName('useful-paint').length)).toBe(1);
  await expect.poll(() => page.locator('[data-testid="fleet"] li').count()).toBe(1);
});

test('the first set-up names the site', async () => {
  const { page } = run;
  await page.click('[data-testid="first-run-offer"] .btn-primary');
  await page.fill('input[name="siteName"]', 'East Two');
  await page.fill('input[name="classification"]', 'Internal');
  await page.click('.wizard-foot .btn-primary');
  await page.waitForSelector('[data-step="watched"]');
  // Who adds a host from here comes back to this step.
  await page.click('.wizard-content a[href$="/hosts/add"]');
  await page.waitForSelector('[data-step="address"]');
  await page.goBack();
  await page.waitForSelector('[data-step="watched"]');
  await page.click('.wizard-foot .btn-primary');
  // What is still missing is said, with the way to it.
  await page.locator('[data-step="done"] a[href$="/backups/plans/new"]').waitFor();
  await page.click('[data-step="done"] .wizard-foot .btn-primary');
  await until('the overview', () => path() === '/');
  await until(
    'the name in the top bar',
    async () => (await page.locator('.top-name').innerText()) === 'East Two',
  );
  await expect.poll(() => page.locator('.top .classification').innerText()).toBe('Internal');
  await expect.poll(() => page.locator('[data-testid="first-run-offer"]').count()).toBe(0);
});

describe('adding a host', () => {
  test('refuses an address that is none, next to its field', async () => {
    const { page } = run;
    await goTo(page, '/hosts/add');
    await page.fill('input[name="host"]', 'http://nonsense');
    await page.click('.wizard-foot .btn-primary');
    await expect.poll(() => page.locator('.field-error').first().innerText()).toContain('without protocol');
    await expect.poll(() => page.locator('[data-testid="wizard"]').getAttribute('data-step')).toBe('address');
  });

  test('shows where a wrong port fails, and lets the operator go back', async () => {
    const { page } = run;
    await page.fill('input[name="host"]', '127.0.0.1');
    await page.fill('input[name="port"]', '1');
    await page.click('.wizard-foot .btn-primary');
    await page.waitForSelector('[data-testid="test-steps"] .notice-critical');
    await expect.poll(() => page.locator('[data-testid="test-steps"] li').count()).toBeGreaterThanOrEqual(1);
    await page.locator('.wizard-foot button', { hasText: 'Back' }).click();
    await expect.poll(() => page.inputValue('input[name="port"]')).toBe('1');
  });

  test('tests the real exporter, adds it, and its metrics appear', async () => {
    const { page } = run;
    await page.fill('input[name="port"]', String(exporter.port));
    await page.fill('input[name="intervalSeconds"]', '1');
    await page.click('.wizard-foot .btn-primary');
    await page.waitForSelector('[data-testid="test-passed"]');
    await page.click('.wizard-foot .btn-primary');
    await page.fill('input[name="name"]', 'db-1');
    await page.selectOption('select[name="tier"]', 'data');
    await page.fill('textarea[name="labels"]', 'env=test');
    await page.click('.wizard-foot .btn-primary');
    await expect.poll(() => page.locator('.sentence').innerText()).toContain('db-1');
    await page.click('.wizard-foot .btn-primary');
    await page.waitForSelector('[data-testid="host-added"]');
    await page.locator('.wizard-content .btn-primary').click();
    await until('the host page', () => path().startsWith('/hosts/') && path() !== '/hosts/add');
    await until('the host to be up', async () =>
      (await page.locator('h1 .badge').innerText()).includes('Up'),
    );
    await page.waitForSelector('.chart canvas');
  });

  test('the target can be tested on the spot', async () => {
    const { page } = run;
    await page.locator('[data-testid="targets"] button').first().click();
    await page.waitForSelector('[data-testid="test-passed"]');
  });
});

test('the metrics of the new host are drawn', async () => {
  const { page } = run;
  await goTo(page, '/metrics?expr=up');
  await page.waitForSelector('.chart canvas');
  await until('the legend to name the host', async () =>
    (await page.locator('.legend-name').allInnerTexts()).join(' ').includes(exporter.address),
  );
});

describe('losing a host', () => {
  test('the overview says so in a sentence, the state in colour, shape and word', async () => {
    const { page } = run;
    await goTo(page, '/');
    await exporter.stop();
    await page.waitForSelector('.problem-critical');
    await expect.poll(() => page.locator('.problem-critical').first().innerText()).toContain('db-1');
    const card = page.locator('.fleet-host').first();
    await until('the card', async () => (await card.innerText()).includes('Down'));
    await expect.poll(() => card.locator('svg.shape-down').count()).toBe(1);
    await page.locator('.problem-critical a.btn').first().click();
    await page.waitForSelector('.strip-down');
  });

  test('the alerts page lists it', async () => {
    const { page } = run;
    await goTo(page, '/alerts');
    await page.waitForSelector('[data-testid="firing"] li');
    await expect.poll(() => page.locator('[data-testid="firing"]').innerText()).toContain('db-1');
  });
});

describe('importing a prometheus.yml', () => {
  const good = [
    'global:',
    '  scrape_interval: 15s',
    'scrape_configs:',
    "  - job_name: 'prometheus'",
    '    static_configs:',
    "      - targets: ['localhost:9090']",
    "  - job_name: 'hmtt-system'",
    '    static_configs:',
    "      - targets: ['hmtt-system:9100']",
  ].join('\n');

  test('a broken file is refused whole, with the line in sight', async () => {
    const { page } = run;
    await goTo(page, '/hosts/import');
    await page.fill(
      'textarea',
      good.replace("'hmtt-system:9100'", "'hmtt-system'").replace('15s', '15 seconds'),
    );
    await page.click('.wizard-foot .btn-primary');
    await page.waitForSelector('.source-line');
    await expect.poll(() => page.locator('.source-line').innerText()).toContain('15 seconds');
  });

  test('a good one is previewed, then imported', async () => {
    const { page } = run;
    await page.fill('textarea', good);
    await page.click('.wizard-foot .btn-primary');
    await page.waitForSelector('[data-testid="import-preview"]');
    const preview = await page.locator('[data-testid="import-preview"]').innerText();
    expect(preview).toContain('hmtt-system');
    expect(preview).toContain('15 s');
    await page.click('.wizard-foot .btn-primary');
    await page.waitForSelector('[data-testid="imported"]');
    await goTo(page, '/hosts');
    await until(
      'the new hosts',
      async () => (await page.locator('[data-testid="table-hosts"] tbody tr').count()) === 4,
    );
  });
});

test('removing a host takes its name, typed', async () => {
  const { page } = run;
  await goTo(page, '/hosts');
  await page.getByRole('link', { name: 'db-1' }).click();
  await page.waitForSelector('.strip');
  await page.locator('.page-actions button', { hasText: 'Remove host' }).click();
  const remove = page.locator('dialog .btn-danger');
  await expect.poll(() => remove.isDisabled()).toBe(true);
  await page.fill('dialog input', 'db-1');
  await remove.click();
  await until('the list', () => path() === '/hosts');
  await until('one host less', async () => (await page.getByRole('link', { name: 'db-1' }).count()) === 0);
});
