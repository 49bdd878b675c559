import { execFileSync } from 'node:child_process';
import { inProject } from '../../scripts/lib/paths.ts';
import { benchChecks } from './checks/schedule.ts';

/** The parts in the order in which they run. */
const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  answering: () => benchChecks(0),
  hanging: () => benchChecks(300),
};

/**
 * `npm run bench -- checks [PART …]`: 500 hosts, 2,000 checks at 30 s and 500 scrapes of 500 series at 15 s; first with all
 * hosts answering, then with 300 of them taking connections and never saying a word. The engine is the built one, as installed.
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
