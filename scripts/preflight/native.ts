import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { arch, env, execPath, platform } from 'node:process';
import { lastWords, runNpm, runQuietly } from '../lib/command.ts';
import { inProject, resourcesIn } from '../lib/paths.ts';
import { installedVersion, readRuntime, registryElectronVersion } from '../lib/runtime.ts';
import { done, failed, type Outcome, say } from './outcome.ts';
import { writeRecord } from './place.ts';

/**
 * Compiler switches with which better-sqlite3 13 builds for Node-API 9.
 *
 * Its sources ask for version 10, whose additions Node 20 has as experimental; the experimental level also turns on
 * two stricter rules that the sources do not follow, hence the two opt-outs.
 */
const flags = [
  '-UNAPI_VERSION',
  '-DNAPI_EXPERIMENTAL',
  '-DNODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT',
  '-DNODE_API_EXPERIMENTAL_BASIC_ENV_OPT_OUT',
  '-DNAPI_VERSION=2147483647',
].join(' ');

/**
 * Compiles better-sqlite3 for the registry runtime and puts it into the runtime's `resources` folder.
 *
 * It is built in a copy: a `build/` folder in `node_modules` would be preferred by better-sqlite3 over the prebuilt
 * binary that Node 24 and the official Electron must load.
 *
 * @param work an empty folder on the cache's file system.
 */
export async function buildNative(work: string): Promise<Outcome> {
  const runtime = readRuntime(registryElectronVersion);
  const version = installedVersion('better-sqlite3');
  if (runtime === undefined || version === undefined) {
    return failed('There is no runtime to build the database for.', 'Run: npm ci');
  }
  say(`Compiling better-sqlite3 ${version} for Electron ${runtime.electron} (about a minute, once).`);
  const headers = await nodeHeaders(work);
  if (headers === undefined) {
    return failed(
      'The C++ headers of Node could not be fetched from the npm registry.',
      'Check that npm reaches its registry (npm ping), then start again.',
    );
  }
  const sources = join(work, 'better-sqlite3');
  cpSync(inProject('node_modules', 'better-sqlite3'), sources, { recursive: true });
  mkdirSync(join(work, 'node_modules'));
  symlinkSync(inProject('node_modules', 'node-addon-api'), join(work, 'node_modules', 'node-addon-api'));
  const build = await runQuietly(
    execPath,
    [
      inProject('node_modules', 'node-gyp', 'bin', 'node-gyp.js'),
      'rebuild',
      '--release',
      '--force_build=1',
      `--jobs=${availableParallelism()}`,
      `--nodedir=${headers}`,
    ],
    { cwd: sources, env: { ...withoutNpmSettings(env), CXXFLAGS: flags } },
  );
  const product = join(sources, 'build', 'Release', 'better_sqlite3.node');
  if (build.code !== 0 || !existsSync(product)) {
    return failed(
      `better-sqlite3 could not be compiled: ${lastWords(build.output)}`,
      'It needs g++ 10 or newer, make and python3, and 500 MB of free disk.',
    );
  }
  const test = await runQuietly(runtime.executable, ['-e', loadTest], {
    env: { ...env, ELECTRON_RUN_AS_NODE: '1', HMTT_PACKAGE: sources, HMTT_BINDING: product },
  });
  if (test.code !== 0) {
    return failed(
      `The compiled database does not load in Electron ${runtime.electron}: ${lastWords(test.output)}`,
      'Remove the cache folder and start again; report it if it stays.',
    );
  }
  renameSync(product, join(resourcesIn(runtime.folder), 'better_sqlite3.node'));
  const { source, electron, recipe } = runtime;
  writeRecord(runtime.folder, { source, electron, recipe, betterSqlite3: version });
  say(`Electron ${electron} from the registry is ready. It is end-of-life: for development and tests only.`);
  return done;
}

/** Opens a database with the new binary; run inside the runtime's own Node. */
const loadTest =
  "const D = require(process.env.HMTT_PACKAGE); new D(':memory:', { nativeBinding: process.env.HMTT_BINDING }).prepare('select 1').get();";

/**
 * The folder with `include/node`, from the platform package of the pinned Node.
 *
 * npm drops that package when it next tidies `node_modules`; then it is fetched again.
 */
async function nodeHeaders(work: string): Promise<string | undefined> {
  const name = `node-${platform}-${arch}`;
  const has = (folder: string): boolean => existsSync(join(folder, 'include', 'node', 'node_api.h'));
  const installed = inProject('node_modules', 'node', 'node_modules', name);
  if (has(installed)) return installed;
  const pack = await runNpm(['pack', `${name}@${installedVersion('node')}`, '--pack-destination', work]);
  const tarball = readdirSync(work).find((file) => file.endsWith('.tgz'));
  if (pack.code !== 0 || tarball === undefined) return undefined;
  await runQuietly('tar', ['-xzf', join(work, tarball), '-C', work]);
  const unpacked = join(work, 'package');
  return has(unpacked) ? unpacked : undefined;
}

/** npm hands its settings down as variables, and node-gyp prefers those to its own arguments. */
function withoutNpmSettings(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => !/^npm_(config|package)_/i.test(name)),
  );
}
