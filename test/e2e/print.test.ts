import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Language } from '#shared/contract/shell.ts';
import { type ConsoleRun, launchConsole } from '../helpers/electron.ts';
import { pdfText } from '../helpers/pdf.ts';

/** Documents come out as PDF, in either language, whatever language the window has. */

let run: ConsoleRun;
let folder: string;

/** A document that is there without any data. */
const TEMPLATE = 'template-ransomware';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hmtt-print-'));
  run = await launchConsole({ ready: true });
});

afterAll(async () => {
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function save(kind: string, lang: Language, path: string | null, id?: string) {
  await run.answerDialogs({ save: path });
  return run.page.evaluate((wanted) => window.shell?.savePdf(wanted), {
    kind,
    lang,
    suggestedName: 'x.pdf',
    ...(id === undefined ? {} : { id }),
  });
}

test.each([
  ['zh-CN', '应急预案：勒索软件', '第 1 页，共 2 页'],
  ['en', 'Runbook: Ransomware', 'page 1 of 2'],
] as const)('a document in %s, its pages numbered', async (lang, title, foot) => {
  const path = join(folder, `${lang}.pdf`);
  expect(await save('runbook', lang, path, TEMPLATE)).toEqual({ ok: true, value: path });
  const text = pdfText(path);
  expect(text).toContain(title);
  expect(text).toContain(foot);
  expect(readFileSync(path).subarray(0, 5).toString()).toBe('%PDF-');
  // The shown window still speaks its own language and looks as before.
  expect(await run.page.evaluate(() => document.documentElement.lang)).toBe('en');
});

test('a closed dialog saves nothing; an unknown kind is said in words', async () => {
  expect(await save('runbook', 'en', null, TEMPLATE)).toEqual({ ok: true, value: null });
  const path = join(folder, 'unknown.pdf');
  expect(await save('nothing', 'en', path)).toMatchObject({ ok: false, error: { code: 'PRINT_UNKNOWN' } });
  expect(existsSync(path)).toBe(false);
});

test('a folder that is not there is named, and no window stays behind', async () => {
  const path = join(folder, 'gone', 'x.pdf');
  expect(await save('runbook', 'en', path, TEMPLATE)).toMatchObject({
    ok: false,
    error: { code: 'FILE_NOT_SAVED' },
  });
  expect(await run.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('the shown window cannot pretend to be a printed document', async () => {
  const before = run.refusals('ipc-method').length;
  const answer = await run.page.evaluate(() =>
    window.shell
      ?.documentReady({ ok: true, title: 'x', head: '' })
      .then(() => 'taken')
      .catch(() => 'refused'),
  );
  expect(answer).toBe('refused');
  expect(run.refusals('ipc-method').length).toBe(before + 1);
});

test('a document is shown in the window, too, in the language of its address', async () => {
  await run.page.goto('app://console/print/runbook/template-ransomware?lang=zh-CN');
  await run.page.waitForSelector('[data-print="ready"]');
  await expect.poll(() => run.page.textContent('h1')).toBe('应急预案：勒索软件');
});
