import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../renderer/locales/en/index.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo } from '../helpers/go.ts';

/** Keys in the real window: made, chosen, tested, unlocked, split, and printed on paper that opens the archive. */

const words = en.keys;
const PASSPHRASE = 'five random words 五个词 ok';
const folder = mkdtempSync(join(tmpdir(), 'hmtt-e2e-keys-'));
const target = join(folder, 'target');
let run: ConsoleRun;
let page: Page;
let engine: EngineAccess;

const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });

beforeAll(async () => {
  mkdirSync(join(folder, 'source'));
  writeFileSync(join(folder, 'source', 'file'), 'content');
  run = await launchConsole({ ready: true });
  page = run.page;
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
});

afterAll(async () => {
  engine?.close();
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a key is made with a passphrase, and a plan encrypted to it runs without asking for it', async () => {
  await goTo(page, '/backups?tab=keys');
  await page.getByText(words.none.title).waitFor();
  await button(words.create).click();
  await dialog().getByLabel(words.make.name, { exact: true }).fill('safe');
  await dialog().getByLabel(words.make.passphrase, { exact: true }).fill(PASSPHRASE);
  await dialog().getByLabel(words.make.again, { exact: true }).fill('something else');
  await page.getByText(words.make.differs).waitFor();
  await dialog().getByLabel(words.make.again, { exact: true }).fill(PASSPHRASE);
  await inDialog(words.create).click();
  await page.getByRole('heading', { name: 'safe' }).waitFor();

  const { keys } = await engine.call('backup.keys.list', {});
  const recipient = keys[0]?.recipient ?? '';
  await engine.call('backup.plans.add', {
    name: 'p',
    sources: [join(folder, 'source')],
    targetDir: target,
    encryption: { recipients: [recipient] },
  });
  const { jobId } = await engine.call('backup.run', { name: 'p' });
  const job = await until('the end of the run', async () => {
    const found = await engine.call('jobs.get', { id: jobId });
    return found.endedAt === null ? null : found;
  });
  expect(job.error).toBeNull();
  const { points } = await engine.call('backup.points.list', { plan: 'p' });
  expect(points[0]?.archivePath).toMatch(/\.age$/);
});

test('the yearly test says no to a wrong passphrase and yes to the right one', async () => {
  await page.getByText(words.state.untested).waitFor();
  await button(`${words.test.action}…`).click();
  await dialog().getByLabel(words.secret.passphrase, { exact: true }).fill('not the passphrase');
  await inDialog(words.test.start).click();
  await dialog().locator('[data-error-code="BACKUP_PASSPHRASE_WRONG"]').waitFor();
  await dialog().getByLabel(words.secret.passphrase, { exact: true }).fill(PASSPHRASE);
  await inDialog(words.test.start).click();
  await dialog().getByRole('status').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText(words.state.tested, { exact: true }).waitFor();
});

test('the key sheet is printed, and what stands on it opens the archive with age alone', async () => {
  const { keys } = await engine.call('backup.keys.list', {});
  const fingerprint = keys[0]?.fingerprint ?? '';
  const save = async (id: string, name: string): Promise<string> => {
    const path = join(folder, name);
    await run.answerDialogs({ save: path });
    const saved = await page.evaluate((wanted) => window.shell?.savePdf(wanted), {
      kind: 'key-sheet',
      lang: 'zh-CN' as const,
      suggestedName: 'x.pdf',
      id,
    });
    expect(saved).toEqual({ ok: true, value: path });
    return execFileSync('pdftotext', ['-raw', path, '-'], { encoding: 'utf8' });
  };
  const sealed = await save(fingerprint, 'sealed.pdf');
  expect(sealed).toContain('密钥单：safe');
  expect(sealed).toContain('BEGIN AGE ENCRYPTED FILE');
  expect(sealed).not.toContain('AGE-SECRET-KEY');

  await button(`${words.unlock}…`).click();
  await dialog().getByLabel(words.secret.passphrase, { exact: true }).fill(PASSPHRASE);
  await inDialog(words.unlock).click();
  await button(words.lockAll).waitFor();
  const clear = await save(`${fingerprint}~identity`, 'clear.pdf');
  // The line may be broken on paper; an identity has 74 characters.
  const identity = clear.slice(clear.indexOf('AGE-SECRET-KEY-1')).replace(/\s/g, '').slice(0, 74);
  const key = join(folder, 'key.txt');
  writeFileSync(key, `${identity}\n`);
  const { points } = await engine.call('backup.points.list', { plan: 'p' });
  const archive = points[0]?.archivePath ?? '';
  const unpack = archive.endsWith('.gz.age') ? 'gzip' : 'zstd';
  const listed = execFileSync(
    'sh',
    ['-c', `age -d -i "$1" "$2" | ${unpack} -dc | tar -t`, 'sh', key, archive],
    { encoding: 'utf8' },
  );
  expect(listed).toContain('source/file');
  // A count is typed digit by digit where its first digit alone is too little, and is brought between its bounds when it is left.
  await button(`${words.split.action}…`).click();
  const sheets = dialog().getByLabel(words.split.of, { exact: true });
  await sheets.press('Control+a');
  await sheets.pressSequentially('12');
  await expect.poll(() => sheets.inputValue()).toBe('12');
  await sheets.fill('1');
  await sheets.press('Tab');
  await expect.poll(() => sheets.inputValue()).toBe('2');
  await page.keyboard.press('Escape');
  await button(words.lockAll).click();
  await button(words.lockAll).waitFor({ state: 'detached' });
});

test('nothing secret is in the logs', () => {
  for (const name of ['console.log', 'engine.log']) {
    const text = readFileSync(join(run.dataDir, name), 'utf8');
    expect(text).not.toContain(PASSPHRASE);
    expect(text).not.toContain('AGE-SECRET-KEY');
  }
});
