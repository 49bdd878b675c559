import { BUILT_IN } from '../built-in.ts';
import type { LabelSet, LabelTest } from './matchers.ts';
import type { AlertState } from './model.ts';
import type { Routing } from './routing.ts';

/** Conditions that a host's death explains: its checks and targets cannot answer, and it sends no lines. */
const EXPLAINED: ReadonlySet<string> = new Set(
  (['check_failing', 'target_down', 'log_silence'] as const).map(
    (condition) => BUILT_IN[condition].alertname,
  ),
);
const BUILT_IN_NAMES: ReadonlySet<string> = new Set(
  Object.values(BUILT_IN).map(({ alertname }) => alertname),
);

/** Whether an alert says that its host is dead. */
export const isDeath = ({ problem }: AlertState): boolean =>
  problem.condition === 'host_down' || problem.condition === 'host_unreachable';

/** The alert that a host is dead, when it stands for an alert with these labels; undefined: it does not. */
type FindDeath = (id: string, labels: LabelSet) => AlertState | undefined;

/** Nobody's death stands for anything. */
export const NO_DEATHS: FindDeath = () => undefined;

/**
 * One cause, one alert for each host: what only says again that a host is dead is told as that host.
 *
 * A death stands only for alerts of which nobody would be told who is not told of the death: a route that calls somebody for a
 * service goes on calling. A death that is hidden, by a silence or because its routes are mute, stands for nothing.
 */
export function findDeaths(
  open: readonly AlertState[],
  routing: Routing,
  isHidden: LabelTest,
  now: number,
): FindDeath {
  const deaths = new Map<string, { readonly alert: AlertState; readonly told: ReadonlySet<string> }>();
  for (const alert of open.filter(isDeath)) {
    const { labels } = alert.problem;
    if (!isHidden(labels)) deaths.set(labels.host ?? '', { alert, told: readersOf(routing, labels, now) });
  }
  return (id, labels) => {
    const death = deaths.get(labels.host ?? '');
    if (death === undefined || death.alert.id === id || !saysDeathAgain(labels)) return undefined;
    const readers = [...readersOf(routing, labels, now)];
    return readers.every((receiver) => death.told.has(receiver)) ? death.alert : undefined;
  };
}

/**
 * Whether an alert about a dead host can say no more than that. A target that does not answer has no series but `up` and what probes
 * leave, so a rule's alert with its `instance` is about them. Rules about logs have no `instance`.
 */
function saysDeathAgain({ alertname = '', instance = '' }: LabelSet): boolean {
  return EXPLAINED.has(alertname) || (instance !== '' && !BUILT_IN_NAMES.has(alertname));
}

/** Names of the receivers that are told of an alert now, or when nobody acknowledges; those that lead to nobody left out. */
function readersOf({ routesOf, mutedBy, receivers }: Routing, labels: LabelSet, now: number): Set<string> {
  const names = routesOf(labels)
    .filter((route) => mutedBy(route, now) === null)
    .flatMap(({ receiver, escalation }) => [receiver, ...escalation.map((step) => step.receiver)]);
  return new Set(names.filter((name) => (receivers.get(name)?.targets.length ?? 0) > 0));
}
