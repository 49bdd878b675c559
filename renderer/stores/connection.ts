import { create } from 'zustand';
import { createEngineClient, type EngineClient, type Transport } from '#shared/contract/client.ts';
import type { EngineState, enginePortKind } from '#shared/contract/shell.ts';
import type { AppError } from '#shared/errors/index.ts';
import { shell } from '../app/shell.ts';

/** What the window knows of the engine. `refused` means that starting it again would not help. */
export type EngineLink = 'starting' | 'connected' | 'restarting' | 'refused';

export type ConnectionState = {
  readonly link: EngineLink;
  /** The client of the present connection; null while there is none. */
  readonly client: EngineClient | null;
  /** Counts connections, so that everything that listens starts again on a new one. */
  readonly generation: number;
  /** When the link took its present state, UTC milliseconds. */
  readonly since: number;
  /** Why the engine refuses to run. */
  readonly error: AppError | null;
};

/** The connection to the engine; everything that asks the engine starts here. */
export const useConnection = create<ConnectionState>(() => ({
  link: 'starting',
  client: null,
  generation: 0,
  since: Date.now(),
  error: null,
}));

/** A transport over the port that the shell handed over. */
export function portTransport(port: MessagePort): Transport {
  const closed: (() => void)[] = [];
  port.addEventListener('close', () => {
    for (const listener of closed) listener();
  });
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data));
      port.start();
    },
    onClose: (listener) => closed.push(listener),
  };
}

/**
 * Takes a port into use; the previous client, if any, is left to end by itself.
 *
 * The port may come while the engine is still starting: calls wait in it then, and only the engine's first word makes
 * the link `connected`.
 */
export function connectPort(port: MessagePort): void {
  const transport = portTransport(port);
  const client = createEngineClient(transport);
  transport.onClose(() => {
    const state = useConnection.getState();
    if (state.client === client && state.link !== 'refused') {
      useConnection.setState({ link: 'restarting', client: null, since: Date.now() });
    }
  });
  useConnection.setState((state) => ({ client, generation: state.generation + 1, error: null }));
  transport.onMessage(() => {
    const state = useConnection.getState();
    if (state.client !== client || state.link === 'connected') return;
    useConnection.setState({ link: 'connected', since: Date.now() });
  });
}

const PORT_KIND: typeof enginePortKind = 'engine-port';

/** Draws the window's view of the engine from what its supervisor says. */
export function followEngineState(state: EngineState): void {
  switch (state.state) {
    case 'refused':
      useConnection.setState({ link: 'refused', client: null, since: Date.now(), error: state.error });
      break;
    case 'restarting':
    case 'stopped':
      useConnection.setState({ link: 'restarting', client: null, since: Date.now() });
      break;
    case 'starting':
    case 'running':
      // The port that follows is what makes a connection.
      break;
  }
}

/** Listens for the engine's port and the desktop's news about the engine, and asks for a port. */
export function startConnection(): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    // Only the preload of this very window can post to it: it has no frames and opens no windows.
    const data = event.data;
    if (typeof data !== 'object' || data === null || !('kind' in data) || data.kind !== PORT_KIND) return;
    const port = event.ports[0];
    if (port) connectPort(port);
  });
  const desktop = shell();
  desktop?.onEngineState(followEngineState);
  // The port may have been sent before this script ran.
  void desktop?.requestEnginePort();
}
