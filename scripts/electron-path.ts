import { projectRoot } from './lib/paths.ts';
import { findRuntime, type Runtime } from './lib/runtime.ts';

/** How to start the app from its sources: what `playwright-core`'s `_electron.launch` and `spawn` want. */
export type ElectronLaunch = {
  readonly executablePath: string;
  readonly args: string[];
  readonly runtime: Runtime;
};

/**
 * The Electron executable and its arguments for the app in this checkout.
 *
 * @param extra arguments for the app, placed after its folder.
 * @throws Error with a hint when the preflight has not been run; that is a mistake of the caller's set-up.
 */
export function electronLaunch(extra: readonly string[] = []): ElectronLaunch {
  const runtime = findRuntime();
  if (runtime === undefined) {
    throw new Error('No Electron runtime was found. Run: node scripts/preflight/index.mjs start');
  }
  return { executablePath: runtime.executable, args: [...rootArguments(), projectRoot, ...extra], runtime };
}

/** Chromium refuses its sandbox to root; only then it is switched off. */
export function rootArguments(uid: number | undefined = process.getuid?.()): string[] {
  return uid === 0 ? ['--no-sandbox'] : [];
}
