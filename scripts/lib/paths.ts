import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder, found from this file so that scripts work from any working directory. */
export const projectRoot: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** A path inside the project. */
export function inProject(...parts: readonly string[]): string {
  return join(projectRoot, ...parts);
}

/** What the cache folder depends on; a parameter so that tests need not touch the real environment. */
export type CacheFacts = {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
};

/**
 * The folder that holds Electron runtimes between installs, outside `node_modules` so that `npm ci` keeps it.
 *
 * Follows the XDG base directory specification on Linux and the platforms' own customs elsewhere.
 */
export function cacheFolder(
  facts: CacheFacts = { platform: process.platform, env: process.env, home: homedir() },
): string {
  const { platform, env, home } = facts;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'hmtt-console');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'hmtt-console');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'hmtt-console');
  return join(home, '.cache', 'hmtt-console');
}

/** The executable inside an unpacked Electron runtime folder. */
export function executableIn(runtimeFolder: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return join(runtimeFolder, 'Electron.app', 'Contents', 'MacOS', 'Electron');
  return join(runtimeFolder, platform === 'win32' ? 'electron.exe' : 'electron');
}

/** The `resources` folder inside an unpacked Electron runtime folder. */
export function resourcesIn(runtimeFolder: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return join(runtimeFolder, 'Electron.app', 'Contents', 'Resources');
  return join(runtimeFolder, 'resources');
}
