import type { Host, HostState } from '#shared/contract/hosts.ts';
import type { AppError } from '#shared/errors/index.ts';

/** What the last scrape of one target says about its host. */
export type TargetVerdict = 'unknown' | 'up' | 'down' | 'unreachable';

/**
 * Failures before any machine answered: the network path or the name is missing, so nothing is known about the host
 * itself. Everything else (refused, no answer in time, an error answer, a body that is no exposition) is the host's own.
 */
const NO_PATH: ReadonlySet<string> = new Set([
  'SCRAPE_NO_ROUTE',
  'SCRAPE_NAME_UNKNOWN',
  'SCRAPE_NAME_TIMEOUT',
]);

/** Failures of this console while storing an answer; the target did answer. */
const OWN_FAILURE: ReadonlySet<string> = new Set([
  'DISK_FULL',
  'READ_ONLY',
  'DATABASE_DAMAGED',
  'FILE_UNREADABLE',
  'INTERNAL',
]);

/**
 * What one scrape says about its host.
 *
 * A target that could not be asked because its own password file is missing counts as down: a watch that does not work
 * must be seen.
 */
export function verdictOf(error: AppError | null): TargetVerdict {
  if (error === null || OWN_FAILURE.has(error.code)) return 'up';
  return NO_PATH.has(error.code) ? 'unreachable' : 'down';
}

/**
 * The state of a host from the last scrape of each of its targets.
 *
 * - up: at least one target answers; the host lives, and what fails on it is shown by target;
 * - not watched: none answers, and one has not been asked since the engine began to watch: no verdict before that;
 * - unreachable: there is no network path or name for any target;
 * - down: everything else; `judgeSilence` turns it into unreachable when something on the host's way is dead.
 */
export function planHostState(verdicts: readonly TargetVerdict[]): HostState {
  if (verdicts.includes('up')) return 'up';
  if (verdicts.length === 0 || verdicts.includes('unknown')) return 'not_watched';
  return verdicts.every((verdict) => verdict === 'unreachable') ? 'unreachable' : 'down';
}

const RANK: Readonly<Record<HostState, number>> = { down: 0, unreachable: 1, not_watched: 2, up: 4 };

function rank(host: Host): number {
  // An up host with a target that fails comes before the healthy ones.
  return host.state === 'up' && host.targetsUp < host.targets ? 3 : RANK[host.state];
}

/** Orders hosts worst first, equal ones by name. */
export function worstFirst(hosts: readonly Host[]): Host[] {
  return [...hosts].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en'));
}
