import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** How long the session bus may take to answer. */
const ASK_MS = 2_000;

/**
 * Whether this desktop shows tray icons. Windows and macOS always do. A Linux desktop does when somebody owns the
 * StatusNotifierWatcher name on the session bus; without one an icon would be made and never be seen, and a window
 * hidden behind it would be lost.
 */
export function findTray(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (platform !== 'linux') return Promise.resolve(true);
  // Asking without a bus would start one, which nobody would end.
  const runtime = env.XDG_RUNTIME_DIR;
  const hasBus =
    Boolean(env.DBUS_SESSION_BUS_ADDRESS) || (runtime !== undefined && existsSync(join(runtime, 'bus')));
  if (!hasBus) return Promise.resolve(false);
  const question = [
    '--session',
    '--print-reply',
    '--dest=org.freedesktop.DBus',
    '/org/freedesktop/DBus',
    'org.freedesktop.DBus.NameHasOwner',
    'string:org.kde.StatusNotifierWatcher',
  ];
  return new Promise((resolve) => {
    execFile('dbus-send', question, { timeout: ASK_MS, env }, (failed, output) => {
      resolve(failed === null && /boolean true/.test(output));
    });
  });
}
