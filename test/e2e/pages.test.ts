import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageIds, pagePath } from '../../renderer/app/page-module.ts';
import { en } from '../../renderer/locales/en/index.ts';
import { zhCN } from '../../renderer/locales/zh-CN/index.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { goTo, settled } from '../helpers/go.ts';
import { untranslatedInChinese, untranslatedInEnglish, visibleTexts } from '../helpers/page-text.ts';

/** Every page of the real window in both languages, by mouse and by keyboard. */

let run: ConsoleRun;

beforeAll(async () => {
  run = await launchConsole({ language: 'zh-CN', ready: true });
});

afterAll(async () => {
  await run?.close();
});

const path = (): string => new URL(run.page.url()).pathname;
const languages = [
  ['zh-CN', zhCN, untranslatedInChinese],
  ['en', en, untranslatedInEnglish],
] as const;

describe.each(languages)('in %s', (language, texts, untranslated) => {
  beforeAll(async () => {
    await run.page.locator('.top-right select').first().selectOption(language);
    await until('the language', () =>
      run.page.evaluate((wanted) => document.documentElement.lang === wanted, language),
    );
  });

  test.each(pageIds)('the page %s speaks it and nothing else', async (id) => {
    await run.page.click(`nav.nav a[href="${pagePath(id)}"]`);
    await until(id, () => path() === pagePath(id));
    await settled(run.page);
    await expect.poll(() => run.page.locator('nav.nav a.active').innerText()).toContain(texts.common.nav[id]);
    const pieces = await visibleTexts(run.page);
    expect(pieces.length).toBeGreaterThan(20);
    expect(untranslated(pieces)).toEqual([]);
    await expect.poll(() => run.page.locator('main h1').count()).toBe(1);
  });

  test.each(['/hosts/add', '/hosts/import', '/settings/first-run', '/alerts?tab=history'])(
    'so does %s',
    async (address) => {
      await goTo(run.page, address);
      await settled(run.page);
      expect(untranslated(await visibleTexts(run.page))).toEqual([]);
    },
  );

  test('so does what floats', async () => {
    for (const key of ['Control+k', 'F1', '?']) {
      await run.page.locator('main').focus();
      await run.page.keyboard.press(key);
      await run.page.waitForSelector('dialog[open]');
      expect(untranslated(await visibleTexts(run.page))).toEqual([]);
      await run.page.keyboard.press('Escape');
      await run.page.waitForSelector('dialog[open]', { state: 'detached' });
    }
  });

  test('so does the dialog of the time range, and it sets the range', async () => {
    const { page } = run;
    await goTo(page, '/hosts');
    await page.selectOption('.top-range select', 'pick');
    await page.fill('dialog input[name="from"]', 'yesterday');
    expect(untranslated(await visibleTexts(page))).toEqual([]);
    await expect.poll(() => page.locator('dialog .btn-primary').isDisabled()).toBe(true);
    await page.fill('dialog input[name="from"]', 'now-90m');
    await page.fill('dialog input[name="to"]', 'now');
    await page.keyboard.press('Enter');
    await until('a span in the address', () => /from=\d+&to=\d+/.test(page.url()));
    const [, from, to] = /from=(\d+)&to=(\d+)/.exec(page.url()) ?? [];
    expect(Number(to) - Number(from)).toBe(90 * 60_000);
    await until('the word for it', async () =>
      (await page.locator('.top-range button').innerText()).includes(texts.common.top.paused),
    );
    await page.locator('.top-range button').click();
    await until('live again', () => !page.url().includes('from='));
  });

  test('an address that belongs to no page says so', async () => {
    await goTo(run.page, '/nowhere');
    await run.page.locator('main h1', { hasText: texts.common.error.notFound }).waitFor();
  });
});

describe('addresses', () => {
  test('back and forward work, and filters are part of them', async () => {
    const { page } = run;
    await goTo(page, '/');
    await page.click('nav.nav a[href="/hosts"]');
    await page.locator('main select').first().selectOption('data');
    await until('the filter', () => page.url().includes('tier=data'));
    await page.goBack();
    await until('the list without filter', () => path() === '/hosts' && !page.url().includes('tier'));
    await page.goForward();
    await until('the filter again', () => page.url().includes('tier=data'));
    await expect.poll(() => page.locator('main select').first().inputValue()).toBe('data');
  });

  test('a deep address survives loading the document anew', async () => {
    const { page } = run;
    await goTo(page, '/settings?range=6h');
    await page.reload();
    await page.waitForSelector('.settings-page');
    await expect.poll(() => page.locator('.top-range select').inputValue()).toBe('6h');
  });

  test('links within a page stay on it', async () => {
    const { page } = run;
    await goTo(page, '/settings?range=6h');
    await page.locator('.settings-index a').last().click();
    await until('the last section in sight', () =>
      page
        .locator('#settings-about')
        .evaluate((section) => section.getBoundingClientRect().top < innerHeight),
    );
    await page.locator('a.skip').focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    expect(path()).toBe('/settings');
  });

  test('an address from a shift report opens in the palette', async () => {
    const { page } = run;
    await page.locator('main').focus();
    await page.keyboard.press('Control+k');
    await page.fill('[data-testid="palette-input"]', 'app://console/alerts?tab=history&range=6h');
    await page.keyboard.press('Enter');
    await until('the alerts', () => path() === '/alerts');
    expect(page.url()).toBe('app://console/alerts?tab=history&range=6h');
  });

  test('the time range goes along to the next page', async () => {
    const { page } = run;
    await page.locator('.top-range select').selectOption('24h');
    await page.click('nav.nav a[href^="/metrics"]');
    await until('the metrics page', () => path() === '/metrics');
    expect(page.url()).toContain('range=24h');
  });
});

describe('the keyboard alone', () => {
  test('reaches the content, every page and every control of the frame', async () => {
    const { page } = run;
    await goTo(page, '/');
    // Only a new document begins again at its first control.
    await page.reload();
    await settled(page);
    const seen: string[] = [];
    for (let press = 0; press < 40 && !seen.includes('main'); press += 1) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate(() => {
        const element = document.activeElement;
        if (!(element instanceof HTMLElement)) return { name: '', ring: false };
        const style = getComputedStyle(element);
        return {
          name: element.closest('main') ? 'main' : (element.getAttribute('href') ?? element.className),
          ring: style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2,
        };
      });
      expect(focus.ring, `${focus.name} shows its focus`).toBe(true);
      seen.push(focus.name);
    }
    expect(seen[0]).toBe('/#content');
    expect(seen).toEqual(expect.arrayContaining([...pageIds.map(pagePath), 'top-search', 'main']));
  });

  test('goes to pages by number and by the command palette', async () => {
    const { page } = run;
    await page.keyboard.press('Alt+4');
    await until('the alerts', () => path() === '/alerts');
    await page.keyboard.press('Control+k');
    await page.waitForSelector('[data-testid="palette-input"]');
    await page.keyboard.type('logs');
    await page.keyboard.press('Enter');
    await until('the logs', () => path() === '/logs');
  });
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

  test.each([...pageIds.map(pagePath), '/hosts/add', '/metrics?expr=node_load1'])(
    '%s needs no sideways scrolling, and the navigation is whole',
    async (address) => {
      const { page } = run;
      await goTo(page, address);
      await settled(page);
      const over = await page.evaluate(() => {
        const main = document.querySelector('main');
        return {
          main: (main?.scrollWidth ?? 0) - (main?.clientWidth ?? 0),
          body: document.documentElement.scrollWidth - innerWidth,
        };
      });
      expect(over.main).toBeLessThanOrEqual(1);
      expect(over.body).toBeLessThanOrEqual(1);
      for (const link of await page.locator('nav.nav a').all()) {
        await link.scrollIntoViewIfNeeded();
        await expect.poll(() => link.isVisible()).toBe(true);
      }
    },
  );
});
