import { BUILT_IN } from '../built-in.ts';
import { hostPart } from '../host-names.ts';
import type { LabelSet } from './matchers.ts';
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
 * A death stands only for alerts of which nobody would be told, or sooner, who is not told of the death: a route that calls somebody
 * for a service goes on calling. A death that is hidden, or is over and only flaps, stands for nothing.
 *
 * @param tellerOf the alert that is told for a death: itself, or the one that inhibits it; null: nobody is told
 */
export function findDeaths(
  open: readonly AlertState[],
  routing: Routing,
  tellerOf: (death: AlertState) => AlertState | null,
  now: number,
): FindDeath {
  const deaths = new Map<string, { readonly alert: AlertState; readonly told: Readers }>();
  const byId = new Map(open.map((alert) => [alert.id, alert]));
  for (const alert of open) {
    if (!alert.isOpen || !isDeath(alert)) continue;
    const teller = tellerOf(alert);
    if (teller === null) continue;
    const told = readersOf(routing, teller.problem.labels, now);
    deaths.set(alert.problem.labels.host ?? '', { alert, told });
  }
  return (id, labels) => {
    const death = deaths.get(labels.host ?? '');
    if (death === undefined || death.alert.id === id || !saysDeathAgain(labels)) return undefined;
    // A rule that names the host itself may have asked another one about it, e.g. the machine that it is a guest of.
    const { alertname = '', host, instance } = byId.get(id)?.problem.alert?.labels ?? labels;
    if (!EXPLAINED.has(alertname) && host && instance && !isAskedAt(instance, death.alert)) return undefined;
    const readers = [...readersOf(routing, labels, now)];
    return readers.every(([name, afterMs]) => (death.told.get(name) ?? Number.POSITIVE_INFINITY) <= afterMs)
      ? death.alert
      : undefined;
  };
}

/** Whether an address, with a port or without, is that of a dead host. */
function isAskedAt(instance: string, { problem: { labels } }: AlertState): boolean {
  return [labels.host, hostPart(labels.instance ?? '')].includes(hostPart(instance));
}

/**
 * Whether an alert about a dead host can say no more than that. A target that does not answer has no series but `up` and what probes
 * leave, so a rule's alert with its `instance` is about them. Rules about logs have no `instance`.
 */
function saysDeathAgain({ alertname = '', instance = '' }: LabelSet): boolean {
  return EXPLAINED.has(alertname) || (instance !== '' && !BUILT_IN_NAMES.has(alertname));
}

/** Receivers by name, and how many milliseconds after the first notice each is told when nobody acknowledges. */
type Readers = ReadonlyMap<string, number>;

/** The receivers that are told of an alert now, or by escalation; those that lead to nobody left out. */
function readersOf({ routesOf, mutedBy, receivers }: Routing, labels: LabelSet, now: number): Readers {
  const readers = new Map<string, number>();
  for (const route of routesOf(labels)) {
    if (mutedBy(route, now) !== null) continue;
    for (const { receiver, afterMs } of [{ receiver: route.receiver, afterMs: 0 }, ...route.escalation])
      if ((receivers.get(receiver)?.targets.length ?? 0) > 0)
        readers.set(receiver, Math.min(afterMs, readers.get(receiver) ?? afterMs));
  }
  return readers;
}
