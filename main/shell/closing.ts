import { type BrowserWindow, dialog } from 'electron';
import type { Language } from '#shared/contract/shell.ts';
import { say } from './texts.ts';

/** What closing the window means on this desktop. */
type ClosePlan = 'hide' | 'minimise';

/**
 * Closing never ends the watch. Where the notification area shows our icon the window is hidden behind it. Where
 * there is none, a hidden window could not be found again, so it is minimised and stays in the task switcher; a
 * second start brings it back in either case.
 */
function planClose(hasTray: boolean): ClosePlan {
  return hasTray ? 'hide' : 'minimise';
}

/** What the closing of the window needs to know. */
export type ClosingOptions = {
  readonly language: () => Language;
  readonly hasTray: () => boolean;
  readonly explained: () => boolean;
  /** Remembers that the operator was told. */
  readonly setExplained: () => void;
  /** True while the console is being quit: then windows may close. */
  readonly quitting: () => boolean;
  readonly quit: () => void;
};

/** Turns closing the window into hiding or minimising it, and explains that the first time. */
export function keepWatchingWhenClosed(window: BrowserWindow, options: ClosingOptions): void {
  let asking = false;
  const away = (): void => {
    if (window.isDestroyed()) return;
    if (planClose(options.hasTray()) === 'hide') window.hide();
    else window.minimize();
  };
  window.on('close', (event) => {
    if (options.quitting()) return;
    event.preventDefault();
    if (options.explained()) {
      away();
    } else if (!asking) {
      asking = true;
      void explain(window, options).then((answer) => {
        asking = false;
        if (answer === 'cancel') return;
        options.setExplained();
        if (answer === 'quit') options.quit();
        else away();
      });
    }
  });
}

async function explain(window: BrowserWindow, options: ClosingOptions): Promise<'keep' | 'quit' | 'cancel'> {
  const language = options.language();
  const { response } = await dialog.showMessageBox(window, {
    type: 'info',
    title: say('closeTitle', language),
    message: say('closeTitle', language),
    detail: say(planClose(options.hasTray()) === 'hide' ? 'closeToTray' : 'closeToTaskbar', language),
    buttons: [say('closeKeep', language), say('closeQuit', language), say('cancel', language)],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return response === 0 ? 'keep' : response === 1 ? 'quit' : 'cancel';
}
