import type { BrowserWindow } from 'electron';

/** The window as an alarm: it fills the screen above everything until somebody answers. */
export type AlertScreen = {
  /** Takes the screen, from the tray or behind other windows as well, or gives it back as it was. */
  readonly take: (wanted: boolean) => void;
};

/** Makes the alarm of a window that may not be there yet. */
export function createAlertScreen(window: () => BrowserWindow | null): AlertScreen {
  /** What the window was like before; null while it is not an alarm. */
  let before: { readonly fullScreen: boolean } | null = null;
  return {
    take: (wanted) => {
      const shown = window();
      if (shown === null || shown.isDestroyed() || wanted === (before !== null)) return;
      if (wanted) {
        before = { fullScreen: shown.isFullScreen() };
        if (shown.isMinimized()) shown.restore();
        shown.show();
        shown.setAlwaysOnTop(true, 'screen-saver');
        shown.setFullScreen(true);
        shown.focus();
        shown.flashFrame(true);
        return;
      }
      // It stays visible: whoever answered is looking at it.
      shown.setAlwaysOnTop(false);
      shown.flashFrame(false);
      if (before?.fullScreen === false) shown.setFullScreen(false);
      before = null;
    },
  };
}
