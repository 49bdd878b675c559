import type { BrowserWindow } from 'electron';
import type { EngineState, Language } from '#shared/contract/shell.ts';
import type { SiteStatus } from '#shared/contract/site.ts';
import type { Logger } from '../engine/platform/logger.ts';
import type { Timers } from '../engine/platform/timers.ts';
import type { LinkListeners } from './engine-link.ts';
import { createNotifier } from './notifications.ts';
import { createSleepGuard } from './power.ts';
import { mustStayAwake, type RunningJobs, taskbarProgress, trackJob } from './running-jobs.ts';
import type { StatusTray } from './tray.ts';
import { planTrayStatus } from './tray-status.ts';

/** What the presence needs. */
export type PresenceOptions = {
  readonly window: () => BrowserWindow | null;
  readonly language: () => Language;
  /** Shows the window at an address inside the app. */
  readonly open: (link: string) => void;
  /** The window fills the screen, or gives it back. */
  readonly takeScreen: (wanted: boolean) => void;
  readonly log: Logger;
  readonly timers: Timers;
};

/** The site as the desktop shows it outside the page: tray, taskbar, notifications, and the machine's sleep. */
export type SitePresence = {
  /** Hears the engine's own words. */
  readonly listeners: LinkListeners;
  readonly engineChanged: (state: EngineState) => void;
  readonly languageChanged: () => void;
  readonly jobs: () => RunningJobs;
  readonly tray: () => StatusTray | null;
  readonly setTray: (tray: StatusTray) => void;
};

/** Makes the presence; nothing is shown before the first word of the engine or its supervisor. */
export function createSitePresence(options: PresenceOptions): SitePresence {
  const { language, window, log, timers } = options;
  const keepAwake = createSleepGuard();
  let tray: StatusTray | null = null;
  let engine: EngineState = { state: 'starting' };
  let status: SiteStatus | null = null;
  let jobs: RunningJobs = new Map();

  const showTray = (): void => tray?.show(planTrayStatus(engine, status, language()), language());
  const setJobs = (next: RunningJobs): void => {
    jobs = next;
    keepAwake(mustStayAwake(jobs));
    const shown = window();
    if (shown?.isDestroyed() === false) shown.setProgressBar(taskbarProgress(jobs));
  };

  return {
    listeners: {
      onStatus: (fresh) => {
        status = fresh;
        showTray();
      },
      onNotice: createNotifier({
        language,
        open: options.open,
        flash: () => {
          const shown = window();
          if (shown === null || shown.isDestroyed()) return;
          if (!shown.isVisible()) shown.showInactive();
          shown.flashFrame(true);
        },
        log,
        timers,
      }),
      onFullScreen: options.takeScreen,
      onJob: (job) => setJobs(trackJob(jobs, job)),
    },
    engineChanged: (state) => {
      engine = state;
      if (state.state !== 'running') {
        // What an engine said is worth nothing any more once it is gone; its jobs went with it.
        status = null;
        setJobs(new Map());
      }
      showTray();
    },
    languageChanged: showTray,
    jobs: () => jobs,
    tray: () => tray,
    setTray: (made) => {
      tray = made;
      showTray();
    },
  };
}
