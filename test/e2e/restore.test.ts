import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zhCN } from '../../renderer/locales/zh-CN/index.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo } from '../helpers/go.ts';
import { describeTree, type TreeEntry, treeDifferences } from '../helpers/trees.ts';

/** A real folder is backed up, broken, and had back with the wizard, in the real window. */

const { action, job } = zhCN.common;
const plans = zhCN.backups;
const words = zhCN.recovery.wizard;
const restoring = zhCN.restore;
const folder = mkdtempSync(join(tmpdir(), 'hmtt-e2e-restore-'));
const source = join(folder, 'srv');
const archives = join(folder, 'archives');
let run: ConsoleRun;
let page: Page;
let engine: EngineAccess;
let original: Map<string, TreeEntry>;

function makeTree(): void {
  mkdirSync(join(source, '配置', '空'), { recursive: true });
  writeFileSync(join(source, '配置', 'hmtt.conf'), 'listen = 8443\n', { mode: 0o640 });
  writeFileSync(join(source, '配置', '说明 [旧]*.txt'), '旧版说明\n');
  symlinkSync('hmtt.conf', join(source, '配置', 'current'));
  mkdirSync(join(source, 'data'));
  // Large enough that a restore can be caught in the act, easy enough to compress that the backup is quick.
  const block = randomBytes(16_384);
  for (let index = 0; index < 100; index += 1) {
    const content = Buffer.alloc(3_000_000 + index, block);
    writeFileSync(join(source, 'data', `base-${String(index).padStart(3, '0')}.dat`), content);
  }
  utimesSync(join(source, '配置', 'hmtt.conf'), 1_700_000_000, 1_700_000_000);
}

const button = (name: string | RegExp) => page.getByRole('button', { name });
const next = (): Promise<void> => page.locator('.wizard-foot .btn-primary').click();
const step = (id: string): Promise<void> =>
  page.locator(`[data-testid="wizard"][data-step="${id}"]`).waitFor();
const inArchive = (path: string): string => join(source, path).slice(1);
const evidence = () => page.getByTestId('evidence');

/** Starts a restore: by a click where nothing that exists is touched, else by typing the plan's name. */
async function confirm(risk: 'nothing there' | 'over the original'): Promise<void> {
  await step('confirm');
  const start = button(words.confirm.start);
  if (risk === 'over the original') {
    await expect.poll(() => start.isDisabled()).toBe(true);
    await page.locator('.confirm input').fill('核心');
  }
  await start.click();
}

beforeAll(async () => {
  makeTree();
  original = describeTree(source);
  run = await launchConsole({ language: 'zh-CN', ready: true });
  page = run.page;
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
  await engine.call('backup.plans.add', { name: '核心', sources: [source], targetDir: archives });
  const { jobId } = await engine.call('backup.run', { name: '核心' });
  const ended = async () => (await engine.call('jobs.get', { id: jobId })).endedAt !== null;
  await until('the end of the backup', ended, 90_000);
});

afterAll(async () => {
  engine?.close();
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('files are found first, their points after; they go to another folder, and the promised path is the real one', async () => {
  const target = join(folder, 'beside');
  await goTo(page, '/recovery');
  await page.getByRole('link', { name: zhCN.recovery.entrance.files }).click();
  await step('what');
  await expect.poll(() => page.locator('.wizard-foot .btn-primary').isDisabled()).toBe(true);
  await page.getByLabel(plans.find.label).first().fill('说明');
  await page.keyboard.press('Enter');
  await page.getByLabel(plans.browse.selectOf.replace('{{path}}', inArchive('配置/说明 [旧]*.txt'))).check();
  const versions = page.getByTestId('file-versions');
  await versions.locator('summary').click();
  await versions.getByText(restoring.versions.first).waitFor();
  await versions.getByText(archives, { exact: true }).waitFor();
  await next();
  await step('when');
  await page.getByText(words.when.holds).waitFor();
  await page.locator('.point-choices input').first().check();
  await next();
  await step('where');
  await expect.poll(() => page.getByLabel(words.where.folder).isChecked()).toBe(true);
  await page.getByLabel(words.where.dir).fill(target);
  await page.locator('[data-testid="ready"][data-ready="true"] [data-item="verified"]').waitFor();
  await next();
  await step('preview');
  const promised = join(target, inArchive('配置/说明 [旧]*.txt'));
  await page.getByText(promised, { exact: true }).waitFor();
  expect(existsSync(target)).toBe(false);
  await expect.poll(() => page.locator('[data-total="restore"] .total-figure').innerText()).toMatch(/^[1-9]/);
  await next();
  await confirm('nothing there');
  await step('verify');
  await page.getByText(words.verify.ok.replace('{{count}}', '1')).waitFor();
  expect(readFileSync(promised, 'utf8')).toBe('旧版说明\n');
  await next();
  await evidence().waitFor();
  await expect.poll(() => evidence().getAttribute('data-outcome')).toBe('verified');
});

test('the evidence is saved and printed, and its hash covers it', async () => {
  const json = join(folder, 'evidence.json');
  const pdf = join(folder, 'evidence.pdf');
  await run.answerDialogs({ save: json });
  await button(words.evidence.save).click();
  await page.getByText(words.evidence.saved.replace('{{path}}', json)).waitFor();
  const text = readFileSync(json, 'utf8');
  const { sha256, signature, ...body } = JSON.parse(text);
  expect(await engine.call('restore.verifyEvidence', { text })).toEqual({
    intact: true,
    signed: true,
    ownKey: true,
    fingerprint: signature.fingerprint,
  });
  const canonical = (value: unknown): string =>
    Array.isArray(value)
      ? `[${value.map(canonical).join(',')}]`
      : typeof value === 'object' && value !== null
        ? `{${Object.entries(value)
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)
            .join(',')}}`
        : JSON.stringify(value);
  expect(createHash('sha256').update(canonical(body)).digest('hex')).toBe(sha256);
  await run.answerDialogs({ save: pdf });
  await button(`${zhCN.print.save} · 中文`).click();
  await page.getByText(zhCN.print.saved.replace('{{path}}', pdf)).waitFor();
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
  await button(words.evidence.finish).click();
  await page.getByTestId('table-past-restores').getByText(zhCN.recovery.outcome.verified).waitFor();
});

test('a broken folder comes back to where it was, byte for byte', async () => {
  rmSync(join(source, 'data', 'base-003.dat'));
  rmSync(join(source, '配置', '空'), { recursive: true });
  rmSync(join(source, '配置', 'current'));
  truncateSync(join(source, 'data', 'base-004.dat'), 100);
  appendFileSync(join(source, '配置', 'hmtt.conf'), 'broken = true\n');
  await goTo(page, '/recovery');
  await page.getByRole('link', { name: zhCN.recovery.entrance.system }).click();
  await step('what');
  await next();
  await page.locator('.point-choices input').first().check();
  await next();
  await page.getByLabel(words.where.original).check();
  await page.getByText(words.where.originalWarning).waitFor();
  // Changing the place takes the wish to overwrite back to the safe answer.
  await expect.poll(() => page.getByLabel(words.where.never).isChecked()).toBe(true);
  await page.getByLabel(words.where.always).check();
  await next();
  await step('preview');
  await page.locator('[data-total="update"]').waitFor();
  const total = (name: string): Promise<string> =>
    page.locator(`[data-total="${name}"] .total-figure`).innerText();
  // A file and a link are missing; folders are made but not counted as files.
  expect(Number(await total('restore'))).toBe(2);
  expect(Number(await total('update'))).toBeGreaterThanOrEqual(2);
  await button(new RegExp(`^${words.preview.action.update}$`)).click();
  await page.getByText(join(source, '配置', 'hmtt.conf'), { exact: true }).waitFor();
  await next();
  await step('confirm');
  await page.getByText(/都会留底，恢复后可以撤销/).waitFor();
  await confirm('over the original');
  await step('verify');
  await next();
  await evidence().waitFor();
  await expect.poll(() => evidence().getAttribute('data-outcome')).toBe('verified');
  // A folder that was there all along is not a thing that is restored: it keeps the time of the repair.
  const differences = treeDifferences(original, describeTree(source));
  expect(differences.filter((difference) => !/^(data|é\S+): time/.test(difference))).toEqual([]);
});

test('what was restored over the original is undone: a preview, the word, and everything is as it was broken', async () => {
  await page.getByTestId('undo-offer').getByRole('link', { name: restoring.undo.open }).click();
  await page.getByTestId('undo-restore').waitFor();
  await button(restoring.undo.preview).click();
  await page.locator('[data-total="remove"] .total-figure').waitFor();
  expect(Number(await page.locator('[data-total="remove"] .total-figure').innerText())).toBe(2);
  await page.locator('.confirm input').fill('核心');
  await button(restoring.undo.start).click();
  await step('verify');
  await next();
  await evidence().waitFor();
  await expect.poll(() => evidence().getAttribute('data-outcome')).toBe('verified');
  expect(existsSync(join(source, 'data', 'base-003.dat'))).toBe(false);
  expect(readFileSync(join(source, '配置', 'hmtt.conf'), 'utf8')).toContain('broken = true');
  await button(words.evidence.finish).click();
  await page.getByTestId('table-past-restores').getByText(restoring.undo.undone).waitFor();

  // Undoing is a restore like any other: undone itself, the folder is whole again.
  const { restores } = await engine.call('restore.list', {});
  const undo = await engine.call('restore.undo', { restoreId: restores[0]?.id ?? '' });
  const done = async (id: string) => (await engine.call('jobs.get', { id })).endedAt !== null;
  await until('the plan', () => done(undo.jobId));
  const planId = (await engine.call('jobs.get', { id: undo.jobId })).result?.id ?? '';
  const started = await engine.call('restore.start', { planId, confirm: '核心' });
  await until('the end', () => done(started.jobId));
  expect(existsSync(join(source, 'data', 'base-003.dat'))).toBe(true);
});

test('a restore that is cancelled is offered again, and goes on where it stopped', async () => {
  const target = join(folder, 'resumed');
  await goTo(page, '/recovery/restore?kind=system');
  await step('what');
  await next();
  await page.locator('.point-choices input').first().check();
  await next();
  await page.getByLabel(words.where.dir).fill(target);
  await next();
  await page.locator('[data-total="restore"]').waitFor();
  await next();
  await confirm('nothing there');
  await step('run');
  await button(action.pause).click();
  await page.locator('[data-job-state="paused"]').waitFor();
  await button(action.cancel).click();
  // The safe answer has the focus.
  expect(await button(job.cancelNo).evaluate((element) => element === document.activeElement)).toBe(true);
  await button(job.cancelYes).click();
  await page.getByText(words.run.cancelled).waitFor();
  await goTo(page, '/recovery');
  const offered = page.locator('[data-testid="unfinished"][data-state="cancelled"]');
  await offered.waitFor();
  await offered.getByRole('button', { name: zhCN.recovery.unfinished.resume }).click();
  await step('verify');
  await next();
  await evidence().waitFor();
  await expect.poll(() => evidence().getAttribute('data-outcome')).toBe('verified');
  expect(treeDifferences(original, describeTree(join(target, source.slice(1))))).toEqual([]);
});

test('a restore goes on after the engine was killed in the middle of it', async () => {
  const target = join(folder, 'killed');
  await goTo(page, '/recovery/restore?kind=system');
  await step('what');
  await next();
  await page.locator('.point-choices input').first().check();
  await next();
  await page.getByLabel(words.where.dir).fill(target);
  await next();
  await page.locator('[data-total="restore"]').waitFor();
  await next();
  await confirm('nothing there');
  await step('run');
  await button(action.pause).click();
  await page.locator('[data-job-state="paused"]').waitFor();
  const { engine: killed } = await engine.call('site.status', {});
  engine.close();
  kill(killed.pid, 'SIGKILL');
  await page.getByText(words.run.interrupted).waitFor();
  engine = await until('an answer of the next engine', () => reachEngine(run.dataDir));
  await button(words.run.resume).click();
  await step('verify');
  await next();
  await evidence().waitFor();
  await expect.poll(() => evidence().getAttribute('data-outcome')).toBe('verified');
  const { restores } = await engine.call('restore.list', {});
  const { evidence: document } = await engine.call('restore.evidence', { restoreId: restores[0]?.id ?? '' });
  expect(document?.interruptions).toBe(1);
  expect(treeDifferences(original, describeTree(join(target, source.slice(1))))).toEqual([]);
});

test('a wizard that was left half-way is offered again, and never reopens at the confirmation', async () => {
  await goTo(page, '/recovery/restore?kind=system');
  await step('what');
  await next();
  await page.locator('.point-choices input').first().check();
  await next();
  await page.getByLabel(words.where.dir).fill(join(folder, 'never'));
  await next();
  await page.locator('[data-total="restore"]').waitFor();
  await next();
  await step('confirm');
  await page.reload();
  await step('preview');
  await goTo(page, '/recovery');
  await page.getByTestId('half-way').waitFor();
  await button(zhCN.recovery.draft.resume).click();
  await step('preview');
  await page.locator('.wizard-steps').getByText(join(folder, 'never')).waitFor();
  await page.locator('.wizard-foot').getByRole('button', { name: action.cancel }).click();
  await page.getByTestId('half-way').getByRole('button', { name: zhCN.recovery.draft.discard }).click();
  await page.getByTestId('half-way').waitFor({ state: 'detached' });
  expect(existsSync(join(folder, 'never'))).toBe(false);
});
