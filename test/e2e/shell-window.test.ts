import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { electronLaunch, rootArguments } from '../../scripts/electron-path.ts';
import { hasDisplay, openVirtualDisplay, type VirtualDisplay } from '../../scripts/lib/display.ts';
import { inProject } from '../../scripts/lib/paths.ts';
import { type ConsoleRun, type LaunchOptions, launchConsole, until } from '../helpers/electron.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

/** One window, found again where it was; closing it never ends the watch. */

let display: VirtualDisplay | null = null;
const runs: ConsoleRun[] = [];

beforeAll(async () => {
  // Consoles of one test must share a display, as they do on a workstation.
  if (!hasDisplay()) display = await openVirtualDisplay('1600x1000');
});

afterEach(async () => {
  for (const run of runs.splice(0)) await run.close();
});

afterAll(async () => {
  await display?.close();
});

async function start(options: LaunchOptions = {}): Promise<ConsoleRun> {
  const run = await launchConsole({ ...options, env: { ...display?.env, ...options.env } });
  runs.push(run);
  return run;
}

async function quit(run: ConsoleRun): Promise<void> {
  runs.splice(runs.indexOf(run), 1);
  await run.close();
}

type WindowFacts = {
  readonly visible: boolean;
  readonly minimized: boolean;
  readonly bounds: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
};

async function windowFacts(run: ConsoleRun, again = true): Promise<WindowFacts> {
  try {
    return await run.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      if (window === undefined) throw new Error('no window');
      return {
        visible: window.isVisible(),
        minimized: window.isMinimized(),
        bounds: window.getNormalBounds(),
      };
    });
  } catch (thrown) {
    // The inspector of Electron main may lose an answer to its own garbage collection; asking changes nothing, so ask again.
    if (again && String(thrown).includes('garbage collected')) return windowFacts(run, false);
    throw thrown;
  }
}

function settings(run: ConsoleRun): Record<string, unknown> {
  const file = join(run.dataDir, 'shell', 'shell.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
}

test('a second start shows the first window and ends', async () => {
  const run = await start();
  await run.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  expect((await windowFacts(run)).visible).toBe(false);
  const second = spawn(
    electronLaunch().executablePath,
    [...rootArguments(), inProject(), '--data', run.dataDir],
    { env: { ...process.env, ...display?.env }, stdio: 'ignore' },
  );
  const code = await new Promise((resolve) => second.once('exit', resolve));
  expect(code).toBe(0);
  await until('the first window', async () => (await windowFacts(run)).visible);
  expect(run.app.windows()).toHaveLength(1);
});

test('size and place are kept from one start to the next', async () => {
  const dataDir = temporaryFolder('window');
  const first = await start({ dataDir });
  const wanted = { x: 120, y: 80, width: 1111, height: 699 };
  await until('the window', async () => (await windowFacts(first)).visible);
  await first.app.evaluate(({ BrowserWindow }, bounds) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(bounds);
  }, wanted);
  await until(
    'the window in its place',
    async () => (await windowFacts(first)).bounds.width === wanted.width,
  );
  await quit(first);
  const second = await start({ dataDir });
  await until('the window', async () => (await windowFacts(second)).visible);
  expect((await windowFacts(second)).bounds).toEqual(wanted);
});

test.each([
  [
    'off every screen',
    { place: { x: 30_000, y: 200, width: 1_200, height: 700 }, maximized: false, zoom: 0 },
  ],
  ['of a shape that is not ours', { place: 'everywhere' }],
])('a kept place %s is corrected', async (_what, window) => {
  const dataDir = temporaryFolder('window');
  const first = await start({ dataDir });
  await quit(first);
  const file = join(dataDir, 'shell', 'shell.json');
  const kept = { version: 1, language: 'en', theme: 'system', closingExplained: true, window };
  writeFileSync(file, JSON.stringify(kept));
  const second = await start({ dataDir });
  const { bounds } = await windowFacts(second);
  expect(bounds.x).toBeGreaterThanOrEqual(0);
  expect(bounds.x + bounds.width).toBeLessThanOrEqual(1_600);
});

test('closing explains itself once, and the watch goes on', async () => {
  const run = await start();
  await run.answerDialogs({ message: 2 });
  const close = (): Promise<void> =>
    run.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await close();
  await new Promise((resolve) => setTimeout(resolve, 800));
  // Cancelled: nothing happened, and nothing counts as explained.
  expect(settings(run).closingExplained ?? false).toBe(false);

  await run.app.evaluate(({ dialog }) => {
    const counted = globalThis as unknown as { askedToClose: number };
    counted.askedToClose = 0;
    dialog.showMessageBox = async () => {
      counted.askedToClose += 1;
      return { response: 0, checkboxChecked: false };
    };
  });
  await close();
  await until('the explanation to be remembered', () => settings(run).closingExplained === true);
  await close();
  const asked = await run.app.evaluate(
    () => (globalThis as unknown as { askedToClose: number }).askedToClose,
  );
  expect(asked).toBe(1);
  expect(run.page.isClosed()).toBe(false);
  expect((await run.page.evaluate(() => window.shell?.getEnvironment()))?.ok).toBe(true);
});

test('with a notification area, closing hides the window behind its icon', async () => {
  // A desktop that says it shows icons; the icon itself goes nowhere here.
  const bin = temporaryFolder('bin');
  writeFileSync(join(bin, 'dbus-send'), "#!/bin/sh\necho '   boolean true'\n", { mode: 0o755 });
  const run = await start({
    env: { PATH: `${bin}:${process.env.PATH}`, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' },
  });
  const hasTray = async (): Promise<boolean> => {
    const answer = await run.page.evaluate(() => window.shell?.getEnvironment());
    return answer?.ok === true && answer.value.hasTray;
  };
  await until('the icon', hasTray);
  await until('the window', async () => (await windowFacts(run)).visible);
  await run.answerDialogs({ message: 0 });
  await run.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await until('the window to be hidden', async () => !(await windowFacts(run)).visible);
  expect((await windowFacts(run)).minimized).toBe(false);
  expect(run.log().filter((line) => line.level === 'error')).toEqual([]);
});

test('a hidden start shows no window until it is asked for', async () => {
  const run = await start({ args: ['--hidden'] });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect((await windowFacts(run)).visible).toBe(false);
  await run.app.evaluate(({ app }) => app.emit('second-instance'));
  await until('the window', async () => (await windowFacts(run)).visible);
});

test('a page that crashes is loaded again', async () => {
  const run = await start();
  await run.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  );
  await until('the crash in the log', () =>
    run.log().some((line) => line.message === 'the page process ended'),
  );
  const answers = await until('a page that answers', () =>
    run.app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (!contents || contents.isCrashed() || contents.isLoading()) return null;
      return (await contents.executeJavaScript('window.shell.getEnvironment()')) as { ok: boolean };
    }),
  );
  expect(answers.ok).toBe(true);
  // And it has a way to the engine again.
  await until('live values', () =>
    run.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
        "document.documentElement.dataset.ready === 'true'",
      ),
    ),
  );
});

test('the language is kept, and menu, title and document follow it at once', async () => {
  const dataDir = temporaryFolder('language');
  const run = await start({ dataDir });
  const menu = (of: ConsoleRun): Promise<string> =>
    of.app.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).map((item) => item.label).join(' '),
    );
  expect(await menu(run)).toContain('&File');
  await run.page.evaluate(() => window.shell?.setLanguage('zh-CN'));
  await until('the Chinese menu', async () => (await menu(run)).includes('文件(&F)'));
  await quit(run);
  const again = await start({ dataDir, language: null });
  expect(await menu(again)).toContain('文件(&F)');
  const sent = await again.app.evaluate(async ({ net }) => (await net.fetch('app://console/')).text());
  expect(sent).toContain('<html lang="zh-CN">');
});

test('the theme is told to the page, and kept', async () => {
  const dataDir = temporaryFolder('theme');
  const run = await start({ dataDir });
  const heard = await run.page.evaluate(
    () =>
      new Promise((resolve) => {
        const stop = window.shell?.onThemeChanged((theme) => {
          stop?.();
          resolve(theme);
        });
        void window.shell?.setTheme('dark');
      }),
  );
  expect(heard).toMatchObject({ choice: 'dark', dark: true });
  expect(await run.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
  await quit(run);
  const again = await start({ dataDir });
  const background = await again.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBackgroundColor(),
  );
  expect(background?.toLowerCase()).toBe('#14181d');
});

test('a notification or a menu entry leads to its address inside the app', async () => {
  const run = await start();
  await until('the frame', () => run.page.evaluate(() => document.querySelectorAll('nav a').length > 0));
  await run.app.evaluate(({ Menu }) => {
    const help = Menu.getApplicationMenu()?.items.at(-1)?.submenu?.items.at(-1);
    help?.click();
  });
  await until('the settings', () => run.page.url().startsWith('app://console/settings'));
});

test('chosen files are read and saved by the desktop, bounded and durable', async () => {
  const run = await start();
  const folder = temporaryFolder('files');
  const text = join(folder, 'prometheus.yml');
  writeFileSync(text, 'global: {}\n');
  await run.answerDialogs({ open: [text], save: join(folder, 'out.csv') });
  expect(await run.page.evaluate(() => window.shell?.chooseFile({ extensions: ['yml'] }))).toEqual({
    ok: true,
    value: { path: text, name: 'prometheus.yml', text: 'global: {}\n' },
  });
  const saved = await run.page.evaluate(() =>
    window.shell?.saveFile({ suggestedName: 'hosts.csv', text: '主机,状态\n' }),
  );
  expect(saved).toEqual({ ok: true, value: join(folder, 'out.csv') });
  expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe('主机,状态\n');
  const printed = await run.page.evaluate(() => window.shell?.printToPdf({ suggestedName: 'page.pdf' }));
  expect(printed).toMatchObject({ ok: true });
  expect(readFileSync(join(folder, 'out.csv')).subarray(0, 5).toString('latin1')).toBe('%PDF-');
  await run.answerDialogs({ open: null, save: null });
  expect(await run.page.evaluate(() => window.shell?.chooseFolder())).toEqual({ ok: true, value: null });
  expect(await run.page.evaluate(() => window.shell?.choosePath())).toEqual({ ok: true, value: null });
  await run.answerDialogs({ save: join(folder, 'missing', 'x.csv') });
  const failed = await run.page.evaluate(() => window.shell?.saveFile({ suggestedName: 'x.csv', text: 'x' }));
  expect(failed).toMatchObject({ ok: false, error: { code: 'FILE_NOT_SAVED' } });
});
