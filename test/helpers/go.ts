import type { Page } from 'playwright-core';

/** Goes to an address inside the app as a link would, without loading the document anew. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate', { state: null }));
  }, address);
}

/** Waits until the page shows neither a skeleton nor a request under way for the first time. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('main h1') !== null);
  // A skeleton appears after 150 ms; one that is not there by then does not come.
  await page.waitForTimeout(250);
  await page.waitForFunction(() => document.querySelector('.skeleton') === null);
}
