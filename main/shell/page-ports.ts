import { type BrowserWindow, MessageChannelMain, type MessagePortMain } from 'electron';
import { enginePortKind } from '#shared/contract/shell-channels.ts';

/** Hands ports to the engine over to the page. */
export type PagePorts = {
  /** The page wants a port: now, and a new one after every restart of the engine. */
  readonly request: () => void;
  /** An engine has been launched. */
  readonly engineLaunched: () => void;
};

/**
 * The page asks when it has loaded; what the port says is between page and engine, Electron main does not listen.
 *
 * @param connect gives the engine its end; false when there is no engine, then the page's wish is kept
 */
export function createPagePorts(
  window: BrowserWindow,
  connect: (port: MessagePortMain) => boolean,
): PagePorts {
  let wanted = false;
  const give = (): void => {
    if (!wanted || window.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    if (connect(port1)) window.webContents.postMessage(enginePortKind, null, [port2]);
  };
  window.webContents.on('did-start-navigation', (details) => {
    // A page that is being loaded has nobody yet who would take a port; it will ask.
    if (details.isMainFrame && !details.isSameDocument) wanted = false;
  });
  return {
    request: () => {
      wanted = true;
      give();
    },
    engineLaunched: give,
  };
}
