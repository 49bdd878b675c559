import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inProject } from '../../scripts/lib/paths.ts';
import { benchIngest } from './logs/ingest.ts';
import { benchMemory } from './logs/memory.ts';
import { benchSize } from './logs/size.ts';
import { benchTail } from './logs/tail.ts';

type Part = () => Promise<void>;

/** The parts in the order in which they run. Those in files of their own name are loaded when they are asked for. */
const PARTS: Readonly<Record<string, Part>> = {
  ingest: benchIngest,
  size: benchSize,
  search: () => other('search'),
  regex: () => other('regex'),
  tail: benchTail,
  memory: benchMemory,
};

/** Runs `logs/NAME.ts`, which exports `run`. */
async function other(name: string): Promise<void> {
  const file = new URL(`./logs/${name}.ts`, import.meta.url);
  if (!existsSync(file)) throw new Error(`${name} is not here`);
  await ((await import(file.href)) as { readonly run: Part }).run();
}

/**
 * `npm run bench -- logs [PART …]`: the built engine beside Debian's lnav and ripgrep, on the same generated files in the
 * same run.
 */
export async function run(asked: readonly string[]): Promise<void> {
  const unknown = asked.filter((name) => !(name in PARTS));
  if (unknown.length > 0)
    throw new Error(`no part ${unknown.join(', ')}; parts: ${Object.keys(PARTS).join(', ')}`);
  execFileSync(process.execPath, [inProject('scripts', 'build.ts')], { stdio: 'inherit' });
  for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) {
    console.log(`\n== ${name}`);
    await PARTS[name]?.();
  }
}
