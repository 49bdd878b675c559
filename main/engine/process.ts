import { parseArgs } from 'node:util';
import { type EngineProcessMessage, supervisorMessageSchema } from '#shared/contract/supervision.ts';
import type { ServerTransport } from './hub.ts';
import { type Engine, startEngine } from './index.ts';

/**
 * The site engine as a utility process of Electron. It imports no Electron module: all it needs of it is the parent
 * port that Electron puts on `process`.
 */
type MessagePortMain = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
};
type ParentPort = {
  postMessage(message: EngineProcessMessage): void;
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly MessagePortMain[] }) => void,
  ): void;
};

const ALIVE_EVERY_MS = 2_000;
/** The window's first questions come within this time of the engine's start, milliseconds. */
const FIRST_SCREEN_MS = 500;

function portTransport(port: MessagePortMain): ServerTransport {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', (event) => listener(event.data));
      port.start();
    },
    onClose: (listener) => port.on('close', listener),
  };
}

async function main(parent: ParentPort): Promise<void> {
  const { values } = parseArgs({
    options: { data: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  });
  const waiting: MessagePortMain[] = [];
  let engine: Engine | null = null;

  parent.on('message', (event) => {
    const parsed = supervisorMessageSchema.safeParse(event.data);
    if (!parsed.success) return;
    if (parsed.data.kind === 'connect') {
      const port = event.ports[0];
      if (!port) return;
      // Clients that come before the engine stands wait for it; their calls queue in the port.
      if (engine) engine.hub.attach(portTransport(port), 'window');
      else waiting.push(port);
    } else if (parsed.data.kind === 'keyStore') {
      const { key } = parsed.data;
      engine?.offerKeyStore(key === null ? null : Buffer.from(key, 'base64'));
    } else {
      void stop();
    }
  });
  const stop = async (): Promise<void> => {
    await engine?.close();
    process.exit(0);
  };

  const started = await startEngine({
    dir: String(values.data ?? ''),
    watching: true,
    firstScreenMs: FIRST_SCREEN_MS,
  });
  if (!started.ok) {
    parent.postMessage({ kind: 'refused', error: started.error });
    // The message must leave the process before it ends.
    setTimeout(() => process.exit(4), 200);
    return;
  }
  engine = started.value;
  for (const port of waiting) engine.hub.attach(portTransport(port), 'window');
  setInterval(() => parent.postMessage({ kind: 'alive' }), ALIVE_EVERY_MS);
  parent.postMessage({ kind: 'ready', pid: process.pid });
}

const parentPort = (process as { readonly parentPort?: ParentPort }).parentPort;
if (!parentPort) throw new Error('process.ts runs only as a utility process of Electron');
void main(parentPort);
