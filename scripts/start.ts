/**
 * `npm start`: builds what is stale, then runs the app and hands on its arguments and its exit code.
 *
 * Without a display it runs on a virtual one, which is what tests, CI and a first try over ssh need.
 */
import { spawn, spawnSync } from 'node:child_process';
import { argv, env, execPath, platform } from 'node:process';
import { electronLaunch } from './electron-path.ts';
import { inProject, projectRoot } from './lib/paths.ts';

const build = spawnSync(execPath, [inProject('scripts', 'build.ts')], { cwd: projectRoot, stdio: 'inherit' });
if (build.status === 0) start();
else process.exitCode = build.status ?? 1;

/** Starts Electron and stays until it ends. */
function start(): void {
  const { executablePath, args } = electronLaunch(argv.slice(2));
  const headless = platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY;
  const [command, all] = headless
    ? (['xvfb-run', ['-a', executablePath, ...args]] as const)
    : ([executablePath, args] as const);
  const child = spawn(command, all, { cwd: projectRoot, stdio: 'inherit' });
  child.on('error', (error) => {
    console.error(`start: ${command} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal) console.error(`start: the app was ended by ${signal}`);
    process.exitCode = code ?? 1;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill(signal));
  }
}
