import { type BrowserWindow, dialog } from 'electron';
import type { Language } from '#shared/contract/shell.ts';
import type { Clock } from '../engine/platform/clock.ts';
import type { Logger } from '../engine/platform/logger.ts';
import { planReload } from './restart-policy.ts';
import { say } from './texts.ts';

/** Loads the page again when its process dies. The engine does not notice: it has its own process. */
export function recoverPage(
  window: BrowserWindow,
  options: {
    readonly clock: Clock;
    readonly log: Logger;
    readonly language: () => Language;
    readonly quit: () => void;
  },
): void {
  const crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, details) => {
    options.log.log('error', 'the page process ended', { reason: details.reason, code: details.exitCode });
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    const now = options.clock.monotonic();
    crashes.push(now);
    if (planReload(crashes, now) === 'reload') {
      window.webContents.reload();
      return;
    }
    const language = options.language();
    void dialog
      .showMessageBox(window, {
        type: 'error',
        title: say('pageGoneTitle', language),
        message: say('pageGoneTitle', language),
        detail: say('pageGone', language),
        buttons: [say('pageRetry', language), say('menuQuit', language)],
        defaultId: 0,
        cancelId: 0,
      })
      .then(({ response }) => {
        if (response === 1) options.quit();
        else if (!window.isDestroyed()) window.webContents.reload();
      });
  });
}
