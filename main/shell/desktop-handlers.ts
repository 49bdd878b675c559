import { app, type BrowserWindow, clipboard, systemPreferences } from 'electron';
import type { EngineState } from '#shared/contract/shell.ts';
import { ok } from '#shared/errors/index.ts';
import { chooseFile, chooseFolder, choosePath, printToPdf, saveFile } from './dialogs.ts';
import type { ShellHandlers } from './ipc.ts';
import { openTraining } from './open-training.ts';
import type { Preferences } from './preferences.ts';
import { setWall } from './wall.ts';

/** What the handlers work on. */
export type DesktopOptions = {
  readonly window: BrowserWindow;
  readonly dataDir: string;
  /** Folder of this user's settings. */
  readonly userDir: string;
  readonly preferences: Preferences;
  readonly engine: () => EngineState;
  readonly hasTray: () => boolean;
  readonly restartEngine: () => void;
  readonly requestEnginePort: () => void;
  readonly quit: () => void;
  readonly takeScreen: (wanted: boolean) => void;
  readonly savePdf: ShellHandlers['savePdf'];
};

/** Electron releases before this one are past their end of life: the registry runtime of development is one. */
const oldestSupported = 40;

/** Answers every request of the shell's contract, save the one that only a printing window makes. */
export function desktopHandlers(options: DesktopOptions): Omit<ShellHandlers, 'documentReady'> {
  const { window, preferences } = options;
  return {
    getEnvironment: () =>
      ok({
        language: preferences.language(),
        platform: process.platform,
        versions: {
          app: app.getVersion(),
          electron: process.versions.electron,
          chrome: process.versions.chrome,
          node: process.versions.node,
        },
        isDevRuntime: Number.parseInt(process.versions.electron, 10) < oldestSupported,
        theme: preferences.theme(),
        reducedMotion: systemPreferences.getAnimationSettings().prefersReducedMotion,
        hasTray: options.hasTray(),
        dataDir: options.dataDir,
        engine: options.engine(),
      }),
    setLanguage: (language) => {
      preferences.setLanguage(language);
      return ok({});
    },
    setTheme: (choice) => {
      preferences.setTheme(choice);
      return ok({});
    },
    chooseFolder: (params) => chooseFolder(window, params),
    choosePath: (params) => choosePath(window, params),
    chooseFile: (params) => chooseFile(window, params),
    saveFile: (params) => saveFile(window, params),
    savePdf: options.savePdf,
    printToPdf: (params) => printToPdf(window, params),
    copyText: (text) => {
      clipboard.writeText(text);
      return ok({});
    },
    takeScreen: (wanted) => {
      options.takeScreen(wanted);
      return ok({});
    },
    setWall: (shown) => {
      setWall(window, shown);
      return ok({});
    },
    openTraining: () => openTraining(options.userDir, preferences.language()),
    quitCompletely: () => {
      options.quit();
      return ok({});
    },
    restartEngine: () => {
      options.restartEngine();
      return ok({});
    },
    requestEnginePort: () => {
      options.requestEnginePort();
      return ok({});
    },
  };
}
