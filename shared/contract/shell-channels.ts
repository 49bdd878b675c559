import type { ShellEventName } from './shell.ts';

/**
 * The names under which shell messages travel, apart from their schemas: the preload needs the names alone, and a
 * validator in every page load would only slow it down.
 */

/** Every request: method name and input. */
export const shellChannel = 'hmtt-shell';

/** What the page's policy stopped, one way. */
export const violationChannel = 'hmtt-violation';

/** Brings a MessagePort to the engine; the preload hands it on to the page as a window message of the same kind. */
export const enginePortKind = 'engine-port';

/** One event to the page. */
export function shellEventChannel(name: ShellEventName): string {
  return `hmtt-event-${name}`;
}
