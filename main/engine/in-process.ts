import type { Transport } from '#shared/contract/client.ts';
import type { ServerTransport } from './hub.ts';

/** Two ends of a way inside one process: one for the hub, one for a client. Messages are delivered in later microtasks. */
export function inProcessPair(): {
  readonly server: ServerTransport;
  readonly client: Transport;
  readonly close: () => void;
} {
  let toServer: (message: unknown) => void = () => undefined;
  let toClient: (message: unknown) => void = () => undefined;
  const closed: (() => void)[] = [];
  return {
    server: {
      send: (message) => queueMicrotask(() => toClient(message)),
      onMessage: (listener) => {
        toServer = listener;
      },
      onClose: (listener) => closed.push(listener),
    },
    client: {
      send: (message) => queueMicrotask(() => toServer(message)),
      onMessage: (listener) => {
        toClient = listener;
      },
      onClose: (listener) => closed.push(listener),
    },
    close: () => {
      for (const listener of closed) listener();
    },
  };
}
