import { execFileSync } from 'node:child_process';
import { inProject } from '../../scripts/lib/paths.ts';
import { benchAgain } from './backup/again.ts';
import { benchFull } from './backup/full.ts';
import { benchMillion } from './backup/million.ts';
import { benchPoll } from './backup/poll.ts';

/** The parts in the order in which they run. */
const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  full: benchFull,
  again: benchAgain,
  million: benchMillion,
  poll: benchPoll,
};

/**
 * `npm run bench -- backup [PART …]`: the built console beside restic, borg and `tar | zstd | age`, on the same folders in
 * the same run.
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
