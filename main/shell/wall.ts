import { type BrowserWindow, powerSaveBlocker } from 'electron';

/** What keeps the screen on; null while nothing does. */
let blocker: number | null = null;

/** Fills the screen with the window and keeps the screen on, or gives both back. */
export function setWall(window: BrowserWindow, shown: boolean): void {
  if (shown === (blocker !== null)) return;
  if (shown) {
    blocker = powerSaveBlocker.start('prevent-display-sleep');
    // A window that goes away must not keep the screen on.
    window.once('closed', release);
  } else {
    release();
    window.off('closed', release);
  }
  if (!window.isDestroyed()) window.setFullScreen(shown);
}

function release(): void {
  if (blocker !== null) powerSaveBlocker.stop(blocker);
  blocker = null;
}
