import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shellChannel } from '#shared/contract/shell-channels.ts';
import { altered, type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';

/**
 * Electron main does not trust its own page: this preload hands out the raw channel, as a page that broke out of its
 * isolation would have it.
 */
const hostilePreload = `
  const { contextBridge, ipcRenderer } = require('electron');
  contextBridge.exposeInMainWorld('raw', {
    invoke: (...all) => ipcRenderer.invoke(...all),
    send: (...all) => ipcRenderer.send(...all),
    sendSync: (...all) => ipcRenderer.sendSync(...all),
  });
`;
const emptyPage = { 'index.html': '<!doctype html><html><head><title>x</title></head><body></body></html>' };

type Raw = {
  readonly invoke: (...all: unknown[]) => Promise<unknown>;
  readonly send: (...all: unknown[]) => void;
  readonly sendSync: (...all: unknown[]) => unknown;
};

let appDir: string;
let run: ConsoleRun;

beforeAll(async () => {
  appDir = altered({ preload: hostilePreload, renderer: emptyPage });
  run = await launchConsole({ appDir });
});

afterAll(async () => {
  await run?.close();
  rmSync(appDir, { recursive: true, force: true });
});

/** Calls with the raw channel; the answer, or the words of the rejection. */
function call(channel: string, ...args: unknown[]): Promise<unknown> {
  return run.page.evaluate(
    async ([name, rest]) => {
      const { raw } = globalThis as unknown as { readonly raw: Raw };
      return raw.invoke(name, ...rest).catch((thrown: unknown) => `rejected: ${String(thrown)}`);
    },
    [channel, args] as const,
  );
}

test('a well-formed call is answered, so the refusals below are not for want of a channel', async () => {
  expect(await call(shellChannel, 'getEnvironment', undefined)).toMatchObject({ ok: true });
});

test.each(['readFile', 'constructor', '__proto__', 'toString', 'x'.repeat(5_000), ''])(
  'unknown method %#: rejected and logged',
  async (method) => {
    const before = run.refusals('ipc-method').length;
    expect(await call(shellChannel, method, {})).toMatch(/^rejected: .*refused/);
    expect(run.refusals('ipc-method').length).toBe(before + 1);
  },
);

test('a method that is no text is rejected', async () => {
  expect(await call(shellChannel, { toString: 'getEnvironment' }, {})).toMatch(/^rejected: .*refused/);
  expect(await call(shellChannel)).toMatch(/^rejected: .*refused/);
});

test.each([
  ['setLanguage', 'fr'],
  ['setLanguage', undefined],
  ['setTheme', { choice: 'dark' }],
  ['chooseFolder', { title: 'x'.repeat(1_000) }],
  ['chooseFolder', { title: 'ok', unknown: 1 }],
  ['choosePath', { title: 5 }],
  ['chooseFile', { extensions: ['*'] }],
  ['saveFile', { suggestedName: '../../etc/cron.d/x', text: '' }],
  ['saveFile', { suggestedName: 'a\u0000b', text: '' }],
  ['saveFile', { suggestedName: '..', text: '' }],
  ['saveFile', { suggestedName: 'ok.txt', text: 5 }],
  ['saveFile', { suggestedName: 'ok.png', text: '<svg>', encoding: 'base64' }],
  ['printToPdf', { suggestedName: 'C:\\x.pdf' }],
  ['savePdf', { kind: '../x', lang: 'en', suggestedName: 'x.pdf' }],
  ['savePdf', { kind: 'runbook', lang: 'fr', suggestedName: 'x.pdf' }],
  ['copyText', ['a']],
  ['setWall', 'yes'],
  ['getEnvironment', { everything: true }],
  ['quitCompletely', 'now'],
])('malformed payload for %s (%j): rejected and logged, nothing happens', async (method, payload) => {
  const before = run.refusals('ipc-payload').length;
  expect(await call(shellChannel, method, payload)).toMatch(/^rejected: .*refused/);
  expect(run.refusals('ipc-payload').length).toBe(before + 1);
  expect(run.page.isClosed()).toBe(false);
});

test('channels that nobody serves are rejected; one-way messages on them are logged', async () => {
  expect(await call('fs-read', '/etc/passwd')).toMatch(/^rejected: /);
  const answer = await run.page.evaluate(() => {
    const { raw } = globalThis as unknown as { readonly raw: Raw };
    raw.send('shutdown-now', 1);
    return raw.sendSync('read-secret', 1);
  });
  expect(answer).toBeNull();
  await until('two log lines', () => run.refusals('ipc-channel').length === 2);
});

test('a malformed report of a policy violation is refused', async () => {
  await run.page.evaluate(() => {
    const { raw } = globalThis as unknown as { readonly raw: Raw };
    raw.send('hmtt-violation', { directive: 'x', blocked: 'y'.repeat(10_000), source: '' });
  });
  await until('a log line', () =>
    run.refusals('ipc-payload').some((line) => line.target === 'hmtt-violation'),
  );
});

test.each(['app://console/', 'about:blank'])('another window showing %s may not call', async (address) => {
  const before = run.refusals('ipc-sender').length;
  const answer = await run.app.evaluate(
    async ({ BrowserWindow }, { url, preload, channel }) => {
      const foreign = new BrowserWindow({
        show: false,
        webPreferences: { preload, sandbox: true, contextIsolation: true },
      });
      await foreign.loadURL(url);
      const script = `raw.invoke(${JSON.stringify(channel)}, 'getEnvironment').catch((e) => 'rejected: ' + e)`;
      const said: unknown = await foreign.webContents.executeJavaScript(script);
      foreign.destroy();
      return said;
    },
    { url: address, preload: `${appDir}/dist/preload/preload.cjs`, channel: shellChannel },
  );
  expect(answer).toMatch(/^rejected: .*not a sender of the console/);
  expect(run.refusals('ipc-sender').length).toBe(before + 1);
});
