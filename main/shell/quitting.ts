import { app, type BrowserWindow, dialog } from 'electron';
import type { Language } from '#shared/contract/shell.ts';
import type { RunningJobs } from './running-jobs.ts';
import { inLanguage, say } from './texts.ts';

/** What quitting needs. */
export type QuitOptions = {
  readonly window: () => BrowserWindow | null;
  readonly jobs: () => RunningJobs;
  readonly language: () => Language;
  /** Stops the engine in order and keeps what is to be kept; quitting waits for it. */
  readonly wrapUp: () => Promise<void>;
};

/** Ends the console completely. */
export type Quitter = {
  /** Quits; asks first when a job is running. */
  readonly request: () => void;
  readonly quitting: () => boolean;
};

/**
 * Makes every way out orderly: the menu, the tray, the page, a signal, the end of the session. Only a person is asked
 * about running jobs; a signal or the end of the session is obeyed.
 */
export function createQuitter(options: QuitOptions): Quitter {
  let stage: 'running' | 'wrapping-up' | 'done' = 'running';
  let asking = false;

  app.on('before-quit', (event) => {
    if (stage === 'done') return;
    event.preventDefault();
    if (stage === 'wrapping-up') return;
    stage = 'wrapping-up';
    options.window()?.hide();
    void options.wrapUp().finally(() => {
      stage = 'done';
      app.quit();
    });
  });
  // The window is only ever hidden; when it is really gone the console is already on its way out.
  app.on('window-all-closed', () => app.quit());

  const ask = async (): Promise<boolean> => {
    const running = [...options.jobs().values()];
    const window = options.window();
    if (running.length === 0 || window === null) return true;
    const language = options.language();
    window.show();
    const jobs = running.map((job) => inLanguage(job.title, language)).join(language === 'en' ? ', ' : '、');
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      title: say('quitTitle', language),
      message: say('quitTitle', language),
      detail: say('quitJobs', language, { jobs }),
      buttons: [say('quitStay', language), say('quitAnyway', language)],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    return response === 1;
  };

  return {
    request: () => {
      if (asking || stage !== 'running') return;
      asking = true;
      void ask().then((agreed) => {
        asking = false;
        if (agreed) app.quit();
      });
    },
    quitting: () => stage !== 'running',
  };
}
