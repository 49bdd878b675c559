import { createRequire } from 'node:module';
import { join } from 'node:path';
import { arch, platform } from 'node:process';
import { pathToFileURL } from 'node:url';
import { inProject } from '../lib/paths.ts';
import { done, failed, type Outcome, say } from './outcome.ts';
import { placeRuntime } from './place.ts';

/** An unreachable network must not be waited for: no answer within this time counts as unreachable. */
const firstByteMs = 8_000;
/** A download that has begun may be slow, but not silent. */
const silenceMs = 30_000;

/** The part of `@electron/get` that is used, as the `electron` package depends on it. */
type Downloader = {
  readonly downloadArtifact: (request: {
    readonly version: string;
    readonly artifactName: string;
    readonly platform: string;
    readonly arch: string;
    readonly checksums: Readonly<Record<string, string>>;
    readonly cacheRoot?: string;
    readonly downloadOptions: {
      readonly signal: AbortSignal;
      readonly quiet: boolean;
      readonly getProgressCallback: (progress: { readonly transferred: number }) => Promise<void>;
    };
  }) => Promise<string>;
};
type Extractor = { readonly extract: (zip: string, options: { readonly dir: string }) => Promise<void> };

/**
 * Downloads the official Electron with the `electron` package's own downloader, which honours its mirrors and cache
 * (ELECTRON_MIRROR, electron_config_cache) and checks the SHA-256 that the package carries.
 *
 * @param work an empty folder on the cache's file system.
 */
export async function downloadOfficial(version: string, work: string): Promise<Outcome> {
  const watchdog = new AbortController();
  let timer = setTimeout(() => watchdog.abort(new Error('no answer')), firstByteMs);
  let announced = false;
  try {
    const downloader: Downloader = await import(ownDependency('@electron/get'));
    const checksums: Record<string, string> = electronRequire('./checksums.json');
    const zip = await downloader.downloadArtifact({
      version,
      artifactName: 'electron',
      platform,
      arch,
      checksums,
      ...(process.env.electron_config_cache ? { cacheRoot: process.env.electron_config_cache } : {}),
      downloadOptions: {
        signal: watchdog.signal,
        quiet: true,
        getProgressCallback: async ({ transferred }) => {
          clearTimeout(timer);
          if (!announced && transferred > 0) {
            announced = true;
            say(`Downloading Electron ${version} (about 110 MB, once).`);
          }
          timer = setTimeout(() => watchdog.abort(new Error('the download fell silent')), silenceMs);
        },
      },
    });
    clearTimeout(timer);
    const extractor: Extractor = await import(ownDependency('@electron-internal/extract-zip'));
    const unpacked = join(work, 'electron');
    await extractor.extract(zip, { dir: unpacked });
    placeRuntime(unpacked, { source: 'official', electron: version, recipe: 0, betterSqlite3: null });
    say(`Electron ${version} is ready.`);
    return done;
  } catch (error) {
    return failed(reasonOf(error), 'Set ELECTRON_MIRROR to a reachable mirror of its releases.');
  } finally {
    clearTimeout(timer);
  }
}

/** The system's own words sit in the cause of a failed fetch. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error.cause instanceof Error ? error.cause : error;
  return inner.message || ('code' in inner ? String(inner.code) : inner.name);
}

const electronRequire = createRequire(inProject('node_modules', 'electron', 'package.json'));

/** Dependencies of `electron` are resolved from it, wherever npm put them. */
function ownDependency(name: string): string {
  return pathToFileURL(electronRequire.resolve(name)).href;
}
