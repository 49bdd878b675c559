import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { inProject } from './paths.ts';

/** Where files are prepared that the packages take in besides the app. */
export const stageFolder: string = inProject('release', 'stage');

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), license: z.string().optional(), dev: z.boolean().optional() }),
  ),
});

/** Prepares everything anew, so that nothing of an earlier build gets in. */
export function stage(): void {
  rmSync(stageFolder, { recursive: true, force: true });
  stageCli(join(stageFolder, 'cli'));
  writeFileSync(join(stageFolder, 'THIRD-PARTY-LICENSES.txt'), licences());
}

/**
 * The engine outside the archive, for the `hmtt` command: a plain Node cannot read an asar file. It gets its own
 * copy of the database with the binary for this platform.
 */
function stageCli(folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(inProject('dist', 'engine'), join(folder, 'dist', 'engine'), {
    recursive: true,
    filter: (source) => !source.endsWith('.sources'),
  });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name: 'hmtt', type: 'module' })}\n`);
  const from = inProject('node_modules', 'better-sqlite3');
  const to = join(folder, 'node_modules', 'better-sqlite3');
  for (const part of ['package.json', 'LICENSE', 'lib'])
    cpSync(join(from, part), join(to, part), { recursive: true });
  const binary = `${process.platform}-${process.arch}.node`;
  cpSync(join(from, 'prebuilds', binary), join(to, 'prebuilds', binary));
}

/** The licence texts of all libraries that the bundles may contain, as the lock file lists them. */
function licences(): string {
  const lock = lockSchema.parse(JSON.parse(readFileSync(inProject('package-lock.json'), 'utf8')));
  const parts: string[] = [];
  for (const [path, { version, license, dev }] of Object.entries(lock.packages)) {
    const shipped = path === 'node_modules/node' || dev !== true;
    if (path === '' || !shipped || !existsSync(inProject(path))) continue;
    const file = readdirSync(inProject(path)).find((name) => /^licen[cs]e/i.test(name));
    const text = file === undefined ? '' : readFileSync(inProject(path, file), 'utf8').trim();
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    parts.push(`${name} ${version ?? ''} (${license ?? 'see below'})\n\n${text}`);
  }
  return `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
