import { type BrowserWindow, dialog } from 'electron';
import type { Language } from '#shared/contract/shell.ts';
import type { Clock } from '../engine/platform/clock.ts';
import type { Logger } from '../engine/platform/logger.ts';
import { say } from './texts.ts';

/** A page that crashed this often within the span is not reloaded by itself any more. */
const MOST_CRASHES = 3;
const SPAN_MS = 60_000;

/**
 * Whether the page is loaded again by itself after a crash.
 *
 * @param crashes monotonic times of the crashes, this one included
 */
export function planReload(crashes: readonly number[], now: number): 'reload' | 'ask' {
  return crashes.filter((at) => now - at < SPAN_MS).length > MOST_CRASHES ? 'ask' : 'reload';
}

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
