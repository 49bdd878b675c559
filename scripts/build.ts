/**
 * Bundles the app into `dist/`: `main/`, `preload/`, `engine/` and `renderer/`.
 *
 * A part is skipped when its sources are unchanged. Each is built beside its place and moved there when complete,
 * so that a stopped build never leaves half a part behind.
 *
 * `--tolerant` skips parts whose entry files are not there, for work on one side of the app alone.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { argv, pid } from 'node:process';
import { type BuildPart, buildParts, commonInputs } from './lib/build-parts.ts';
import { inProject, projectRoot } from './lib/paths.ts';
import { hashInputs } from './lib/stamp.ts';

const tolerant = argv.includes('--tolerant');
let failed = false;

for (const part of buildParts) {
  const key = hashInputs(projectRoot, [...commonInputs, ...part.inputs]);
  if (isFresh(part, key)) continue;
  const missing = part.entries.filter((entry) => !existsSync(inProject(entry)));
  if (missing.length > 0) {
    console.log(`build: ${part.name} cannot be built, ${missing.join(' and ')} not found`);
    failed ||= !tolerant;
    continue;
  }
  const started = performance.now();
  if (await buildPart(part, key)) {
    console.log(`build: ${part.name} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  } else {
    failed = true;
  }
}
process.exitCode = failed ? 1 : 0;

/** Whether `dist/` holds this part, made from exactly these sources. */
function isFresh(part: BuildPart, key: string): boolean {
  const stamp = inProject('dist', part.name, '.sources');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== key) return false;
  return part.products.every((product) => existsSync(inProject('dist', part.name, product)));
}

/** Builds one part; on failure prints the bundler's words and keeps the previous result. */
async function buildPart(part: BuildPart, key: string): Promise<boolean> {
  const place = inProject('dist', part.name);
  const beside = inProject('dist', `.${part.name}-${pid}`);
  mkdirSync(beside, { recursive: true });
  try {
    // Loaded late: an unchanged app must not pay for the bundler at every start.
    const [{ build }, { partConfigs }] = await Promise.all([import('vite'), import('./lib/build-config.ts')]);
    for (const config of partConfigs(part.name, beside)) await build(config);
    writeFileSync(`${beside}/.sources`, key);
    rmSync(place, { recursive: true, force: true });
    renameSync(beside, place);
    return true;
  } catch (error) {
    console.error(`build: ${part.name} failed: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}
