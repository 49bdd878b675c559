import { create } from 'zustand';
import { createEngineClient, type EngineClient, type Transport } from '#shared/contract/client.ts';
import type { EngineState } from '#shared/contract/shell.ts';
import type { AppError } from '#shared/errors/index.ts';

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
function portTransport(port: MessagePort): Transport {
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

/** The port in use. */
let current: MessagePort | null = null;

/**
 * Takes a port into use; a previous one is closed, so that the engine serves one client and not two.
 *
 * The port may come while the engine is still starting: calls wait in it then, and only the engine's first word makes
 * the link `connected`, and voids the reason of a refusal: a port of the engine that refused may come after its reason.
 */
export function connectPort(port: MessagePort): void {
  current?.close();
  current = port;
  const transport = portTransport(port);
  const client = createEngineClient(transport);
  transport.onClose(() => {
    const state = useConnection.getState();
    if (state.client === client && state.link !== 'refused') {
      useConnection.setState({ link: 'restarting', client: null, since: Date.now() });
    }
  });
  useConnection.setState((state) => ({ client, generation: state.generation + 1 }));
  transport.onMessage(() => {
    const state = useConnection.getState();
    if (state.client !== client || state.link === 'connected') return;
    useConnection.setState({ link: 'connected', since: Date.now(), error: null });
  });
}

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

/**
 * Takes the engine's ports into use, and follows the desktop's news about the engine.
 *
 * @param desktop hears every port that the desktop hands over, and every state of the engine, from the first on
 */
export function startConnection(desktop: {
  readonly onEnginePort: (listener: (port: MessagePort) => void) => void;
  readonly onEngineState: (listener: (state: EngineState) => void) => void;
}): void {
  desktop.onEngineState(followEngineState);
  desktop.onEnginePort(connectPort);
}
