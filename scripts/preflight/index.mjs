/**
 * The preflight's door. It runs on whatever Node the machine has, so it is plain JavaScript with nothing newer than
 * Node 20, checks that Node in words, puts the pinned Node 24 in place and hands over to `run.ts`, which that Node
 * runs directly.
 *
 * Usage: node scripts/preflight/index.mjs [start|test|tour|dist]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
 * Does what the `node` package's install script does. It is missing when npm was told to run no scripts, which some
 * sites do by policy.
 *
 * @param {string} wanted
 */
function repairNode(wanted) {
  console.log(
    `preflight: Fetching Node ${wanted} from the npm registry, its install script has not been run.`,
  );
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

const major = Number.parseInt(process.versions.node, 10);
if (major < 20) {
  refuse(
    `Node ${process.versions.node} is too old for this project's set-up.`,
    'Install Node 20 or newer (https://nodejs.org, or your distribution), then start again.',
  );
}
const wanted = wantedVersion();
if (process.versions.node === wanted) {
  await import('./run.ts');
} else {
  if (!pinnedNodeRuns(wanted)) repairNode(wanted);
  repairLink();
  const run = spawnSync(pinnedNode, [join(here, 'run.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
  if (run.error) refuse(`Node ${wanted} could not be started: ${run.error.message}`, 'Run: npm ci');
  process.exitCode = run.status ?? 1;
}
