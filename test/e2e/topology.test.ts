import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { reachEngine } from '../helpers/engine.ts';
import { expectSmooth, measureFrames, speedAround } from '../helpers/frames.ts';
import { goTo, settled } from '../helpers/go.ts';
import { hmtt } from '../helpers/headless-engine.ts';
import { folderOfFile } from '../helpers/temp-folder.ts';

/** Three hundred hosts behind two switches in a real window: drawn at once, moved smoothly, read by tier; and the import. */

const HOSTS = 300;
let run: ConsoleRun;
let site: ChildProcess;
let folder: string;

beforeAll(async () => {
  folder = folderOfFile('topology');
  const script = fileURLToPath(new URL('../helpers/storm-child.ts', import.meta.url));
  site = spawn(execPath, [script, String(HOSTS)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve) => {
    if (site.stdout) createInterface({ input: site.stdout }).once('line', resolve);
  });
  const { exporters, uplink } = JSON.parse(line) as { exporters: number[]; uplink: number };
  const tiers = ['presentation', 'business', 'business', 'data'];
  const list = [
    'name,address,tier,kind,tcp,exporter,behind,calls,owner',
    `sw-1,127.0.0.1,other,switch,${uplink},,,,network team`,
    // Nothing listens there: this switch and what is behind it are dead from the beginning.
    'sw-2,127.0.0.1,other,switch,1,,,,network team',
    ...exporters.map((port, n) => {
      const tier = tiers[n % 4] ?? 'other';
      const own = n < 290 ? `,${port},sw-1` : `,${n - 280},sw-2`;
      const calls = n === 1 || n === 2 ? 'host-4:JDBC' : '';
      return `host-${n + 1},127.0.0.1,${tier},app,${own},${calls},team ${n % 5}`;
    }),
  ].join('\n');
  const file = join(folder, 'site.csv');
  writeFileSync(file, list);
  const imported = await hmtt(join(folder, 'data'), 'inventory', 'import', file);
  if (imported.code !== 0) throw new Error(imported.stderr + imported.stdout);
  run = await launchConsole({ language: 'en', ready: true, dataDir: join(folder, 'data') });
  await run.page.setViewportSize({ width: 1366, height: 768 });
});

afterAll(async () => {
  await run?.close();
  site?.kill('SIGKILL');
});

/** Saves a picture for a person to look at, when a folder is named. */
async function picture(name: string): Promise<void> {
  const to = env.HMTT_LOOK;
  if (to === undefined) return;
  mkdirSync(to, { recursive: true });
  await run.page.screenshot({ path: join(to, `${name}.png`) });
}

test('the picture of three hundred hosts is there within half a second', async () => {
  const { page } = run;
  await goTo(page, '/hosts');
  await settled(page);
  await until(
    'every host was asked',
    async () => {
      const summary = await page.locator('.page-summary').innerText();
      return summary.includes('10 unreachable') && summary.includes('0 not watched');
    },
    60_000,
  );
  const { value: ms, speed } = await speedAround(page, () =>
    page.evaluate(async () => {
      const start = performance.now();
      document.querySelector<HTMLAnchorElement>('a[href^="/hosts/topology"]')?.click();
      while (document.querySelector('.topo-node') === null)
        await new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      return performance.now() - start;
    }),
  );
  console.info(`topology: first paint ${ms.toFixed(0)} ms`);
  expect(ms).toBeLessThan(500 * speed.delay);
  await picture('topology-folded');
});

test('those that are well are folded; what is dead, and what stands behind it, is shown with its cause', async () => {
  const { page } = run;
  await expect
    .poll(() => page.locator('.topo-down').allInnerTexts())
    .toEqual([expect.stringContaining('sw-2')]);
  await expect.poll(() => page.locator('.topo-unreachable').count()).toBe(10);
  await expect.poll(() => page.locator('.topo-fold').count()).toBe(3);
  await page.locator('.topo-unreachable').first().click();
  await page.waitForSelector('[data-testid="topology-side"]');
  // Its own metrics and its own lines, not those of all hosts.
  await page.locator('[data-testid="topology-side"] a[href*="/metrics?expr="]').waitFor();
  await page.locator('[data-testid="topology-side"] a[href*="/logs?q=host"]').waitFor();
  await expect
    .poll(() => page.locator('[data-testid="topology-side"]').innerText())
    .toContain('unreachable because of sw-2');
  await picture('topology-chosen');
});

test('all of it moves at 55 pictures a second or more', async () => {
  const { page } = run;
  await page.getByLabel('Expand all').check();
  await until('all nodes', async () => (await page.locator('[data-node]').count()) === HOSTS + 2);
  await picture('topology-expanded');
  const box = await page.locator('[data-testid="topology"]').boundingBox();
  if (!box) throw new Error('no picture');
  const moving = await measureFrames(page, () =>
    page.evaluate(
      async ({ x, y }) => {
        const frame = document.querySelector('[data-testid="topology"]');
        if (!frame) throw new Error('no picture');
        for (let n = 0; n < 240; n += 1) {
          const deltaY = n % 40 < 20 ? -25 : 25;
          frame.dispatchEvent(new WheelEvent('wheel', { deltaY, clientX: x, clientY: y, cancelable: true }));
          await new Promise(requestAnimationFrame);
        }
      },
      { x: box.x + box.width / 2, y: box.y + box.height / 2 },
    ),
  );
  console.info('topology', JSON.stringify(moving));
  expectSmooth(moving);
});

test('arrow keys move, Enter chooses, Esc lets go', async () => {
  const { page } = run;
  await page.locator('[data-node][tabindex="0"]').focus();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-node') ?? null);
  const before = await focused();
  await page.keyboard.press('ArrowRight');
  const after = await until('another node has the focus', async () => {
    const node = await focused();
    return node !== before && node;
  });
  await page.keyboard.press('Enter');
  await until('the node is chosen', async () => page.url().includes(encodeURIComponent(after)));
  await page.keyboard.press('Escape');
  await until('nothing is chosen', async () => !page.url().includes('node='));
});

test('the table says the same', async () => {
  const { page } = run;
  await page.getByRole('button', { name: 'Table' }).click();
  await page.waitForSelector('[role="row"], tbody tr');
  await expect
    .poll(() => page.locator('main').innerText())
    .toMatch(/sw-2[\s\S]*reached over sw-2 \(other end dead\)/);
  await picture('topology-table');
});

test('the host page tells owner, links and what is behind, and takes a change', async () => {
  const { page } = run;
  const access = await until('an answer of the engine', () => reachEngine(run.dataDir));
  const once = { kind: 'once' as const, startsAt: Date.now() + 3_600_000, endsAt: Date.now() + 7_200_000 };
  const matchers = [{ name: 'host', op: '=' as const, value: 'sw-1' }];
  await access.call('notify.maintenance.put', { name: 'Patches', matchers, schedule: once, by: 'test' });
  access.close();
  await goTo(page, '/hosts/sw-1');
  await page.waitForSelector('[data-testid="inventory-panel"]');
  const panel = page.locator('[data-testid="inventory-panel"]');
  await expect.poll(() => panel.innerText()).toContain('network team');
  await expect.poll(() => panel.innerText()).toContain('these 290 are unreachable');
  await page.locator('.panel', { has: panel }).getByRole('button', { name: 'Edit' }).first().click();
  await page.fill('dialog input[name="contact"]', '8001');
  const entry = page.locator('dialog select[name="maintenance"]');
  await until('the entry is offered', async () => (await entry.innerText()).includes('Patches · next'));
  await entry.selectOption({ index: 1 });
  await picture('host-card-form');
  await page.locator('dialog button[type="submit"]').click();
  await until('the change is shown', async () => (await panel.innerText()).includes('8001'));
  await expect.poll(() => panel.innerText()).toContain('Patches');
  await panel.scrollIntoViewIfNeeded();
  await picture('host-inventory');
});

test('a circle is refused where it arose', async () => {
  const { page } = run;
  const panel = page.locator('[data-testid="inventory-panel"]');
  await panel.getByRole('button', { name: 'Add a link' }).click();
  await page.locator('dialog select').nth(2).selectOption({ label: 'host-1' });
  await page.locator('dialog button[type="submit"]').click();
  await page.waitForSelector('dialog .notice-critical');
  await expect
    .poll(() => page.locator('dialog .notice-critical').innerText())
    .toMatch(/(sw-1|host-1) → (sw-1|host-1) → \1/);
  await page.keyboard.press('Escape');
});

test('a list is imported with a preview, wrong rows named, good ones taken only when asked for', async () => {
  const { page } = run;
  await goTo(page, '/hosts/import-list');
  const csv = '名称,地址,层,上联\n新主机-1,10.9.9.1,业务层,sw-1\n新主机-2,10.9.9.2,业务,sw-99\n';
  await page.setInputFiles('input[type="file"]', {
    name: '清单.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(csv),
  });
  await page.locator('.wizard-foot .btn-primary').click();
  await page.waitForSelector('[data-testid="import-faults"]');
  await expect.poll(() => page.locator('[data-testid="import-faults"]').innerText()).toContain('sw-99');
  await picture('import-preview');
  const next = page.locator('.wizard-foot .btn-primary');
  await expect.poll(() => next.isDisabled()).toBe(true);
  await page.locator('[data-testid="import-faults"] input[type="checkbox"]').check();
  await until('the good rows may be taken', async () => !(await next.isDisabled()));
  await next.click();
  await page.waitForSelector('[data-testid="imported"]');
  await picture('import-done');
});
