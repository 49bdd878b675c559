import type { Host } from '#shared/contract/hosts.ts';
import type { Problem } from '#shared/contract/site.ts';

/** Who is on a host's worst problem. */
export type OnIt = {
  readonly kind: 'acknowledged' | 'owner';
  readonly name: string;
};

/** One host of the board: what is wrong with it, since when, and who is on it. */
export type FleetRow = {
  readonly host: Host;
  /** The worst of its open problems; null: none is open. */
  readonly problem: Problem | null;
  /** Its other open problems. */
  readonly more: number;
  readonly since: number;
  readonly onIt: OnIt | null;
  /** Whether there is something to be said of it. */
  readonly isCalm: boolean;
};

/** Who acknowledged a problem, by its id, and who owns a host, by its id. */
export type FleetPeople = {
  readonly acknowledgedBy: ReadonlyMap<string, string | null>;
  readonly owners: ReadonlyMap<string, string>;
};

const SEVERITY: Readonly<Record<Problem['severity'], number>> = { critical: 0, warning: 1, info: 2 };

/** Down, then what is critical, unreachable, a warning, not watched, worth a word, and well. */
function rankOf({ state }: Host, problem: Problem | null): number {
  if (state === 'down') return 0;
  if (state === 'unreachable') return 2;
  if (problem?.severity === 'critical') return 1;
  if (problem?.severity === 'warning') return 3;
  if (state === 'not_watched') return 4;
  return problem === null ? 6 : 5;
}

/** The hosts from the worst to the best; of equals, the one that has waited longest first. */
export function fleetRows(
  hosts: readonly Host[],
  problems: readonly Problem[],
  { acknowledgedBy, owners }: FleetPeople,
): readonly FleetRow[] {
  const byKey = problemsByKey(problems);
  return hosts
    .map((host) => {
      const own = problemsOf(host, byKey);
      const problem = own[0] ?? null;
      const by = problem === null ? null : (acknowledgedBy.get(problem.id) ?? null);
      const owner = owners.get(host.id) ?? '';
      const onIt: OnIt | null =
        by !== null
          ? { kind: 'acknowledged', name: by }
          : owner !== ''
            ? { kind: 'owner', name: owner }
            : null;
      const row: FleetRow = {
        host,
        problem,
        more: Math.max(0, own.length - 1),
        since: problem?.since ?? host.stateSince,
        onIt,
        isCalm: host.state === 'up' && problem === null,
      };
      return { row, rank: rankOf(host, problem) };
    })
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        (a.row.isCalm ? 0 : a.row.since - b.row.since) ||
        a.row.host.name.localeCompare(b.row.host.name, undefined, { numeric: true }),
    )
    .map(({ row }) => row);
}

/** What a problem says of where it is: the host's name, an address with or without its port, the host's page. */
function keysOf({ labels, link }: Problem): readonly string[] {
  const instance = labels.instance ?? '';
  const bare = instance.replace(/:\d+$/, '');
  const page = /^\/hosts\/([^/?]+)/.exec(link)?.[1];
  return [
    ...(labels.host === undefined ? [] : [`name:${labels.host}`]),
    ...(instance === '' ? [] : [instance, bare].flatMap((text) => [`name:${text}`, `address:${text}`])),
    ...(page === undefined ? [] : [`id:${decodeURIComponent(page)}`]),
  ];
}

function problemsByKey(problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  const map = new Map<string, Problem[]>();
  for (const problem of problems)
    for (const key of new Set(keysOf(problem))) {
      const list = map.get(key);
      if (list === undefined) map.set(key, [problem]);
      else list.push(problem);
    }
  return map;
}

/**
 * The open problems of a host, worst first. One that names a host is that host's alone: several hosts of a test site may
 * share an address.
 */
function problemsOf(host: Host, byKey: ReadonlyMap<string, readonly Problem[]>): readonly Problem[] {
  const keys = [`name:${host.name}`, `address:${host.address}`, `id:${host.id}`];
  const own = new Set(keys.flatMap((key) => byKey.get(key) ?? []));
  return [...own]
    .filter(({ labels }) => labels.host === undefined || labels.host === host.name)
    .sort((a, b) => SEVERITY[a.severity] - SEVERITY[b.severity] || a.since - b.since);
}

/** Where an arrow key leads among `count` hosts; null for other keys. */
export function nextIndex(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  if (key === 'ArrowDown' || key === 'ArrowRight') return Math.min(count - 1, at + 1);
  if (key === 'ArrowUp' || key === 'ArrowLeft') return Math.max(0, at - 1);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}
