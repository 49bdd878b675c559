import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../renderer/locales/en/index.ts';
import { violations } from '../helpers/axe.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo } from '../helpers/go.ts';

/** Media in the real window: none yet, one that is here, one that is to be inserted. */

const words = en.media;
const folder = mkdtempSync(join(tmpdir(), 'hmtt-e2e-media-'));
const usb = join(folder, 'usb');

let run: ConsoleRun;
let engine: EngineAccess;

beforeAll(async () => {
  mkdirSync(join(folder, 'source'));
  mkdirSync(usb);
  writeFileSync(join(folder, 'source/file'), 'content');
  run = await launchConsole({ ready: true });
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
});

afterAll(async () => {
  engine?.close();
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('says what would be here, shows a medium and its ledger, and asks for it when it is away', async () => {
  const { page } = run;
  await goTo(page, '/backups?tab=media');
  await page.getByText(words.none.title).waitFor();
  await page.getByRole('button', { name: words.label }).click();
  await page.getByLabel(words.dialog.root).fill(usb);
  await page.getByLabel(words.dialog.label, { exact: true }).fill('HMTT-07');
  await page.getByRole('button', { name: words.dialog.start }).click();
  // A folder of the system's own disk is not taken for a medium.
  await page.getByText('BACKUP_MEDIUM_NOT_MOUNTED').waitFor();
  await page.keyboard.press('Escape');

  await engine.call('backup.media.label', {
    root: usb,
    label: 'HMTT-07',
    location: 'safe',
    anyFolder: true,
  });
  await page.getByTestId('table-media').getByText('HMTT-07').waitFor();
  await engine.call('backup.plans.add', {
    name: 'core',
    sources: [join(folder, 'source')],
    targetDir: join(folder, 'archives'),
    copyTo: [{ kind: 'pool', pool: 'default' }],
  });
  renameSync(usb, `${usb}-away`);
  await engine.call('backup.media.list', {});
  await engine.call('backup.run', { name: 'core' });
  const insert = page.getByTestId('insert-now');
  await insert.getByText('Insert HMTT-07 (it lies: safe): 1 points wait to be copied.').waitFor();

  expect(await violations(run.page)).toEqual([]);
  renameSync(`${usb}-away`, usb);
  const { media } = await until(
    'the copy',
    async () => {
      const answer = await engine.call('backup.media.list', {});
      return answer.media[0]?.points === 1 ? answer : null;
    },
    40_000,
  );
  expect(media[0]).toMatchObject({ state: 'here', root: usb });
  await page.getByRole('button', { name: words.open.replace('{{label}}', 'HMTT-07') }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByText(words.what.copied).waitFor();
  await drawer.getByLabel(words.drawer.place).fill('shelf 2');
  await drawer.getByRole('button', { name: words.drawer.save }).click();
  await drawer.getByText(words.what.moved, { exact: true }).waitFor();
  expect(await violations(run.page)).toEqual([]);
  await page.keyboard.press('Escape');

  const { points } = await engine.call('backup.points.list', {});
  await goTo(page, `/backups/points/${points[0]?.id}`);
  await page.getByTestId('point-copies').getByText('HMTT-07').waitFor();
});
