import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageIds, pagePath } from '../../renderer/app/page-module.ts';
import { violations } from '../helpers/axe.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { goTo, settled } from '../helpers/go.ts';

/** No violation that axe can find, on any page and in any look. */

let run: ConsoleRun;

beforeAll(async () => {
  run = await launchConsole({ language: 'zh-CN', ready: true });
});

afterAll(async () => {
  await run?.close();
});

const looks = ['light', 'dark', 'contrast'] as const;

describe.each(looks)('in the look %s', (look) => {
  beforeAll(async () => {
    await run.page.locator('.top-right select').nth(1).selectOption(look);
    await until('the look', () =>
      run.page.evaluate((wanted) => document.documentElement.dataset.theme === wanted, look),
    );
  });

  test.each(pageIds)('%s has no violation', async (id) => {
    await goTo(run.page, pagePath(id));
    await settled(run.page);
    expect(await violations(run.page)).toEqual([]);
  });
});

describe('what is not a page of its own', () => {
  test.each([
    '/hosts/add',
    '/hosts/import',
    '/hosts/import?what=nagios',
    '/hosts/import?what=zabbix',
    '/hosts/ssh',
    '/hosts/ssh?tab=commands',
    '/settings/training',
    '/settings/first-run',
    '/metrics?expr=node_load1&expr=up',
    '/metrics?expr=node_cpu_seconds_total&view=table',
    '/metrics/space',
    '/alerts?tab=history',
    '/alerts?tab=history&show=statistics',
    '/alerts?tab=history&show=shift',
    '/alerts?tab=silences',
    '/alerts?tab=silences&calendar=table',
    '/alerts?tab=routes',
    '/recovery?tab=objectives',
    '/recovery?tab=drills',
    '/recovery?tab=runbooks',
    '/recovery?tab=risks',
    '/recovery?tab=environment',
    '/recovery/runbooks/template-ransomware',
  ])('%s has no violation', async (address) => {
    await goTo(run.page, address);
    await settled(run.page);
    expect(await violations(run.page)).toEqual([]);
  });

  test('a host has no violation', async () => {
    await goTo(run.page, '/');
    await run.page.locator('.fleet-host').first().click();
    await run.page.waitForSelector('.strip');
    await settled(run.page);
    expect(await violations(run.page)).toEqual([]);
  });

  test.each(['Control+k', 'F1', '?'])('what %s opens has no violation', async (key) => {
    await run.page.locator('main').focus();
    await run.page.keyboard.press(key);
    await run.page.waitForSelector('dialog[open]');
    expect(await violations(run.page)).toEqual([]);
    await run.page.keyboard.press('Escape');
    await run.page.waitForSelector('dialog[open]', { state: 'detached' });
  });

  test('the choice of a time range has no violation', async () => {
    await run.page.selectOption('.top-range select', 'pick');
    await run.page.fill('dialog input[name="from"]', 'nonsense');
    expect(await violations(run.page)).toEqual([]);
    await run.page.keyboard.press('Escape');
    await run.page.waitForSelector('dialog[open]', { state: 'detached' });
  });

  test('the job drawer has no violation', async () => {
    await run.page.click('[data-testid="status-jobs"]');
    await run.page.waitForSelector('dialog[open]');
    expect(await violations(run.page)).toEqual([]);
    await run.page.keyboard.press('Escape');
  });
});
