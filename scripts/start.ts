/**
 * `npm start`: builds what is stale, then runs the app and hands on its arguments and its exit code.
 *
 * Without a display it runs on a virtual one, which is what CI and a first try over ssh need.
 */
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { argv, env, execPath } from 'node:process';
import { electronLaunch } from './electron-path.ts';
import { hasDisplay, openVirtualDisplay, type VirtualDisplay } from './lib/display.ts';
import { inProject, projectRoot } from './lib/paths.ts';

const build = spawnSync(execPath, [inProject('scripts', 'build.ts')], { cwd: projectRoot, stdio: 'inherit' });
process.exitCode = build.status === 0 ? await start() : (build.status ?? 1);

/** Runs the app to its end; a signal's exit code is 128 + its number, as shells have it. */
async function start(): Promise<number> {
  let display: VirtualDisplay | undefined;
  try {
    const { executablePath, args } = electronLaunch(argv.slice(2));
    // Chromium's own complaints (no D-Bus, no GPU) would bury the words that matter; the app's are not affected.
    args.unshift('--log-level=3');
    display = hasDisplay() ? undefined : await openVirtualDisplay();
    if (display) console.log(`start: there is no display, so the window opens on a virtual one.`);
    return await run(executablePath, args, { ...env, ...display?.env });
  } catch (error) {
    console.error(`start: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await display?.close();
  }
}

function run(command: string, args: readonly string[], variables: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: projectRoot, stdio: 'inherit', env: variables });
    child.on('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.on('exit', (code, signal) => {
      if (signal) console.error(`start: the app was ended by ${signal}.`);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => child.kill(signal));
    }
  });
}
