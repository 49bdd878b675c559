import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo, settled } from '../helpers/go.ts';
import { pdfText } from '../helpers/pdf.ts';

/** Alerts as an operator meets them: by keyboard, in both languages, with the reason for every silence. */

let run: ConsoleRun;
let engine: EngineAccess;
let folder: string;

/** Rules that fire at once, and one that is still pending. */
const rules = `
groups:
  - name: site
    interval: 1s
    rules:
      - alert: DiskNearlyFull
        expr: label_replace(vector(95), "host", "db-1", "", "") > 90
        labels: {severity: critical, tier: data}
        annotations: {summary: Disk /data of db-1 is 95 % full, description: Free space on db-1.}
      - alert: DiskNearlyFull
        expr: label_replace(vector(92), "host", "db-2", "", "") > 90
        labels: {severity: critical, tier: data}
        annotations: {summary: Disk /data of db-2 is 92 % full, description: Free space on db-2.}
      - alert: QueueLong
        expr: label_replace(vector(900), "host", "app-1", "", "") > 500
        labels: {severity: warning, tier: business}
        annotations: {summary: The queue of app-1 is long, description: Look at its consumers.}
      - alert: LoadHigh
        expr: label_replace(vector(9), "host", "lb-1", "", "") > 8
        for: 6h
        labels: {severity: warning, tier: presentation}
        annotations: {summary: lb-1 is busy}
`;

/** As many rules as give this many alerts. */
function manyRules(count: number): string {
  const one = (index: number): string =>
    `      - {alert: Many, expr: 'vector(1) > 0', labels: {severity: warning, host: "many-${index}"}}`;
  return `groups:\n  - name: many\n    interval: 2s\n    rules:\n${Array.from({ length: count }, (_, index) => one(index)).join('\n')}\n`;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hmtt-alerts-'));
  run = await launchConsole({ language: 'en', ready: true });
  engine = await until('the engine', () => reachEngine(run.dataDir));
  const { problems } = await engine.call('rules.files.put', { name: 'site.yml', text: rules });
  expect(problems).toEqual([]);
  await until('the alerts', async () => {
    const { alerts } = await engine.call('notify.alerts', {});
    return (
      alerts.filter(({ labels }) => labels.alertname !== undefined && labels.tier !== undefined).length >= 3
    );
  });
});

afterAll(async () => {
  engine?.close();
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

const line = (text: string) => run.page.locator('.firing-row', { hasText: text });

test('what fires stands worst first, with its state in words, and what is pending folded', async () => {
  const { page } = run;
  await goTo(page, '/alerts');
  await page.waitForSelector('[data-testid="firing"] [data-kind="alert"]');
  // The starter rules may have something pending, too.
  await expect
    .poll(async () => (await page.locator('.firing-row').allInnerTexts()).join('\n'))
    .toMatch(/db-1[\s\S]*queue of app-1[\s\S]*Alerts about to fire: \d/);
  await expect.poll(() => line('db-1 is 95 %').innerText()).toMatch(/Critical[\s\S]*nobody on it/);
  await expect.poll(() => page.locator('.tab[data-tab="firing"] .tab-count').innerText()).toMatch(/^\d+$/);
});

test('an alert is acknowledged without the mouse', async () => {
  const { page } = run;
  await page.locator('.firing-row [data-row]').first().focus();
  // To the line of db-2, wherever it stands.
  for (let step = 0; step < 12; step += 1) {
    if ((await page.evaluate(() => document.activeElement?.textContent))?.includes('db-2 is 92 %')) break;
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(50);
  }
  await page.keyboard.press('a');
  const form = page.getByTestId('acknowledge-form');
  await form.waitFor();
  // While it cannot be sent it says why, beside the button and of it.
  const lacking = form.getByText('Give your name', { exact: true });
  await lacking.waitFor();
  await expect
    .poll(() => form.locator('button[type="submit"]').getAttribute('aria-describedby'))
    .toBe(await lacking.getAttribute('id'));
  await page.keyboard.type('Li Wei');
  await lacking.waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid="acknowledge-form"]', { state: 'detached' });
  await until('who is on it', async () =>
    (await line('db-2 is 92 %').innerText()).includes('Li Wei is on it'),
  );
  await expect.poll(() => line('db-2 is 92 %').innerText()).toContain('Acknowledged');
});

test('a silence shows what it hides before it is made', async () => {
  const { page } = run;
  await line('queue of app-1').locator('[data-row]').focus();
  await page.keyboard.press('s');
  await page.waitForSelector('[data-testid="silence-preview"]');
  await until('the count of the week', async () =>
    /Hides 1 alerts now, 1 in the last 7 days/.test(
      await page.locator('[data-testid="silence-preview"]').innerText(),
    ),
  );
  await page.fill('[data-testid="silence-form"] [name="comment"]', 'consumers are being moved');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid="silence-form"]', { state: 'detached' });
  await until(
    'the alert to be quiet',
    async () => (await line('kept quiet on purpose').count()) === 1,
    30_000,
  );
  await goTo(page, '/alerts?tab=silences');
  await settled(page);
  const table = page.locator('[data-testid="table-silences"]');
  await expect.poll(() => table.innerText()).toContain('consumers are being moved');
  await expect.poll(() => table.innerText()).toMatch(/left/);
});

test('the page of an alert tells why nobody was told', async () => {
  const { page } = run;
  const { alerts } = await engine.call('notify.alerts', {});
  const queue = alerts.find(({ labels }) => labels.alertname === 'QueueLong');
  await goTo(page, `/alerts/${encodeURIComponent(queue?.problem.id ?? '')}`);
  await page.waitForSelector('[data-testid="trace"] li');
  await until('the suppression in the story', async () =>
    (await page.locator('[data-testid="trace"]').innerText()).includes('consumers are being moved'),
  );
  await expect.poll(() => page.locator('[data-testid="verdict"]').innerText()).not.toBe('');
  await expect
    .poll(() => page.locator('[data-testid="trace"] li[data-kind="opened"]').count())
    .toBeGreaterThan(0);
  // The values that were judged, with the threshold as a line of its own.
  await page.waitForSelector('.chart canvas');
  await expect.poll(() => page.locator('.chart').innerText()).toContain('threshold > 500');
});

test('the same in Chinese', async () => {
  const { page } = run;
  await page.locator('.top-right select').first().selectOption('zh-CN');
  await until('the Chinese story', async () =>
    (await page.locator('.why h2').innerText()).includes('为什么（没有）通知我'),
  );
  await goTo(page, '/alerts');
  await page.waitForSelector('.firing-row');
  await expect.poll(() => line('db-2 is 92 %').innerText()).toContain('Li Wei 处理中');
  await expect.poll(() => line('db-2 is 92 %').innerText()).toContain('已确认');
  await page.locator('.top-right select').first().selectOption('en');
});

test('routes are sentences, and tell where an alert would go', async () => {
  const { page } = run;
  await goTo(page, '/alerts?tab=routes');
  await page.waitForSelector('[data-testid="routes"] li');
  await expect
    .poll(() => page.locator('[data-testid="routes"]').innerText())
    .toMatch(/Alerts of severity Critical[\s\S]*without acknowledgement → full screen here/);
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.waitForSelector('[data-testid="tested"] li');
});

test('a time interval is written, and a route is mute in it', async () => {
  const { page } = run;
  await goTo(page, '/alerts?tab=routes');
  const form = page.getByTestId('times-form');
  await page.getByRole('button', { name: 'New time interval', exact: true }).click();
  await form.getByLabel('Name').fill('night');
  await form.getByLabel('Times of day').fill('22:00-');
  await expect.poll(() => form.getByText('Not understood; write it as in the example').count()).toBe(1);
  await expect.poll(() => form.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  await form.getByLabel('Times of day').fill('22:00-06:00');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByText('Time "night" (1 spans)').waitFor();
  await page.getByTestId('routes').getByRole('button', { name: /^Edit/ }).first().click();
  const route = page.getByTestId('route-form');
  await route.getByRole('group', { name: 'Tells nobody in these times' }).getByLabel('night').check();
  await route.getByRole('button', { name: 'Save' }).click();
  await route.waitFor({ state: 'detached' });
  // What a route still needs is not taken away, and the page says why.
  await page.getByRole('button', { name: 'Edit night' }).click();
  await form.getByRole('button', { name: 'Remove', exact: true }).click();
  await form.getByRole('alert').waitFor();
  await page.keyboard.press('Escape');
});

test('the report of a shift says who acknowledged what, and prints', async () => {
  const { page } = run;
  await goTo(page, '/alerts?tab=history&show=shift&span=8h');
  await page.waitForSelector('[data-testid="shift-report"] table');
  await expect.poll(() => page.locator('[data-testid="shift-report"]').innerText()).toContain('Li Wei');
  const path = join(folder, 'shift.pdf');
  await run.answerDialogs({ save: path });
  const now = Date.now();
  const answer = await page.evaluate((wanted) => window.shell?.savePdf(wanted), {
    kind: 'shift',
    id: `${now - 3_600_000}-${now + 60_000}`,
    lang: 'zh-CN' as const,
    suggestedName: 'x.pdf',
  });
  expect(answer).toEqual({ ok: true, value: path });
  expect(pdfText(path)).toContain('交接班报告');
  expect(pdfText(path)).toContain('Li Wei');
});

describe('at 200 % zoom on a 1366 × 768 screen', () => {
  const zoom = async (factor: number): Promise<void> => {
    await run.app.evaluate(({ BrowserWindow }, by) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.setContentSize(1366, 768);
      window?.webContents.setZoomFactor(by);
    }, factor);
    const width = Math.round(1366 / factor);
    await until('the zoom', () => run.page.evaluate((wide) => Math.abs(innerWidth - wide) < 4, width));
  };
  beforeAll(() => zoom(2));
  afterAll(() => zoom(1));

  test.each(['/alerts', '/alerts?tab=history', '/alerts?tab=silences', '/alerts?tab=routes', 'one'])(
    '%s needs no sideways scrolling',
    async (address) => {
      const { page } = run;
      const [first] = (await engine.call('notify.alerts', {})).alerts;
      await goTo(
        page,
        address === 'one' ? `/alerts/${encodeURIComponent(first?.problem.id ?? '')}` : address,
      );
      await settled(page);
      const over = await page.evaluate(() => {
        const main = document.querySelector('main');
        return (main?.scrollWidth ?? 0) - (main?.clientWidth ?? 0);
      });
      expect(over).toBeLessThanOrEqual(1);
    },
  );
});

test('three hundred alerts draw only what is on the screen, and the keys reach the last', async () => {
  const { page } = run;
  await engine.call('rules.files.put', { name: 'many.yml', text: manyRules(320) });
  await goTo(page, '/alerts');
  await until('the many', async () => (await engine.call('notify.alerts', {})).alerts.length > 320);
  await until('them on the page', async () => (await page.locator('.firing-row').count()) > 8);
  await until(
    'one group',
    async () => (await line('320 alerts, told of in one notice').count()) === 1,
    60_000,
  );
  await expect.poll(() => page.locator('.firing-row').count()).toBeLessThan(60);
  await page.locator('.firing-row [data-row]').first().focus();
  await page.keyboard.press('End');
  await until('the last line', () =>
    page.evaluate(() => {
      const row = document.activeElement?.closest('.firing-row');
      return row !== null && row?.getAttribute('aria-posinset') === row?.getAttribute('aria-setsize');
    }),
  );
  await engine.call('rules.files.remove', { name: 'many.yml' });
});

test('what nobody acknowledged fills the screen, until somebody does', async () => {
  const { page } = run;
  const { config, revision } = await engine.call('notify.config.get', {});
  const siren = {
    title: 'siren',
    receiver: 'full-screen',
    matchers: [{ name: 'alertname', op: '=' as const, value: 'Siren' }],
    groupWaitMs: 0,
    escalation: [],
  };
  const { problems } = await engine.call('notify.config.set', {
    revision,
    config: { ...config, route: { ...config.route, routes: [siren, ...config.route.routes] } },
  });
  expect(problems).toEqual([]);
  await engine.call('rules.files.put', {
    name: 'siren.yml',
    text: `groups:\n  - name: siren\n    interval: 1s\n    rules:\n      - {alert: Siren, expr: 'vector(1) > 0', labels: {severity: critical}, annotations: {summary: The cooling has failed, description: Open the doors.}}\n`,
  });
  await page.waitForSelector('[data-testid="full-screen"]');
  const screen = page.locator('[data-testid="full-screen"]');
  await expect.poll(() => screen.locator('h1').innerText()).toBe('The cooling has failed');
  await expect.poll(() => screen.innerText()).toContain('Open the doors.');
  // Esc does not put away what nobody has acknowledged.
  await page.keyboard.press('Escape');
  await expect.poll(() => screen.count()).toBe(1);
  await screen.getByRole('button', { name: /^Acknowledge/ }).click();
  await page.waitForSelector('[data-testid="full-screen"]', { state: 'detached' });
  const { alerts } = await engine.call('notify.alerts', {});
  expect(alerts.find(({ labels }) => labels.alertname === 'Siren')?.acknowledgement?.by).toBe('Li Wei');
});
