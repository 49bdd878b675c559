import { env } from 'node:process';
import { lastWords, runQuietly } from '../lib/command.ts';
import { done, failed, type Outcome, say } from './outcome.ts';

/** Installs Debian packages as root. The package lists are refreshed only when they do not know a package. */
export async function installPackages(packages: readonly string[], why: string): Promise<Outcome> {
  say(`Installing ${why}: ${packages.join(' ')}`);
  const quiet = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
  const args = ['install', '-y', '--no-install-recommends', ...packages];
  const first = await runQuietly('apt-get', args, quiet);
  if (first.code === 0) return done;
  const update = await runQuietly('apt-get', ['update'], quiet);
  const second = update.code === 0 ? await runQuietly('apt-get', args, quiet) : update;
  if (second.code === 0) return done;
  return failed(
    `apt-get could not install ${packages.join(' ')}: ${lastWords(second.output)}`,
    'Check that /etc/apt/sources.list names a reachable mirror, then start again.',
  );
}
