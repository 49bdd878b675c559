import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from '../helpers/axe.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { goTo, settled } from '../helpers/go.ts';
import { untranslatedInEnglish, visibleTexts } from '../helpers/page-text.ts';

/** The rules view of the alerts page in the real window. */

let run: ConsoleRun;

beforeAll(async () => {
  run = await launchConsole({ language: 'en', ready: true });
});

afterAll(async () => {
  await run?.close();
});

const show = async (view: string): Promise<void> => {
  await goTo(run.page, `/alerts?tab=rules${view === 'list' ? '' : `&view=${view}`}`);
  await settled(run.page);
};

test.each(['list', 'files', 'starter', 'slo'])(
  'the view %s speaks one language and is accessible',
  async (view) => {
    await show(view);
    expect(untranslatedInEnglish(await visibleTexts(run.page))).toEqual([]);
    expect(await violations(run.page)).toEqual([]);
  },
);

test('a rule is written by form with the keyboard alone, looked back on, and runs', async () => {
  const { page } = run;
  await show('list');
  await page.getByRole('button', { name: 'New by form' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open] [data-testid=rule-form]');
  // The first field has the focus: the kind, chosen by its first letters.
  await page.keyboard.type('Much memory');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Memory by keyboard');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('1');
  await until('the rule file', async () =>
    (await page.locator('[data-testid=rule-preview]').innerText()).includes('node_memory_MemAvailable_bytes'),
  );
  await expect.poll(() => page.locator('[data-testid=rule-preview]').innerText()).toContain('> 1');
  expect(await violations(run.page)).toEqual([]);
  await page.getByRole('button', { name: 'Run the backtest' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid=backtest-result]');
  await page.getByRole('button', { name: 'Save and run' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]', { state: 'detached' });
  await goTo(page, '/alerts?tab=rules&rule=Memory by keyboard');
  await until('the rule in the list', async () => (await page.getByText('Memory by keyboard').count()) > 0);
  // It is opened as a form again.
  await show('files');
  const row = page.getByRole('row', { name: /Memory by keyboard/ });
  await row.getByRole('button', { name: 'Change' }).click();
  await page.waitForSelector('dialog[open] [data-testid=rule-form]');
  await expect.poll(() => page.getByLabel('Name of the alert').inputValue()).toBe('Memory by keyboard');
  await page.keyboard.press('Escape');
});

test('a broken text names its line and cannot be saved; a test file is run', async () => {
  const { page } = run;
  await show('list');
  await page.getByRole('button', { name: 'New as text' }).click();
  const text = page.locator('[data-testid=rule-text] textarea');
  await text.fill('groups:\n- name: g\n  rules:\n  - {alert: A, expr: "sum("}\n');
  await until('the mistake', async () =>
    (await page.locator('[data-testid=rule-text]').innerText()).includes('Line 4'),
  );
  await expect.poll(() => page.getByRole('button', { name: 'Save and run' }).isDisabled()).toBe(true);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Run test file' }).click();
  await page.locator('[data-testid=rule-tests] textarea').fill(
    `rule_files: [services.yml]
evaluation_interval: 1m
tests:
- interval: 1m
  input_series: [{series: 'nginx_up{instance="w1"}', values: '0x10'}]
  alert_rule_test: [{eval_time: 5m, alertname: NginxDown, exp_alerts: []}]
`,
  );
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await until('what differs', async () =>
    (await page.locator('[data-testid=rule-tests]').innerText()).includes('alertname="NginxDown"'),
  );
  await page.keyboard.press('Escape');
});

test('a rule of the starter set is switched off and its threshold changed', async () => {
  const { page } = run;
  await show('starter');
  await page.getByLabel('Run HostCpuBusy').click();
  await until('the switch', async () => !(await page.getByLabel('Run HostCpuBusy').isChecked()));
  const field = page.getByLabel('HostLoadHigh: load for each CPU above');
  await field.fill('5');
  await field.press('Enter');
  await until('the threshold', async () => (await page.getByLabel('Back to the own value').count()) === 1);
  await show('list');
  await until('the change', async () => (await page.getByText('HostCpuBusy').count()) === 0);
  await expect.poll(() => page.getByText(/mode="idle"}\) > 5/).count()).toBe(1);
});
