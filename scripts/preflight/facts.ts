import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { arch, env, getuid, platform } from 'node:process';
import { resourcesIn } from '../lib/paths.ts';
import {
  installedVersion,
  type Runtime,
  type RuntimeSource,
  readRuntime,
  registryElectronVersion,
  registryRecipe,
} from '../lib/runtime.ts';
import { missingLibraries, parseOsRelease } from './libraries.ts';
import type { Command, Facts, Mode, RuntimeFacts } from './plan.ts';

/** Looks at the machine. Nothing here changes anything. */
export function gatherFacts(mode: Mode, officialFailure: string | undefined): Facts {
  const electronVersion = installedVersion('electron');
  const officialRuntime = electronVersion === undefined ? undefined : readRuntime(electronVersion);
  const registryRuntime = readRuntime(registryElectronVersion);
  const official = officialRuntime && runtimeFacts(officialRuntime);
  const registry =
    official === undefined && registryRuntime?.recipe === registryRecipe
      ? runtimeFacts(registryRuntime)
      : undefined;
  const folder = (officialRuntime ?? registryRuntime)?.folder;
  const chromeSandbox = folder === undefined ? '' : join(folder, 'chrome-sandbox');
  return {
    mode,
    platform,
    arch,
    root: getuid?.() === 0,
    distribution: parseOsRelease(readIfThere('/etc/os-release')),
    electronVersion,
    forced: forcedRuntime(env.HMTT_RUNTIME),
    official,
    registry,
    officialFailure,
    sandboxWorks: sandboxWorks(chromeSandbox),
    chromeSandbox,
    hasDisplay: Boolean(env.DISPLAY || env.WAYLAND_DISPLAY),
    // Asked for only where the answer matters: fc-list reads every font.
    hasChineseFont: mode === 'tour' ? hasChineseFont() : true,
    commands: {
      Xvfb: onPath('Xvfb'),
      'g++': onPath('g++'),
      make: onPath('make'),
      python3: onPath('python3'),
      fakeroot: onPath('fakeroot'),
      'dpkg-deb': onPath('dpkg-deb'),
      'apt-get': onPath('apt-get'),
    } satisfies Record<Command, boolean>,
  };
}

/** Reads HMTT_RUNTIME; an unknown word counts as not set. */
function forcedRuntime(word: string | undefined): RuntimeSource | undefined {
  return word === 'official' || word === 'registry' ? word : undefined;
}

function runtimeFacts(runtime: Runtime): RuntimeFacts {
  const native = join(resourcesIn(runtime.folder), 'better_sqlite3.node');
  return {
    source: runtime.source,
    version: runtime.electron,
    nativeReady:
      runtime.source === 'official' ||
      (runtime.betterSqlite3 === installedVersion('better-sqlite3') && existsSync(native)),
    missingLibraries: platform === 'linux' ? missingLibraries(ldd(runtime.executable)) : [],
  };
}

function ldd(file: string): string {
  return spawnSync('ldd', [file], { encoding: 'utf8' }).stdout ?? '';
}

function onPath(command: string): boolean {
  return (env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function hasChineseFont(): boolean {
  return (spawnSync('fc-list', [':lang=zh-cn', 'family'], { encoding: 'utf8' }).stdout ?? '').trim() !== '';
}

/**
 * Chromium isolates its processes with user namespaces, or with a helper that belongs to root and carries the
 * set-user-id bit. Where a system restricts the first and nobody set up the second, Electron aborts at start.
 */
function sandboxWorks(helper: string): boolean {
  if (platform !== 'linux' || getuid?.() === 0) return true;
  const stat = helper === '' ? undefined : statSync(helper, { throwIfNoEntry: false });
  if (stat && stat.uid === 0 && (stat.mode & 0o4000) !== 0) return true;
  const allowed = (file: string, bad: string): boolean => readIfThere(file).trim() !== bad;
  return (
    allowed('/proc/sys/kernel/unprivileged_userns_clone', '0') &&
    allowed('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1') &&
    allowed('/proc/sys/user/max_user_namespaces', '0')
  );
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
