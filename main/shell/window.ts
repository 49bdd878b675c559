import { BrowserWindow, type Rectangle, type Session, screen, type WebPreferences } from 'electron';
import type { Logger } from '../engine/platform/logger.ts';
import { appOrigin } from './content-policy.ts';
import { tellWindow } from './ipc.ts';
import type { SettingsStore } from './settings-store.ts';
import { type Place, planPlace, smallestWindow } from './window-place.ts';

/** What the window is made with. */
export type WindowOptions = {
  readonly session: Session;
  /** Absolute path of the bundled preload. */
  readonly preload: string;
  readonly title: string;
  /** Shown until the page draws, so that nothing flashes. */
  readonly background: string;
  readonly settings: SettingsStore;
  /** False leaves the window hidden until it is asked for. */
  readonly show: boolean;
  readonly allowDevTools: boolean;
  readonly log: Logger;
};

/** How every page of the console is locked down, the shown one and those that only print. */
export function pagePreferences(
  options: Pick<WindowOptions, 'session' | 'preload' | 'allowDevTools'>,
): WebPreferences {
  return {
    session: options.session,
    preload: options.preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    disableDialogs: true,
    spellcheck: false,
    // An alarm has to sound in a window that nobody has touched since it was opened.
    autoplayPolicy: 'no-user-gesture-required',
    // Compiled scripts are kept after the first start already: the console is started seldom and must be quick then.
    v8CacheOptions: 'bypassHeatCheck',
    devTools: options.allowDevTools,
  };
}

/** Makes the console's one window, locked down, and loads the app into it. */
export function createWindow(options: WindowOptions): BrowserWindow {
  const kept = options.settings.get().window;
  const window = new BrowserWindow({
    ...planPlace(kept?.place ?? null, workAreas()),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    show: false,
    title: options.title,
    backgroundColor: options.background,
    autoHideMenuBar: false,
    webPreferences: pagePreferences(options),
  });
  window.once('ready-to-show', () => {
    if (kept?.maximized === true && options.show) window.maximize();
    if (options.show) window.show();
    options.log.log('info', 'window ready', { shown: options.show });
  });
  window.webContents.on('did-finish-load', () => {
    window.webContents.setZoomLevel(options.settings.get().window?.zoom ?? 0);
  });
  keepPlace(window, options.settings);
  logPageTroubles(window, options.log);
  void load(window, '/', options.log);
  return window;
}

/** Loads an address inside the app from scratch. */
async function load(window: BrowserWindow, to: string, log: Logger): Promise<void> {
  try {
    await window.loadURL(`${appOrigin}${to}`);
  } catch (thrown) {
    log.log('error', 'the page could not be loaded', { to, why: String(thrown) });
  }
}

/** Brings the window to the front, wherever it was, and optionally to an address inside the app. */
export function present(window: BrowserWindow, log: Logger, to?: string): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  if (to === undefined) return;
  if (window.webContents.isCrashed() || window.webContents.isLoadingMainFrame()) void load(window, to, log);
  else tellWindow(window, 'navigate', { to });
}

/** Changes the zoom by a step, or back to 100 % with null, and remembers it. */
export function zoomBy(window: BrowserWindow, settings: SettingsStore, step: number | null): void {
  const zoom = step === null ? 0 : Math.min(5, Math.max(-3, window.webContents.getZoomLevel() + step));
  window.webContents.setZoomLevel(zoom);
  remember(window, settings);
}

/** Work areas of all screens, the primary one first. */
function workAreas(): [Place, ...Place[]] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary.workArea, ...others.map((display) => display.workArea)];
}

function keepPlace(window: BrowserWindow, settings: SettingsStore): void {
  const changed = (): void => remember(window, settings);
  window.on('resize', changed);
  window.on('move', changed);
  window.on('maximize', changed);
  window.on('unmaximize', changed);
}

function remember(window: BrowserWindow, settings: SettingsStore): void {
  // A minimised or hidden window says nothing about where the operator wants it.
  if (window.isDestroyed() || window.isMinimized() || !window.isVisible()) return;
  const { x, y, width, height }: Rectangle = window.getNormalBounds();
  const zoom = window.webContents.getZoomLevel();
  settings.change({ window: { place: { x, y, width, height }, maximized: window.isMaximized(), zoom } });
}

const MESSAGE_LENGTH = 1_000;
const MOST_MESSAGES = 500;

/** Puts errors and warnings of the page into the log, and notes when it stops answering. */
function logPageTroubles(window: BrowserWindow, log: Logger): void {
  let messages = 0;
  const report = (message: string, source: string, line: number): void => {
    messages += 1;
    if (messages <= MOST_MESSAGES) {
      log.log('warn', 'page message', { text: message.slice(0, MESSAGE_LENGTH), source, line });
    }
  };
  const contents = window.webContents;
  contents.on('did-start-loading', () => {
    messages = 0;
  });
  // Electron 35 moved the message into the event; the older form has it as arguments.
  contents.on('console-message', (event, level, message, line, source) => {
    if (typeof event.message === 'string') {
      if (event.level === 'warning' || event.level === 'error') {
        report(event.message, event.sourceId, event.lineNumber);
      }
    } else if (Number(level) >= 2) report(message, source, line);
  });
  contents.on('preload-error', (_event, path, error) => {
    log.log('error', 'preload failed', { path, why: error.message });
  });
  window.on('unresponsive', () => log.log('warn', 'the page does not answer'));
  window.on('responsive', () => log.log('info', 'the page answers again'));
}
