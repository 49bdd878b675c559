import type { Problem } from '#shared/contract/site.ts';
import type { CompiledMaintenance, CompiledSilence, Dependencies } from './causes.ts';
import {
  type AlertState,
  createTracer,
  type GroupState,
  type PipelineState,
  type Planned,
  type PlannedNotice,
} from './model.ts';
import { followProblems } from './plan-alerts.ts';
import { routeAlerts, suppressAlerts } from './plan-causes.ts';
import { planGroup } from './plan-groups.ts';
import type { Routing } from './routing.ts';
import type { GroupContext } from './tell.ts';

/** Everything that decides, besides what is remembered. */
export type PlanInput = {
  readonly now: number;
  /** Every problem that is open. */
  readonly problems: readonly Problem[];
  readonly routing: Routing;
  readonly silences: readonly CompiledSilence[];
  readonly maintenances: readonly CompiledMaintenance[];
  readonly dependencies: Dependencies;
  /** Makes an id that no other notice has. */
  readonly newId: () => string;
};

/**
 * From what is open to who is told of what, and why. Pure: the same state and input give the same plan, whenever it is asked
 * for; asking twice at the same moment changes nothing.
 *
 * The order is that of Alertmanager's pipeline: routes and groups, what suppresses, times, what was told before.
 */
export function planNotices(state: PipelineState, input: PlanInput): Planned {
  const { now, routing, problems } = input;
  if (problems.length === 0 && state.alerts.size === 0 && state.flaps.size === 0)
    return { state, notices: [], trace: [], dropped: [] };
  const { settings } = routing.config;
  const { trace, entries } = createTracer(now);
  const { alerts, flaps } = followProblems(
    state,
    { now, problems, settings, dependencies: input.dependencies },
    trace,
  );
  const groups = new Map(state.groups);
  routeAlerts(alerts, groups, state.alerts, routing, trace);
  const { silences, maintenances, dependencies } = input;
  suppressAlerts(alerts, { now, silences, maintenances, routing, dependencies }, trace);
  const notices: PlannedNotice[] = [];
  const context: GroupContext = {
    now,
    routing,
    behind: countBehind(alerts),
    newId: input.newId,
    trace,
    alerts,
    send: (notice) => notices.push(notice),
  };
  for (const [key, members] of membersOf(alerts, groups)) {
    const group = groups.get(key);
    const route = group === undefined ? undefined : routing.routeAt(group.path);
    if (group === undefined || route === undefined) groups.delete(key);
    else groups.set(key, planGroup(group, route, members, context));
  }
  const dropped = settle(alerts, groups, now);
  return { state: { alerts, groups, flaps }, notices, trace: entries, dropped };
}

/** Members of every group, as they are before the groups are looked at. */
function membersOf(
  alerts: ReadonlyMap<string, AlertState>,
  groups: ReadonlyMap<string, GroupState>,
): ReadonlyMap<string, readonly AlertState[]> {
  const members = new Map<string, AlertState[]>([...groups.keys()].map((key) => [key, []]));
  for (const alert of alerts.values()) for (const key of alert.groups) members.get(key)?.push(alert);
  return members;
}

/** What an alert is explained by: the ids of other alerts. */
const explainedBy = ({ causes }: AlertState): readonly string[] =>
  causes.filter(({ kind }) => kind === 'dependency' || kind === 'inhibition').map(({ ref }) => ref);

/**
 * Ids of open alerts that another one explains. What explains it, over however many steps, fires now and is not explained itself: two
 * that inhibit each other, or what the changes of a flapping alert hide, would else be in nobody's sight.
 */
export function explainedAlerts(alerts: ReadonlyMap<string, AlertState>): ReadonlySet<string> {
  const behind = new Map<string, string[]>();
  const reached: string[] = [];
  for (const alert of alerts.values()) {
    if (alert.until !== null) continue;
    const refs = explainedBy(alert);
    if (refs.length === 0 && alert.isOpen) reached.push(alert.id);
    for (const ref of refs) {
      const others = behind.get(ref);
      if (others === undefined) behind.set(ref, [alert.id]);
      else others.push(alert.id);
    }
  }
  const explained = new Set<string>();
  for (let ref = reached.pop(); ref !== undefined; ref = reached.pop())
    for (const id of behind.get(ref) ?? [])
      if (!explained.has(id)) {
        explained.add(id);
        reached.push(id);
      }
  return explained;
}

/** How many open alerts are not told of because another one is their cause, by its id. */
export function countBehind(alerts: ReadonlyMap<string, AlertState>): ReadonlyMap<string, number> {
  const behind = new Map<string, number>();
  for (const alert of alerts.values()) {
    if (alert.until !== null) continue;
    for (const ref of new Set(explainedBy(alert))) behind.set(ref, (behind.get(ref) ?? 0) + 1);
  }
  return behind;
}

/** Notes what all groups of an alert have done with it, and lets go of alerts that nobody has to be told of any more. */
function settle(
  alerts: Map<string, AlertState>,
  groups: Map<string, GroupState>,
  now: number,
): readonly AlertState[] {
  const dropped: AlertState[] = [];
  for (const alert of alerts.values()) {
    const own = alert.groups.flatMap((key) => groups.get(key) ?? []);
    if (alert.until !== null) {
      if (own.some(({ told }) => told[alert.id] !== undefined)) continue;
      alerts.delete(alert.id);
      dropped.push(alert);
      continue;
    }
    if (own.every(({ quiet }) => quiet !== null)) continue;
    const { ack, causes, unhidden } = alert;
    if (unhidden !== null && causes.length === 0) alerts.set(alert.id, { ...alert, unhidden: null });
    if (ack?.remindAt != null && ack.remindAt <= now && causes.every(({ kind }) => kind === 'acknowledged'))
      alerts.set(alert.id, { ...alert, ack: { ...ack, remindAt: now + (ack.remindEveryMs ?? 0) } });
  }
  const used = new Set([...alerts.values()].flatMap(({ groups: own }) => own));
  for (const key of groups.keys()) if (!used.has(key)) groups.delete(key);
  return dropped;
}
