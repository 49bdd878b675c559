import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import type { Language } from '#shared/contract/shell.ts';
import { electronLaunch, rootArguments } from '../../scripts/electron-path.ts';
import { hasDisplay, openVirtualDisplay, type VirtualDisplay } from '../../scripts/lib/display.ts';
import { inProject } from '../../scripts/lib/paths.ts';
import { PATIENCE_MS } from './patience.ts';

/** One line of `console.log` in the data folder. */
export type LogLine = { readonly level: string; readonly part: string; readonly message: string } & Readonly<
  Record<string, unknown>
>;

/** A console that runs in a real window. */
export type ConsoleRun = {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly dataDir: string;
  /** Process id of Electron main. */
  readonly pid: number;
  /** The shell's log so far. */
  readonly log: () => readonly LogLine[];
  /** What the shell refused so far, with this kind. */
  readonly refusals: (kind: string) => readonly LogLine[];
  /** What the native dialogs answer from now on; dialogs that nobody answers would wait for ever. */
  readonly answerDialogs: (answers: DialogAnswers) => Promise<void>;
  /** Quits in order and, unless a data folder was given, removes what it left. */
  readonly close: () => Promise<void>;
};

/** Answers in place of the operator. Null stands for a dialog that is closed. */
export type DialogAnswers = {
  readonly open?: readonly string[] | null;
  readonly save?: string | null;
  /** Index of the button of a message box. */
  readonly message?: number;
};

/** How to start a console for a test. */
export type LaunchOptions = {
  /** An existing data folder, which is left alone; otherwise a fresh one. */
  readonly dataDir?: string;
  /** English unless told otherwise; null leaves it to the console's own settings. */
  readonly language?: Language | null;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of another build of the app, e.g. one made by `altered`; otherwise the project's own build. */
  readonly appDir?: string;
  /** Waits until the page says that it shows live values (`<html data-ready="true">`). */
  readonly ready?: boolean;
};

/**
 * Starts the built console in a real window, with a data folder of its own. Build first: `node scripts/build.ts`.
 *
 * @throws Error in words when there is no build or no Electron
 */
export async function launchConsole(options: LaunchOptions = {}): Promise<ConsoleRun> {
  const appDir = options.appDir ?? inProject();
  if (!existsSync(join(appDir, 'dist', 'main', 'index.js'))) {
    throw new Error('The app is not built. Run: node scripts/build.ts');
  }
  const own = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'hmtt-e2e-')) : null;
  const dataDir = options.dataDir ?? join(own ?? '', 'data');
  const display: VirtualDisplay | null = hasDisplay() ? null : await openVirtualDisplay();
  const cleanUp = async (): Promise<void> => {
    await display?.close();
    if (own !== null) rmSync(own, { recursive: true, force: true });
  };
  try {
    const app = await _electron.launch({
      executablePath: electronLaunch().executablePath,
      args: [
        ...rootArguments(),
        appDir,
        '--data',
        dataDir,
        ...(options.language === null ? [] : ['--lang', options.language ?? 'en']),
        ...(options.args ?? []),
      ],
      env: { ...definedEnv(), ...display?.env, ...options.env },
      timeout: PATIENCE_MS,
      // The console decides about its colours, not the test's tool.
      colorScheme: null,
    });
    const page = await app.firstWindow({ timeout: PATIENCE_MS });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.waitForLoadState('domcontentloaded');
    if (options.ready === true) {
      await page.waitForSelector('html[data-ready="true"]', { state: 'attached' });
    }
    const log = (): readonly LogLine[] => readLog(join(dataDir, 'console.log'));
    return {
      app,
      page,
      dataDir,
      pid: app.process().pid ?? -1,
      log,
      refusals: (kind) => log().filter((line) => line.message === 'refused' && line.kind === kind),
      answerDialogs: (answers) => answerDialogs(app, answers),
      close: async () => {
        await app.close();
        await cleanUp();
      },
    };
  } catch (thrown) {
    await cleanUp();
    throw thrown;
  }
}

/** Waits until `found` gives something; fails with `what` in words. */
export async function until<T>(
  what: string,
  found: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  ms = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = await found();
    if (value !== undefined && value !== null && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${ms / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What to replace in a copy of the built app. */
export type Alterations = {
  /** JavaScript of another preload. */
  readonly preload?: string;
  /** Files of another interface, by path; `index.html` must be one of them. */
  readonly renderer?: Readonly<Record<string, string>>;
};

/**
 * Makes a copy of the built app with parts replaced: a page or a preload that misbehaves, to prove that Electron main
 * does not trust them. The engine is the real one.
 *
 * @returns the folder to pass as `appDir`; the caller removes it
 */
export function altered({ preload, renderer }: Alterations): string {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-altered-'));
  const dist = join(folder, 'dist');
  mkdirSync(join(dist, 'preload'), { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'hmtt-console', version: '0.0.0', type: 'module', main: 'dist/main/index.js' }),
  );
  cpSync(inProject('dist', 'main'), join(dist, 'main'), { recursive: true });
  symlinkSync(inProject('dist', 'engine'), join(dist, 'engine'), 'dir');
  const preloadFile = join(dist, 'preload', 'preload.cjs');
  if (preload === undefined) cpSync(inProject('dist', 'preload', 'preload.cjs'), preloadFile);
  else writeFileSync(preloadFile, preload);
  if (renderer === undefined) {
    cpSync(inProject('dist', 'renderer'), join(dist, 'renderer'), { recursive: true });
  } else {
    for (const [path, content] of Object.entries(renderer)) {
      const file = join(dist, 'renderer', path);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, content);
    }
  }
  return folder;
}

async function answerDialogs(app: ElectronApplication, answers: DialogAnswers): Promise<void> {
  await app.evaluate(({ dialog }, given) => {
    const { open, save, message } = given;
    Object.assign(dialog, {
      ...(open === undefined
        ? {}
        : { showOpenDialog: async () => ({ canceled: open === null, filePaths: open ?? [] }) }),
      ...(save === undefined
        ? {}
        : { showSaveDialog: async () => ({ canceled: save === null, filePath: save ?? '' }) }),
      ...(message === undefined
        ? {}
        : { showMessageBox: async () => ({ response: message, checkboxChecked: false }) }),
    });
  }, answers);
}

function readLog(path: string): readonly LogLine[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine);
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
