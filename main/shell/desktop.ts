import { join } from 'node:path';
import { app, type BrowserWindow, Menu, type MessagePortMain, session } from 'electron';
import { systemClock } from '../engine/platform/clock.ts';
import type { Logger } from '../engine/platform/logger.ts';
import { systemTimers } from '../engine/platform/timers.ts';
import { createAlertScreen } from './alert-screen.ts';
import { serveApp } from './app-protocol.ts';
import { keepWatchingWhenClosed } from './closing.ts';
import { desktopHandlers } from './desktop-handlers.ts';
import { askWhere } from './dialogs.ts';
import { createEngineLink, type EngineLink } from './engine-link.ts';
import { forkEngine } from './engine-process.ts';
import { createEngineSupervisor, type EngineSupervisor } from './engine-supervisor.ts';
import { findTray } from './find-tray.ts';
import { type Caller, refuseOtherChannels, serveShell, tellWindow } from './ipc.ts';
import { keyFromKeyStore } from './key-store.ts';
import { menuTemplate } from './menu.ts';
import { createPagePorts, type PagePorts } from './page-ports.ts';
import { recoverPage } from './page-recovery.ts';
import { watchSleep } from './power.ts';
import { createPreferences, type Preferences } from './preferences.ts';
import { createPrinter } from './print.ts';
import { createQuitter, type Quitter } from './quitting.ts';
import type { Refuse } from './refusals.ts';
import { openSettings, type SettingsStore } from './settings-store.ts';
import { createSitePresence, type SitePresence } from './site-presence.ts';
import type { StartOptions } from './start-options.ts';
import { say } from './texts.ts';
import { groundColour } from './theme.ts';
import { createTray } from './tray.ts';
import { createWindow, present, zoomBy } from './window.ts';

/** What the desktop is built from. */
export type Desktop = {
  readonly options: StartOptions;
  /** Absolute folder that holds `desktop-engine/`, `preload/` and `renderer/`. */
  readonly dist: string;
  readonly log: Logger;
  readonly refuse: Refuse;
};

/** How long the window waits for the engine's launch, which takes a few milliseconds. */
const LAUNCH_MS = 100;

/** The parts that outlive one another's making and therefore are handed around together. */
type Parts = Desktop & {
  readonly settings: SettingsStore;
  readonly preferences: Preferences;
  readonly presence: SitePresence;
  readonly supervisor: EngineSupervisor<MessagePortMain>;
  readonly quitter: Quitter;
  readonly show: (to?: string) => void;
  readonly takeScreen: (wanted: boolean) => void;
  readonly link: EngineLink;
};

/**
 * Builds the desktop: the engine is launched, the window opens beside it, everything else hangs on their events. Runs once, when
 * Electron is ready.
 */
export function runDesktop(desktop: Desktop): void {
  const { options, dist, log } = desktop;
  let window: BrowserWindow | null = null;
  let ports: PagePorts | null = null;
  const settings = openSettings(join(options.userDir, 'shell.json'), log.child('settings'), systemTimers);
  const preferences = createPreferences(settings, options.language);
  const { language } = preferences;
  const show = (to?: string): void => {
    if (window !== null) present(window, log, to);
  };
  const alertScreen = createAlertScreen(() => window);
  const presence = createSitePresence({
    window: () => window,
    language,
    open: show,
    takeScreen: alertScreen.take,
    log,
    timers: systemTimers,
  });
  const link = createEngineLink(presence.listeners, log.child('link'));
  const supervisor = createEngineSupervisor<MessagePortMain>({
    fork: () => {
      const entry = join(dist, 'desktop-engine', 'launch.cjs');
      return forkEngine(entry, options.dataDir, log.child('engine'), () => openDesktop());
    },
    clock: systemClock,
    timers: systemTimers,
    log: log.child('supervisor'),
    keyStore: () => keyFromKeyStore(join(options.userDir, 'key-store.json'), log.child('key-store')),
    onState: (state) => {
      if (state.state === 'starting') {
        link.attach(supervisor.connect);
        ports?.engineLaunched();
      }
      presence.engineChanged(state);
      tellWindow(window, 'engineState', state);
    },
  });
  const quitter = createQuitter({
    window: () => window,
    jobs: presence.jobs,
    language,
    wrapUp: async () => {
      settings.flush();
      await supervisor.stop();
    },
  });
  const parts: Parts = {
    ...desktop,
    settings,
    preferences,
    presence,
    supervisor,
    quitter,
    show,
    takeScreen: alertScreen.take,
    link,
  };
  const openDesktop = (): void => {
    if (window !== null) return;
    window = openWindow(parts);
    ports = createPagePorts(window, supervisor.connect);
    serveWindow(parts, window, ports);
    keepMenu(parts, window);
  };
  // The engine takes longer than the window, so it goes first; making a window at once would block the main thread,
  // which launching a process needs. An engine that cannot even be launched must not keep the window away.
  supervisor.start();
  systemTimers.after(LAUNCH_MS, openDesktop);

  app.on('second-instance', () => show());
  app.on('activate', () => show());
  watchSleep(systemClock, { onRest: supervisor.rest, onSlept: link.slept });
  void findTray(process.platform, process.env).then((found) => {
    log.log('info', 'notification area', { found });
    if (found) presence.setTray(createTray({ open: () => show(), quit: quitter.request }));
  });
}

/** Makes the window, and what keeps it alive and in its place. */
function openWindow(parts: Parts): BrowserWindow {
  const { dist, log, refuse, settings, preferences, presence, quitter } = parts;
  const { language } = preferences;
  serveApp({ session: session.defaultSession, root: join(dist, 'renderer'), language, refuse });
  const window = createWindow({
    session: session.defaultSession,
    preload: join(dist, 'preload', 'preload.cjs'),
    title: say('appName', language()),
    background: groundColour(preferences.theme()),
    settings,
    show: !parts.options.hidden,
    allowDevTools: !app.isPackaged,
    log,
  });
  refuseOtherChannels(window, refuse);
  recoverPage(window, { clock: systemClock, log, language, quit: quitter.request });
  keepWatchingWhenClosed(window, {
    language,
    hasTray: () => presence.tray() !== null,
    explained: () => settings.get().closingExplained,
    setExplained: () => settings.change({ closingExplained: true }),
    quitting: quitter.quitting,
    quit: quitter.request,
  });
  preferences.onTheme((theme) => tellWindow(window, 'theme', theme));
  return window;
}

/** Answers the page's calls. */
function serveWindow(parts: Parts, window: BrowserWindow, ports: PagePorts): void {
  const { options, dist, log, refuse, preferences, presence, supervisor, quitter } = parts;
  const printer = createPrinter({
    page: {
      session: session.defaultSession,
      preload: join(dist, 'preload', 'preload.cjs'),
      allowDevTools: !app.isPackaged,
    },
    askWhere: (wanted) => askWhere(window, wanted),
    connect: supervisor.connect,
    timers: systemTimers,
    log: log.child('print'),
    refuse,
    getEnvironment: (nothing) => handlers.getEnvironment(nothing),
  });
  parts.link.printWith(printer.makePdf);
  const handlers = desktopHandlers({
    window,
    dataDir: options.dataDir,
    userDir: options.userDir,
    preferences,
    engine: supervisor.state,
    hasTray: () => presence.tray() !== null,
    restartEngine: supervisor.restart,
    requestEnginePort: ports.request,
    quit: quitter.request,
    takeScreen: parts.takeScreen,
    savePdf: printer.savePdf,
  });
  const callers = (): readonly Caller[] => [{ window, handlers }, ...printer.callers()];
  serveShell({ callers, refuse, log });
}

/** Keeps menu, title and tray in the operator's language. */
function keepMenu(parts: Parts, window: BrowserWindow): void {
  const { preferences, presence, quitter, settings, show } = parts;
  const actions = {
    quit: quitter.request,
    navigate: show,
    zoom: (step: number | null) => zoomBy(window, settings, step),
  };
  const showMenu = (): void => {
    const platform = { mac: process.platform === 'darwin', devTools: !app.isPackaged };
    const template = menuTemplate(preferences.language(), actions, platform);
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  preferences.onLanguage(() => {
    window.setTitle(say('appName', preferences.language()));
    showMenu();
    presence.languageChanged();
  });
  showMenu();
}
