import type { EngineState, enginePortKind } from '#shared/contract/shell.ts';
import { shell } from './shell.ts';

/**
 * Asks for the port to the engine before the interface itself is loaded: the way to Electron main and back then runs
 * beside the loading instead of after it. This file must stay tiny and import nothing that is not.
 */

const PORT_KIND: typeof enginePortKind = 'engine-port';

let listener: ((port: MessagePort) => void) | null = null;
let waiting: MessagePort | null = null;
let stateListener: ((state: EngineState) => void) | null = null;
let lastState: EngineState | null = null;

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  // Only the preload of this very window can post to it: it has no frames and opens no windows.
  const data = event.data;
  if (typeof data !== 'object' || data === null || !('kind' in data) || data.kind !== PORT_KIND) return;
  const port = event.ports[0];
  if (!port) return;
  if (listener) listener(port);
  else waiting = port;
});
const tell = (state: EngineState): void => {
  lastState = state;
  stateListener?.(state);
};
shell()?.onEngineState(tell);
void shell()?.requestEnginePort();

/** An engine that refused its folder before this page could listen is asked about after this long, milliseconds. */
const SILENCE_MS = 1_000;
setTimeout(async () => {
  if (lastState !== null) return;
  const environment = await shell()?.getEnvironment();
  if (environment?.ok && lastState === null) tell(environment.value.engine);
}, SILENCE_MS);

/** Hears every port from now on, and the one that has come already. */
export function onEnginePort(next: (port: MessagePort) => void): void {
  listener = next;
  if (waiting) next(waiting);
  waiting = null;
}

/** Hears the engine's state from now on, and the last one that was told. */
export function onEngineState(next: (state: EngineState) => void): void {
  stateListener = next;
  if (lastState) next(lastState);
}
