import type { RuntimeSource } from '../lib/runtime.ts';
import { type Distribution, isDebianLike, packagesFor } from './libraries.ts';

/** What the set-up is for. `tour` writes pictures with Chinese text, `dist` makes installers. */
export type Mode = 'start' | 'test' | 'tour' | 'dist';

/** The modes by name, for reading the command line. */
export const modes: readonly Mode[] = ['start', 'test', 'tour', 'dist'];

/** The state of one Electron runtime in the cache. */
export type RuntimeFacts = {
  readonly source: RuntimeSource;
  readonly version: string;
  /** For the registry runtime: the compiled database matches the installed better-sqlite3. */
  readonly nativeReady: boolean;
  /** Shared libraries that the system's loader does not find. */
  readonly missingLibraries: readonly string[];
};

/** Everything the plan depends on. */
export type Facts = {
  readonly mode: Mode;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly root: boolean;
  readonly distribution: Distribution;
  /** Version of the installed `electron` package; undefined when `npm ci` has not run. */
  readonly electronVersion: string | undefined;
  /** HMTT_RUNTIME: takes this runtime and no other. */
  readonly forced: RuntimeSource | undefined;
  readonly official: RuntimeFacts | undefined;
  readonly registry: RuntimeFacts | undefined;
  /** Why the official download failed in this run; undefined when it was not tried. */
  readonly officialFailure: string | undefined;
  /** Whether Chromium can isolate its processes for this user (always true for root, who runs without). */
  readonly sandboxWorks: boolean;
  readonly chromeSandbox: string;
  readonly hasDisplay: boolean;
  readonly hasChineseFont: boolean;
  /** Commands looked for, and whether they are there. */
  readonly commands: Readonly<Record<Command, boolean>>;
};

/** The commands whose presence decides something. */
export type Command = 'Xvfb' | 'g++' | 'make' | 'python3' | 'fakeroot' | 'dpkg-deb' | 'apt-get';

/** One thing to do, after which the facts are gathered anew. */
export type Step =
  | { readonly kind: 'download-official'; readonly version: string }
  | { readonly kind: 'make-registry' }
  | { readonly kind: 'build-native' }
  | { readonly kind: 'install-packages'; readonly packages: readonly string[]; readonly why: string }
  | { readonly kind: 'refuse'; readonly sentence: string; readonly hint: string };

/**
 * The next thing to do, or undefined when everything is in place.
 *
 * The runner does it, looks again and asks again, so each rule sees only what is true at that moment.
 */
export function nextStep(facts: Facts): Step | undefined {
  if (facts.electronVersion === undefined) {
    return { kind: 'refuse', sentence: 'The dependencies are not installed.', hint: 'Run: npm ci' };
  }
  const chosen = chooseRuntime(facts, facts.electronVersion);
  if ('kind' in chosen) return chosen;
  return librariesStep(facts, chosen) ?? nativeStep(facts, chosen) ?? displayStep(facts) ?? modeStep(facts);
}

/** The runtime that will be started, or the step that gets one. */
function chooseRuntime(facts: Facts, electronVersion: string): RuntimeFacts | Step {
  const { official, registry, forced, officialFailure } = facts;
  if (official && forced !== 'registry') return official;
  // What is built for release must get its chance of the official runtime each time; a start need not.
  const settled = facts.mode !== 'dist' || officialFailure !== undefined;
  if (registry && forced !== 'official' && (settled || forced === 'registry')) return registry;
  if (officialFailure === undefined && forced !== 'registry') {
    return { kind: 'download-official', version: electronVersion };
  }
  if (forced === 'official') {
    return {
      kind: 'refuse',
      sentence: `Electron ${electronVersion} could not be downloaded: ${officialFailure}`,
      hint: 'Set ELECTRON_MIRROR to a mirror of its releases, or unset HMTT_RUNTIME.',
    };
  }
  if (facts.platform !== 'linux' || facts.arch !== 'x64') {
    return {
      kind: 'refuse',
      sentence: `Electron ${electronVersion} could not be downloaded: ${officialFailure ?? 'not tried'}`,
      hint: `There is no registry runtime for ${facts.platform} ${facts.arch}. Set ELECTRON_MIRROR to a reachable mirror.`,
    };
  }
  return { kind: 'make-registry' };
}

function librariesStep(facts: Facts, runtime: RuntimeFacts): Step | undefined {
  if (facts.platform !== 'linux') return undefined;
  if (runtime.missingLibraries.length > 0) {
    const { packages, unknown } = packagesFor(runtime.missingLibraries, facts.distribution);
    if (unknown.length > 0 || !isDebianLike(facts.distribution)) {
      return {
        kind: 'refuse',
        sentence: `Electron needs shared libraries that are not installed: ${runtime.missingLibraries.join(', ')}`,
        hint: 'Install the packages of this system that bring them, then start again.',
      };
    }
    return install(facts, packages, 'shared libraries that Electron needs');
  }
  if (!facts.sandboxWorks) {
    return {
      kind: 'refuse',
      sentence: 'This system does not let Electron isolate its windows (user namespaces are restricted).',
      hint: `Run once: sudo chown root:root '${facts.chromeSandbox}' && sudo chmod 4755 '${facts.chromeSandbox}'`,
    };
  }
  return undefined;
}

function nativeStep(facts: Facts, runtime: RuntimeFacts): Step | undefined {
  if (runtime.nativeReady) return undefined;
  const tools = ['g++', 'make', 'python3'] as const;
  const missing = tools.filter((tool) => !facts.commands[tool]);
  if (missing.length > 0) return install(facts, missing, 'tools that compile the database for this runtime');
  return { kind: 'build-native' };
}

function displayStep(facts: Facts): Step | undefined {
  if (facts.platform !== 'linux' || facts.commands.Xvfb) return undefined;
  // Tests and pictures never open windows on the person's own display.
  if (facts.hasDisplay && facts.mode !== 'test' && facts.mode !== 'tour') return undefined;
  return install(facts, ['xvfb'], 'a virtual display');
}

function modeStep(facts: Facts): Step | undefined {
  if (facts.platform !== 'linux') return undefined;
  if (facts.mode === 'tour' && !facts.hasChineseFont) {
    return install(facts, ['fonts-noto-cjk'], 'a font for the Chinese pictures');
  }
  if (facts.mode === 'dist') {
    const packages = new Map<Command, string>([
      ['fakeroot', 'fakeroot'],
      ['dpkg-deb', 'dpkg'],
    ]);
    const missing = [...packages].filter(([command]) => !facts.commands[command]).map(([, name]) => name);
    if (missing.length > 0) return install(facts, missing, 'tools that make the packages');
  }
  return undefined;
}

/** Installs as root on Debian and its kin; anyone else gets the exact command. */
function install(facts: Facts, packages: readonly string[], why: string): Step {
  if (isDebianLike(facts.distribution) && facts.commands['apt-get']) {
    if (facts.root) return { kind: 'install-packages', packages, why };
    return {
      kind: 'refuse',
      sentence: `Missing: ${why}.`,
      hint: `Run: sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`,
    };
  }
  return {
    kind: 'refuse',
    sentence: `Missing: ${why}.`,
    hint: `Install what this system calls ${packages.join(' ')} (Debian's names), then start again.`,
  };
}
