import { join } from 'node:path';
import { app, type BrowserWindow, Menu, type MessagePortMain, nativeTheme, session } from 'electron';
import type { EngineState, Language, ThemeChoice } from '#shared/contract/shell.ts';
import type { SiteStatus } from '#shared/contract/site.ts';
import { systemClock } from '../engine/platform/clock.ts';
import type { Logger } from '../engine/platform/logger.ts';
import { systemTimers } from '../engine/platform/timers.ts';
import { serveApp } from './app-protocol.ts';
import { keepWatchingWhenClosed } from './closing.ts';
import { desktopHandlers } from './desktop-handlers.ts';
import { createEngineLink } from './engine-link.ts';
import { forkEngine } from './engine-process.ts';
import { createEngineSupervisor } from './engine-supervisor.ts';
import { findTray } from './find-tray.ts';
import { refuseOtherChannels, serveShell, tellWindow } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { createNotifier } from './notifications.ts';
import { createPagePorts } from './page-ports.ts';
import { recoverPage } from './page-recovery.ts';
import { createSleepGuard, watchSleep } from './power.ts';
import { createQuitter } from './quitting.ts';
import type { Refuse } from './refusals.ts';
import { mustStayAwake, type RunningJobs, taskbarProgress, trackJob } from './running-jobs.ts';
import { openSettings } from './settings-store.ts';
import { type StartOptions, systemLanguage } from './start-options.ts';
import { say } from './texts.ts';
import { applyTheme, currentTheme, groundColour } from './theme.ts';
import { createTray, type StatusTray } from './tray.ts';
import { planTrayStatus } from './tray-status.ts';
import { createWindow, present, zoomBy } from './window.ts';

/** What the desktop is built from. */
export type Desktop = {
  readonly options: StartOptions;
  /** Absolute folder that holds `engine/`, `preload/` and `renderer/`. */
  readonly dist: string;
  readonly log: Logger;
  readonly refuse: Refuse;
};

/**
 * Builds the desktop: engine and window start side by side, everything else hangs on their events. Runs once, when
 * Electron is ready.
 */
export function runDesktop({ options, dist, log, refuse }: Desktop): void {
  const settings = openSettings(join(options.userDir, 'shell.json'), log.child('settings'), systemTimers);
  let language =
    options.language ?? settings.get().language ?? systemLanguage(app.getPreferredSystemLanguages());
  let window: BrowserWindow | null = null;
  let tray: StatusTray | null = null;
  let status: SiteStatus | null = null;
  let jobs: RunningJobs = new Map();
  const sleepGuard = createSleepGuard();
  const theme = () => currentTheme(settings.get().theme);
  const show = (to?: string): void => {
    if (window !== null) present(window, log, to);
  };

  const showTray = (): void => tray?.show(planTrayStatus(supervisor.state(), status, language), language);
  const setJobs = (next: RunningJobs): void => {
    jobs = next;
    sleepGuard(mustStayAwake(jobs));
    if (window?.isDestroyed() === false) window.setProgressBar(taskbarProgress(jobs));
  };
  const link = createEngineLink(
    {
      onStatus: (fresh) => {
        status = fresh;
        showTray();
      },
      onRaised: createNotifier({ language: () => language, open: show, log, timers: systemTimers }),
      onJob: (job) => setJobs(trackJob(jobs, job)),
    },
    log.child('link'),
  );
  const supervisor = createEngineSupervisor<MessagePortMain>({
    fork: () => forkEngine(join(dist, 'engine', 'process.js'), options.dataDir, log.child('engine')),
    clock: systemClock,
    timers: systemTimers,
    log: log.child('supervisor'),
    onState: (state: EngineState) => {
      if (state.state === 'running') {
        link.attach(supervisor.connect);
        ports?.engineReady();
      } else {
        // What an engine said is worth nothing any more once it is gone; its jobs went with it.
        status = null;
        setJobs(new Map());
      }
      tellWindow(window, 'engineState', state);
      showTray();
    },
  });
  const quitter = createQuitter({
    window: () => window,
    jobs: () => jobs,
    language: () => language,
    wrapUp: async () => {
      settings.flush();
      await supervisor.stop();
    },
  });

  let ports: ReturnType<typeof createPagePorts> | null = null;
  supervisor.start();
  applyTheme(settings.get().theme);
  serveApp({
    session: session.defaultSession,
    root: join(dist, 'renderer'),
    language: () => language,
    refuse,
  });
  const allowDevTools = !app.isPackaged;
  const main = createWindow({
    session: session.defaultSession,
    preload: join(dist, 'preload', 'preload.cjs'),
    title: say('appName', language),
    background: groundColour(theme()),
    settings,
    show: !options.hidden,
    allowDevTools,
    log,
  });
  window = main;
  refuseOtherChannels(main, refuse);
  const { quitting, request: quit } = quitter;
  recoverPage(main, { clock: systemClock, log, language: () => language, quit });
  keepWatchingWhenClosed(main, {
    language: () => language,
    hasTray: () => tray !== null,
    explained: () => settings.get().closingExplained,
    setExplained: () => settings.change({ closingExplained: true }),
    quitting,
    quit,
  });
  ports = createPagePorts(main, supervisor.connect);

  const showMenu = (): void => {
    const zoom = (step: number | null): void => zoomBy(main, settings, step);
    const template = menuTemplate(
      language,
      { quit, navigate: show, zoom },
      {
        mac: process.platform === 'darwin',
        devTools: allowDevTools,
      },
    );
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  const setLanguage = (next: Language): void => {
    language = next;
    settings.change({ language: next });
    main.setTitle(say('appName', next));
    showMenu();
    showTray();
  };
  const setTheme = (choice: ThemeChoice): void => {
    settings.change({ theme: choice });
    applyTheme(choice);
    tellWindow(main, 'theme', theme());
  };
  nativeTheme.on('updated', () => tellWindow(main, 'theme', theme()));
  serveShell({
    window: () => window,
    handlers: desktopHandlers({
      window: main,
      dataDir: options.dataDir,
      language: () => language,
      setLanguage,
      theme,
      setTheme,
      engine: supervisor.state,
      hasTray: () => tray !== null,
      restartEngine: supervisor.restart,
      requestEnginePort: ports.request,
      quit,
    }),
    refuse,
    log,
  });
  showMenu();

  app.on('second-instance', () => show());
  app.on('activate', () => show());
  watchSleep(systemClock, { onRest: supervisor.rest, onSlept: link.slept });
  void findTray(process.platform, process.env).then((found) => {
    log.log('info', 'notification area', { found });
    if (!found) return;
    tray = createTray({ open: () => show(), quit });
    showTray();
  });
}
