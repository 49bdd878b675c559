import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { violations } from '../helpers/axe.ts';
import {
  type ChartSite,
  MANY_SERIES,
  makeChartSite,
  SITE_STEP_MS,
  WIDE_SAMPLES,
  WIDE_SERIES,
} from '../helpers/chart-site.ts';
import { takeCompletion } from '../helpers/completion.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { expectSmooth, measureFrames } from '../helpers/frames.ts';
import { goTo, settled } from '../helpers/go.ts';

/** The metrics page as an operator meets it: typing, exploring, zooming, reading, taking results away. */

let site: ChartSite;
let run: ConsoleRun;
let page: Page;

beforeAll(async () => {
  site = await makeChartSite(Date.now());
  run = await launchConsole({ language: 'en', ready: true, dataDir: site.dataDir });
  page = run.page;
});

afterAll(async () => {
  await run?.close();
  site?.remove();
});

beforeEach(() => goTo(page, '/'));

const editor = (letter = 'A'): Locator => page.getByRole('textbox', { name: `Expression ${letter}` });
const address = (): URLSearchParams => new URL(page.url()).searchParams;
const button = (name: string | RegExp): Locator => page.getByRole('button', { name });
const legend = (): Promise<string[]> => page.locator('.legend-name').allInnerTexts();

/** Opens the page with expressions, and waits for what they give. */
async function open(exprs: readonly string[], more = 'range=1h'): Promise<void> {
  const params = exprs.map((expr) => `expr=${encodeURIComponent(expr)}`).join('&');
  await goTo(page, `/metrics?${params}&${more}`);
  await page.waitForSelector('.expression-editor[data-ready="true"]');
  await settled(page);
}

/** Where the first chart draws. */
async function plot(): Promise<{ x: number; y: number; width: number; height: number }> {
  const over = page.locator('.chart .u-over').first();
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  if (!box) throw new Error('the chart has no place');
  return box;
}

async function dragOver(from: number, to: number): Promise<void> {
  const box = await plot();
  await page.mouse.move(box.x + box.width * from, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, box.y + 80, { steps: 6 });
  await page.mouse.up();
}

describe('typing an expression', () => {
  test('completes functions, metrics, labels and values out of what the engine holds', async () => {
    await open(['']);
    await editor().click();
    await page.keyboard.type('rat');
    const offered = page.locator('.cm-tooltip-autocomplete li');
    await until('the function with its help', async () =>
      (await offered.allInnerTexts()).some((text) => /^rate/.test(text)),
    );
    await page.keyboard.type('e(orders');
    await until('the metric with its type', async () =>
      (await offered.allInnerTexts()).some((text) => /orders_total\s*counter/.test(text)),
    );
    await takeCompletion(page, 'orders_total');
    await until('the metric', async () => (await editor().innerText()).includes('orders_total'));
    await page.keyboard.type('{sho');
    await until('the label', async () => (await offered.allInnerTexts()).includes('shop'));
    await page.keyboard.type('p="');
    await until('the values', async () => (await offered.allInnerTexts()).join(' ') === 'east west');
    await expect.poll(() => editor().innerText()).toBe('rate(orders_total{shop=""})');
  });

  test('says where it is wrong while one types, and draws nothing old when it is run', async () => {
    await open(['orders_total']);
    await page.waitForSelector('.chart canvas');
    await editor().click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('sum(up) by by');
    await until('the place', async () =>
      (await page.locator('.expression-problem').innerText()).includes('1:12'),
    );
    await page.waitForSelector('.cm-lintRange-error');
    await page.keyboard.press('Escape');
    await editor().click();
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.expression-error[data-error-code="PROMQL_INVALID"]');
    await expect.poll(() => page.locator('.chart').count()).toBe(0);
  });

  test('runs with Enter, undoes, and lets the keyboard go on', async () => {
    await open(['']);
    await editor().click();
    await page.keyboard.type('orders_total');
    await page.keyboard.press('Enter');
    await until('the expression in the address', () => address().get('expr') === 'orders_total');
    await page.waitForSelector('.chart canvas');
    await page.keyboard.press('Control+z');
    await expect.poll(() => editor().innerText()).not.toContain('orders_total');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Run');
    // A question mark in the field is a letter, not the list of keys.
    await editor().click();
    await page.keyboard.type('?/');
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
    await expect.poll(() => editor().innerText()).toContain('?/');
  });
});

describe('exploring', () => {
  test('finds by help, offers a rate for a counter, and chooses values of labels', async () => {
    await open(['']);
    await page.locator('.explorer input').fill('taken orders');
    await page.locator('.name-entry', { hasText: 'orders_total' }).click();
    const details = page.getByRole('region', { name: 'orders_total' });
    await details.getByRole('button', { name: 'Per second' }).click();
    await until('the rate', () => address().get('expr') === 'rate(orders_total[5m])');
    await details.getByRole('button', { name: 'shop' }).click();
    const east = details.getByRole('button', { name: /^east\s*1$/ });
    await east.click();
    await until('the matcher', () => address().get('expr') === 'rate(orders_total{shop="east"}[5m])');
    await expect.poll(() => east.getAttribute('aria-pressed')).toBe('true');
    await details.getByRole('button', { name: /^west/ }).click();
    await until('both', () => address().get('expr') === 'rate(orders_total{shop=~"east|west"}[5m])');
    await page.locator('.explorer input').fill('');
  });

  test('groups names by their words', async () => {
    await open(['']);
    const group = page.locator('.name-group', { hasText: 'node_' }).first();
    await group.waitFor();
    const before = await page.locator('.name-entry').count();
    await group.focus();
    await page.keyboard.press('ArrowRight');
    await until('its names', async () => (await page.locator('.name-entry').count()) > before);
    await page.keyboard.press('ArrowLeft');
    await until('closed again', async () => (await page.locator('.name-entry').count()) === before);
  });
});

describe('several expressions', () => {
  test('share a chart, have letters and names of their own, and are moved, hidden, copied and removed', async () => {
    await open(['orders_total{shop="east"}', 'holey_gauge']);
    await until('both lines', async () => (await legend()).length === 2);
    await expect.poll(() => page.locator('.chart').count()).toBe(1);
    expect(await legend()).toEqual([expect.stringContaining('A · '), expect.stringContaining('B · ')]);
    await button('Move down (A)').click();
    await until('the new order', () => address().getAll('expr')[0] === 'holey_gauge');
    await button('Legend, unit and axis (A)').click();
    await page.getByRole('textbox', { name: 'Legend (A)' }).fill('it is {{kind}}');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Axis (A)' }).selectOption('right');
    await until('the legend', async () => (await legend())[0]?.startsWith('A · it is hole') === true);
    await button('Hide (B)').click();
    await until('one line', async () => (await legend()).length === 1);
    await button('Duplicate (A)').click();
    await until('three expressions', () => address().getAll('expr').length === 3);
    await button('Remove (B)').click();
    await until('two again', () => address().getAll('expr').length === 2);
    await page.goBack();
    await until('back in history', () => address().getAll('expr').length === 3);
  });

  test('of other units stand below each other, with one crosshair for all', async () => {
    await open(['orders_total', 'node_memory_MemAvailable_bytes']);
    await until('two charts', async () => (await page.locator('.chart canvas').count()) === 2);
    const box = await plot();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 50, { steps: 3 });
    const times = page.locator('.chart-note > .figure:first-child');
    await until('the same time on both', async () => {
      const [first, second] = await times.allInnerTexts();
      return /^\d{4}-/.test(first ?? '') && first === second;
    });
    await button('One chart').click();
    await until('one chart', async () => (await page.locator('.chart canvas').count()) === 1);
    await page.mouse.move(5, 5);
  });

  test('are as they were when the operator comes back by the navigation', async () => {
    await open(['orders_total', 'holey_gauge'], 'range=6h&scale=log');
    await page.locator('nav.nav a[href^="/logs"]').click();
    await until('another page', () => new URL(page.url()).pathname === '/logs');
    expect(address().get('range')).toBe('6h');
    await page.locator('nav.nav a[href^="/metrics"]').click();
    await until('the expressions', () => address().getAll('expr').join(' ') === 'orders_total holey_gauge');
    expect([address().get('scale'), address().get('range')]).toEqual(['log', '6h']);
  });
});

describe('a chart', () => {
  test('zooms by dragging, goes back by a double click and forward by its button', async () => {
    await open(['orders_total']);
    await page.waitForSelector('.chart canvas');
    await dragOver(0.5, 0.75);
    await until('the zoomed range', () => address().has('from'));
    const span = Number(address().get('to')) - Number(address().get('from'));
    expect(span).toBeGreaterThan(14 * 60_000);
    expect(span).toBeLessThan(16 * 60_000);
    const box = await plot();
    await page.mouse.dblclick(box.x + box.width / 2, box.y + 50);
    await until('the range before', () => address().get('range') === '1h');
    await button('Forward to the next time range').click();
    await until('the zoomed range again', () => address().has('from'));
    await button('Reset time range').click();
    await until('the named range', () => address().get('range') === '1h');
  });

  test('is read, moved and zoomed by keys, and leads to the logs of its crosshair', async () => {
    await open(['orders_total']);
    const chart = page.getByRole('slider', { name: /orders_total/ });
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect
      .poll(() => chart.getAttribute('aria-valuetext'))
      .toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d, shop=east [\d,]+/);
    await page.keyboard.press('+');
    await until(
      'half the range',
      () => Number(address().get('to')) - Number(address().get('from')) === 1_800_000,
    );
    const from = Number(address().get('from'));
    await page.keyboard.press('Shift+ArrowLeft');
    await until('a quarter to the left', () => Number(address().get('from')) === from - 450_000);
    await page.keyboard.press('Backspace');
    await until('back', () => Number(address().get('from')) === from);
    await page.keyboard.press('l');
    await until('the logs', () => new URL(page.url()).pathname === '/logs');
    expect(Number(address().get('to')) - Number(address().get('from'))).toBe(240_000);
    await page.getByRole('link', { name: 'Metrics of this time' }).click();
    await until('the metrics of the same minutes', () => address().get('expr') === 'orders_total');
    expect(Number(address().get('to')) - Number(address().get('from'))).toBe(240_000);
  });

  test('leaves gaps open and says where a series ended', async () => {
    await open(['ended_gauge']);
    await until('the end', async () => (await page.locator('.legend-ended').count()) === 1);
    await expect.poll(() => page.locator('.legend-entry').getAttribute('title')).toContain('blue, solid');
  });

  test('never leaves out series silently', async () => {
    await open(['many_gauge'], 'range=15m');
    const said = page.locator('.expression-outcome');
    await until('what was left out', async () =>
      (await said.innerText()).includes(`200 of ${MANY_SERIES} series, ${MANY_SERIES - 200} left out`),
    );
    await said.getByRole('button').click();
    await until('all of them', async () => (await said.count()) === 0);
    await expect.poll(() => page.locator('.chart-note').innerText()).toContain(`first 100 of ${MANY_SERIES}`);
  });

  test('says so when nothing is there', async () => {
    await open(['nothing_of_this_name']);
    await page.waitForSelector('.no-data');
    await expect.poll(() => page.locator('.expression-figures').innerText()).toBe('no series');
  });

  test('stands still while the pointer moves on it', async () => {
    await open(['up'], 'range=5m');
    await page.waitForSelector('.chart canvas');
    const box = await plot();
    await page.mouse.move(box.x + 100, box.y + 50, { steps: 3 });
    await until('held', async () => (await page.locator('.held').innerText()).includes('held still'));
    await page.mouse.move(5, 5);
    await until('following', async () => (await page.locator('.held').innerText()).trim() === '');
  });
});

describe('tables and exports', () => {
  test('have the summary, the instant values and every step', async () => {
    await open(['orders_total'], 'range=1h&view=table');
    await until(
      'two series',
      async () => (await page.locator('[data-testid="table-series"] tbody tr').count()) === 2,
    );
    await button('Instant').click();
    const cells = page.locator('[data-testid="table-instant-A"] tbody tr');
    await until('the exact values', async () => (await cells.allInnerTexts()).join(' ').includes('7170'));
    await button('Every step').click();
    await page.waitForSelector('[data-testid="table-samples"]');
    await expect.poll(() => page.locator('[data-testid="table-samples"] thead th').count()).toBe(3);
    expect(
      Number(await page.locator('[data-testid="table-samples"] table').getAttribute('aria-rowcount')),
    ).toBeGreaterThan(200);
  });

  test('are saved as CSV and as a picture where the operator says', async () => {
    await open(['orders_total']);
    await page.waitForSelector('.chart canvas');
    const csv = join(site.dataDir, '..', 'out.csv');
    await run.answerDialogs({ save: csv });
    await page.locator('.exports').getByRole('button', { name: 'CSV' }).click();
    const text = await until('the file', () => readIfThere(csv)?.toString('utf8'));
    expect(text).toContain('"orders_total{shop=""east""}"');
    expect(text.split('\r\n').length).toBeGreaterThan(200);
    await until('where it is', async () => (await page.locator('.saved-at').innerText()) === `Saved: ${csv}`);
    await run.answerDialogs({ save: join(csv, 'not-a-folder.csv') });
    await page.locator('.exports').getByRole('button', { name: 'CSV' }).click();
    await page.waitForSelector('.results-head .notice-critical');
    const png = join(site.dataDir, '..', 'out.png');
    await run.answerDialogs({ save: png });
    await page.locator('.exports').getByRole('button', { name: 'PNG' }).click();
    const picture = await until('the picture', () => readIfThere(png));
    expect(picture.subarray(1, 4).toString('latin1')).toBe('PNG');
    // Width and height of the header: the chart with its title above and its legend below.
    expect(picture.readUInt32BE(16)).toBeGreaterThan(400);
    expect(picture.readUInt32BE(20)).toBeGreaterThan(380);
  });
});

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

describe('with more than 50,000 points', () => {
  test('the crosshair and a zoom do not stutter', async () => {
    const from = site.end - (WIDE_SAMPLES - 1) * SITE_STEP_MS;
    await open(['wide_gauge'], `from=${from}&to=${site.end}&step=${SITE_STEP_MS}`);
    await until('all series', async () => (await legend()).length === WIDE_SERIES);
    expect(WIDE_SERIES * WIDE_SAMPLES).toBeGreaterThan(50_000);
    const box = await plot();
    const crosshair = await measureFrames(page, async () => {
      for (let step = 0; step <= 120; step += 1)
        await page.mouse.move(
          box.x + (box.width * step) / 120,
          box.y + box.height * (0.5 + 0.3 * Math.sin(step / 8)),
        );
    });
    const zoom = await measureFrames(page, async () => {
      await dragOver(0.2, 0.8);
      await until('the zoom', () => Number(address().get('from')) > from);
      await page.waitForTimeout(800);
    });
    console.log(`metrics page, ${WIDE_SERIES * WIDE_SAMPLES} points: crosshair`, crosshair, 'zoom', zoom);
    expectSmooth(crosshair);
    expectSmooth(zoom);
    await page.mouse.move(5, 5);
  });
});

describe('for everybody', () => {
  test.each(['light', 'dark', 'contrast'])('the full page passes axe in the look %s', async (look) => {
    await page.locator('.top-right select').nth(1).selectOption(look);
    await open(['rate(orders_total[5m])', 'ended_gauge', 'sum('], 'range=1h');
    await button('Legend, unit and axis (A)').click();
    await page.locator('.name-entry', { hasText: 'orders_total' }).click();
    await page.getByRole('region', { name: 'orders_total' }).getByRole('button', { name: 'shop' }).click();
    await page.waitForSelector('.value-list li');
    expect(await violations(page)).toEqual([]);
    await editor('B').click();
    await page.keyboard.type(' + rat');
    await page.waitForSelector('.cm-tooltip-autocomplete li');
    expect(await violations(page)).toEqual([]);
    await page.locator('.top-right select').nth(1).selectOption('light');
  });

  test('the policy of the page had nothing to refuse', () => {
    expect(run.refusals('policy')).toEqual([]);
  });
});
