import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageIds, pagePath } from '../../renderer/app/page-module.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { goTo, settled } from '../helpers/go.ts';

/** No violation that axe can find, on any page and in any look. */

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let run: ConsoleRun;

beforeAll(async () => {
  run = await launchConsole({ language: 'zh-CN', ready: true });
});

afterAll(async () => {
  await run?.close();
});

/** Runs axe in the page; through the debugger, because the page's policy lets no foreign script in. */
async function violations(): Promise<readonly string[]> {
  // The whole source is an expression for the debugger; it puts `axe` on the window.
  await run.page.evaluate(`${axeSource}; undefined`);
  return run.page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run: (options: object) => Promise<{
          violations: readonly {
            id: string;
            help: string;
            nodes: readonly { target: readonly unknown[] }[];
          }[];
        }>;
      };
    };
    const found = await axe.run({ resultTypes: ['violations'] });
    return found.violations.flatMap(({ id, help, nodes }) =>
      nodes.slice(0, 5).map(({ target }) => `${id}: ${help}: ${target.join(' ')}`),
    );
  });
}

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
    expect(await violations()).toEqual([]);
  });
});

describe('what is not a page of its own', () => {
  test.each([
    '/hosts/add',
    '/hosts/import',
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
    expect(await violations()).toEqual([]);
  });

  test('a host has no violation', async () => {
    await goTo(run.page, '/');
    await run.page.locator('.fleet-host').first().click();
    await run.page.waitForSelector('.strip');
    await settled(run.page);
    expect(await violations()).toEqual([]);
  });

  test.each(['Control+k', 'F1', '?'])('what %s opens has no violation', async (key) => {
    await run.page.locator('main').focus();
    await run.page.keyboard.press(key);
    await run.page.waitForSelector('dialog[open]');
    expect(await violations()).toEqual([]);
    await run.page.keyboard.press('Escape');
    await run.page.waitForSelector('dialog[open]', { state: 'detached' });
  });

  test('the choice of a time range has no violation', async () => {
    await run.page.selectOption('.top-range select', 'pick');
    await run.page.fill('dialog input[name="from"]', 'nonsense');
    expect(await violations()).toEqual([]);
    await run.page.keyboard.press('Escape');
    await run.page.waitForSelector('dialog[open]', { state: 'detached' });
  });

  test('the job drawer has no violation', async () => {
    await run.page.click('[data-testid="status-jobs"]');
    await run.page.waitForSelector('dialog[open]');
    expect(await violations()).toEqual([]);
    await run.page.keyboard.press('Escape');
  });
});
