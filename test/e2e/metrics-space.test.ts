import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { goTo } from '../helpers/go.ts';
import { hmtt } from '../helpers/headless-engine.ts';
import { untranslatedInChinese, visibleTexts } from '../helpers/page-text.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

/** Who uses the space, from a target with too many series to a rule that is imported and works. */

let run: ConsoleRun;
let server: Server;

const lines = (name: string, count: number): string =>
  Array.from({ length: count }, (_, n) => `${name}{id="${n}"} 1\n`).join('');

beforeAll(async () => {
  server = createServer(
    (_request, response) => void response.end(lines('wasteful', 1_500) + lines('useful', 20)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  run = await launchConsole({ ready: true });
  await importFile('');
  await goTo(run.page, '/metrics/space');
});

afterAll(async () => {
  await run?.close();
  server?.close();
});

/** Imports the job, with further lines below it. */
async function importFile(more: string): Promise<void> {
  const file = join(temporaryFolder('space'), 'prometheus.yml');
  const { port } = server.address() as AddressInfo;
  const job = `- job_name: shop\n  scrape_interval: 1s\n  static_configs: [{targets: ['127.0.0.1:${port}']}]\n`;
  writeFileSync(file, `scrape_configs:\n${job}${more}`);
  const done = await hmtt(run.dataDir, 'import', 'prometheus', file);
  if (done.code !== 0) throw new Error(done.stderr);
}

const usage = async () => {
  const asked = await hmtt(run.dataDir, '--json', 'query', 'count by (__name__) ({job="shop",id!=""})');
  return asked.stdout;
};

test('the metric with the most series stands first, with a rule that drops it', async () => {
  const table = run.page.getByTestId('table-space-metrics');
  await until('the wasteful metric', async () => {
    await run.page.reload();
    await table.waitFor();
    return (await table.locator('tbody tr').first().innerText()).includes('wasteful');
  });
  await table.locator('tbody tr').first().getByRole('button', { name: 'What to do' }).click();
  const rule = await run.page.locator('pre').innerText();
  expect(rule).toBe(
    'metric_relabel_configs:\n  - source_labels: [__name__]\n    regex: "wasteful"\n    action: drop',
  );
  await importFile(rule.replace(/^/gm, '  '));
  await until('the metric to go', async () => !(await usage()).includes('wasteful'));
  expect(await usage()).toContain('useful');
});

test('a limit that is lowered refuses the target, and the page says so', async () => {
  await importFile('');
  const limit = run.page.getByLabel('Series of one target');
  await limit.fill('12');
  await run.page.getByText('A whole number from 1,000 to 5,000,000').waitFor();
  await limit.fill('1,000');
  await run.page.getByRole('button', { name: 'Save limits' }).click();
  await until('the refusal', async () => {
    await run.page.reload();
    const notice = run.page.locator('.notice-warning', { hasText: 'more than 1,000 series at once' });
    return notice.waitFor({ timeout: 2_000 }).then(
      () => true,
      () => false,
    );
  });
  await expect.poll(() => run.page.getByLabel('Series of one target').inputValue()).toBe('1,000');
});

test('in Chinese nothing is left in English', async () => {
  await run.page.locator('select').filter({ hasText: '中文' }).selectOption('zh-CN');
  await run.page.getByText('谁占用空间').first().waitFor();
  expect(untranslatedInChinese(await visibleTexts(run.page))).toEqual([]);
});
