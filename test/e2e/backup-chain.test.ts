import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../renderer/locales/en/index.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo } from '../helpers/go.ts';

/** Choosing a type in the real window, and how the points tell their chain. */

const words = en.backups;
const folder = mkdtempSync(join(tmpdir(), 'hmtt-e2e-chain-'));
let run: ConsoleRun;
let engine: EngineAccess;

beforeAll(async () => {
  mkdirSync(join(folder, 'source'));
  writeFileSync(join(folder, 'source/file'), 'content');
  run = await launchConsole({ ready: true });
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
  await engine.call('backup.plans.add', {
    name: 'chained',
    sources: [join(folder, 'source')],
    targetDir: join(folder, 'archives'),
  });
  const { jobId } = await engine.call('backup.run', { name: 'chained' });
  await until(
    'the full',
    async () => (await engine.call('jobs.get', { id: jobId })).endedAt !== null,
    60_000,
  );
});

afterAll(async () => {
  engine?.close();
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the three types are offered with a sentence each, and an incremental shows its chain', async () => {
  const { page } = run;
  await goTo(page, '/backups/chained?tab=points');
  await page.getByTestId('choose-type').click();
  const dialog = page.getByRole('dialog');
  for (const sentence of Object.values(words.typeBody)) await dialog.getByText(sentence).waitFor();
  await dialog.getByRole('button', { name: words.type.incremental, exact: true }).click();
  const chain = words.points.chain.replace('{{count}}', '2');
  await page.getByText(`${words.type.incremental} · ${chain}`).waitFor();
  const { points } = await engine.call('backup.points.list', { plan: 'chained' });
  expect(points.map(({ type }) => type)).toEqual(['incremental', 'full']);
  await goTo(page, `/backups/points/${points[0]?.id}`);
  await page.getByText(words.point.unchanged).waitFor();
  await page.getByText('What changed since the point before.').waitFor();
  await goTo(page, `/backups/points/${points[1]?.id}`);
  await page.getByText(words.point.neededBy.replace('{{count}}', '1')).waitFor();
});
