/**
 * The door that every npm script of this project goes through.
 *
 * It runs on whatever Node the machine has, so it is plain JavaScript with nothing newer than Node 20. It checks that
 * Node in words, puts the pinned Node in place, lets it do the set-up that the mode needs, and then runs the script
 * that was named with it. npm runs no install scripts here (see .npmrc), and some versions of npm and some sites would
 * not let it, so nothing is assumed to have been done before.
 *
 * Usage: node scripts/preflight/index.mjs start|test|tour|dist|node [SCRIPT [ARGUMENT...]]
 *        `node` puts only the pinned Node in place.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, '..', '..', 'node_modules');
const windows = process.platform === 'win32';
const pinnedNode = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');

/**
 * @param {string} sentence what went wrong
 * @param {string} hint what to do about it
 */
function refuse(sentence, hint) {
  console.error(`preflight: ${sentence}`);
  console.error(`           ${hint}`);
  process.exit(1);
}

/** The version of Node that the lock file asks for, from the installed package. */
function wantedVersion() {
  const file = join(modules, 'node', 'package.json');
  if (!existsSync(file)) {
    refuse('The dependencies are not installed.', 'Run: npm ci');
  }
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

/**
 * Whether the pinned Node is really there and really runs.
 *
 * @param {string} wanted
 */
function pinnedNodeRuns(wanted) {
  if (!existsSync(pinnedNode)) return false;
  const answer = spawnSync(pinnedNode, ['--version'], { encoding: 'utf8' });
  return answer.status === 0 && answer.stdout.trim() === `v${wanted}`;
}

/**
 * Does what the `node` package's install script would do.
 *
 * @param {string} wanted
 */
function repairNode(wanted) {
  console.log(`preflight: Fetching Node ${wanted} from the npm registry (once).`);
  const folder = join(modules, 'node');
  const done = spawnSync(process.execPath, ['installArchSpecificPackage'], { cwd: folder, encoding: 'utf8' });
  if (!pinnedNodeRuns(wanted)) {
    const words = `${done.stdout ?? ''}${done.stderr ?? ''}`.trim().split('\n').slice(-3).join(' | ');
    refuse(
      `Node ${wanted} could not be put in place: ${words || 'the installer said nothing'}`,
      'Check that npm reaches its registry (npm ping), then run: npm ci',
    );
  }
}

/** npm leaves out the command's link when the file was missing at install time. */
function repairLink() {
  const link = join(modules, '.bin', 'node');
  if (windows || existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  try {
    unlinkSync(link);
  } catch {
    // There was no dangling link to remove.
  }
  symlinkSync(join('..', 'node', 'bin', 'node'), link);
}

/**
 * Hands over to the pinned Node, which enters by the same door, and passes its end on.
 *
 * @param {string} wanted
 */
function runPinned(wanted) {
  const self = fileURLToPath(import.meta.url);
  const child = spawn(pinnedNode, [self, ...process.argv.slice(2)], { stdio: 'inherit' });
  child.on('error', (error) =>
    refuse(`Node ${wanted} could not be started: ${error.message}`, 'Run: npm ci'),
  );
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 1;
    if (signal) process.kill(process.pid, signal);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
}

/** Does the set-up and then becomes the script that was named, in the same process. */
async function enter() {
  const [mode, script, ...rest] = process.argv.slice(2);
  if (mode !== 'node') {
    const { preflight } = await import('./run.ts');
    if (!(await preflight(mode ?? 'start'))) {
      process.exitCode = 1;
      return;
    }
  }
  if (script === undefined) return;
  const file = resolve(script);
  if (!existsSync(file)) refuse(`There is no script ${script}.`, 'See the "scripts" in package.json.');
  // Changed in place: `import { argv } from 'node:process'` sees the same array, but not a new one.
  process.argv.splice(1, process.argv.length, file, ...rest);
  await import(pathToFileURL(file).href);
}

const major = Number.parseInt(process.versions.node, 10);
if (major < 20) {
  refuse(
    `Node ${process.versions.node} is too old for this project's set-up.`,
    'Install Node 20 or newer (https://nodejs.org, or your distribution), then start again.',
  );
}
const wanted = wantedVersion();
if (process.versions.node === wanted) {
  await enter();
} else {
  if (!pinnedNodeRuns(wanted)) repairNode(wanted);
  repairLink();
  runPinned(wanted);
}
