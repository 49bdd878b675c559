import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';

/**
 * The locks must not hurt honest work: were ordinary use refused here and there, nobody would read the log when
 * something dishonest is.
 */

let run: ConsoleRun;

beforeAll(async () => {
  run = await launchConsole();
  await until('the frame', () => run.page.evaluate(() => document.querySelectorAll('nav a').length >= 8));
});

afterAll(async () => {
  await run?.close();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('a walk through every page, in both languages, is refused nothing', async () => {
  for (const language of ['en', 'zh-CN'] as const) {
    await run.page.evaluate((next) => window.shell?.setLanguage(next), language);
    const addresses = await run.page.evaluate(() =>
      [...document.querySelectorAll<HTMLAnchorElement>('nav a')].map((link) => link.pathname),
    );
    for (const address of addresses) {
      await run.page.click(`nav a[href$="${address}"]`);
      await until(address, () => new URL(run.page.url()).pathname === address);
      await pause(300);
    }
  }
  await run.page.keyboard.press('Control+k');
  await pause(300);
  await run.page.keyboard.press('Escape');
  await run.page.reload();
  await until('the frame', () => run.page.evaluate(() => document.querySelectorAll('nav a').length >= 8));
  await pause(500);
  expect(run.log().filter((line) => line.message === 'refused')).toEqual([]);
});

test('and the page reports no error of its own', () => {
  expect(run.log().filter((line) => line.message === 'page message')).toEqual([]);
});
