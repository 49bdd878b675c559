import { ipcRenderer } from 'electron';
import type {
  PolicyViolation,
  ShellEvent,
  ShellEventName,
  ShellInput,
  ShellOutput,
  ShellRequestName,
} from '#shared/contract/shell.ts';
import {
  enginePortKind,
  shellChannel,
  shellEventChannel,
  violationChannel,
} from '#shared/contract/shell-channels.ts';
import type { Result } from '#shared/errors/result.ts';

/** The only file of the preload that touches `ipcRenderer`; every channel name is fixed here. */

/** Calls one method of Electron main. Rejects when the call is refused there. */
export function invoke<N extends ShellRequestName>(
  name: N,
  input: ShellInput<N>,
): Promise<Result<ShellOutput<N>>> {
  return ipcRenderer.invoke(shellChannel, name, input);
}

/** Hears one event until the returned function is called. The page never sees Electron's event object. */
export function subscribe<N extends ShellEventName>(
  name: N,
  listener: (value: ShellEvent<N>) => void,
): () => void {
  const hear = (_event: unknown, value: ShellEvent<N>): void => listener(value);
  ipcRenderer.on(shellEventChannel(name), hear);
  return () => {
    ipcRenderer.removeListener(shellEventChannel(name), hear);
  };
}

/** Hands MessagePorts to the engine on to the page's own world, which cannot get them through the context bridge. */
export function forwardEnginePorts(): void {
  ipcRenderer.on(enginePortKind, (event) => {
    window.postMessage({ kind: enginePortKind }, window.location.origin, [...event.ports]);
  });
}

/** Tells Electron main what the page's policy stopped, so that it is in the log. */
export function reportViolations(): void {
  window.addEventListener('securitypolicyviolation', (event) => {
    const violation: PolicyViolation = {
      directive: event.effectiveDirective.slice(0, 100),
      blocked: event.blockedURI.slice(0, 500),
      source: event.sourceFile.slice(0, 500),
    };
    ipcRenderer.send(violationChannel, violation);
  });
}
