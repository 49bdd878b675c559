import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../renderer/locales/en/index.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo } from '../helpers/go.ts';
import { jobEnd } from '../helpers/job-end.ts';

/** The dumps of a point and their way back, and a synthetic full, in the real window. */

const words = en.sources.databases.loaded;
const folder = mkdtempSync(join(tmpdir(), 'hmtt-e2e-databases-'));
const plan = 'erp';
let run: ConsoleRun;
let engine: EngineAccess;

beforeAll(async () => {
  mkdirSync(join(folder, 'source'));
  writeFileSync(join(folder, 'source/file'), 'content');
  const db = new Database(join(folder, 'app.db'));
  db.exec("CREATE TABLE orders (id INTEGER PRIMARY KEY, what TEXT); INSERT INTO orders VALUES (1, '茶');");
  db.close();
  run = await launchConsole({ ready: true });
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
  await engine.call('backup.plans.add', {
    name: plan,
    sources: [join(folder, 'source')],
    targetDir: join(folder, 'archives'),
    databases: [{ kind: 'sqlite', name: 'app', file: join(folder, 'app.db') }],
  });
  await jobEnd(engine, (await engine.call('backup.run', { name: plan })).jobId);
});

afterAll(async () => {
  engine?.close();
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a database of a point is restored into a file beside the one in use', async () => {
  const { page } = run;
  const { points } = await engine.call('backup.points.list', { plan });
  await goTo(page, `/backups/points/${points[0]?.id}`);
  await page.getByRole('heading', { name: words.title }).waitFor();
  await page
    .getByRole('button', { name: new RegExp(words.load) })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  const start = dialog.getByRole('button', { name: words.start, exact: true });
  // Nothing is chosen for the operator that could be the database in use.
  await expect.poll(() => start.isDisabled()).toBe(true);
  const into = join(folder, 'back.db');
  await dialog.getByLabel(words.intoFile).fill(into);
  await start.click();
  await dialog.getByText(words.done.split('{{into}}')[0] ?? '').waitFor();
  const db = new Database(into, { readonly: true });
  expect(db.prepare('SELECT * FROM orders').all()).toEqual([{ id: 1, what: '茶' }]);
  db.close();
});

test('a database that exists is not touched unless that was asked for', async () => {
  const { page } = run;
  const { points } = await engine.call('backup.points.list', { plan });
  await goTo(page, '/backups');
  await goTo(page, `/backups/points/${points[0]?.id}`);
  await page
    .getByRole('button', { name: new RegExp(words.load) })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(words.intoFile).fill(join(folder, 'app.db'));
  await dialog.getByRole('button', { name: words.start, exact: true }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel(words.replace).check();
  await dialog.getByRole('button', { name: words.start, exact: true }).click();
  await dialog.getByText(words.kept.split('{{kept}}')[0] ?? '').waitFor();
});

test('a synthetic full is offered among the types, and made', async () => {
  const { page } = run;
  writeFileSync(join(folder, 'source/more'), 'more');
  await jobEnd(engine, (await engine.call('backup.run', { name: plan, type: 'incremental' })).jobId);
  await goTo(page, `/backups/${plan}?tab=points`);
  await page.getByTestId('choose-type').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(en.backups.synthetic.body).waitFor();
  await dialog.getByRole('button', { name: en.backups.synthetic.name }).click();
  const points = await until(
    'the synthetic full',
    async () => {
      const listed = await engine.call('backup.points.list', { plan });
      return listed.points.length === 3 ? listed.points : null;
    },
    60_000,
  );
  const { type, report } = await engine.call('backup.points.get', { pointId: points[0]?.id ?? '' });
  expect(type).toBe('full');
  expect(report.synthesizedFrom).toBe(points[1]?.id);
});
