import type { Page } from 'playwright-core';
import { until } from './electron.ts';

/** The list takes no key while it is younger than this, ms, so that nobody takes what was not seen (CodeMirror's default is 75). */
const TAKES_KEYS_AFTER_MS = 100;

/** Takes one of the words that an editor offers, by keys. */
export async function takeCompletion(page: Page, wanted: string): Promise<void> {
  const chosen = page.locator('.cm-tooltip-autocomplete li[aria-selected="true"]');
  await until(`${wanted} is chosen`, async () => {
    if ((await chosen.allInnerTexts()).some((text) => text.includes(wanted))) return true;
    await page.keyboard.press('ArrowDown');
    return false;
  });
  await page.waitForTimeout(TAKES_KEYS_AFTER_MS);
  await page.keyboard.press('Enter');
}
