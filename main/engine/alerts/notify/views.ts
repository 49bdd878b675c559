import type { AlertRoute, AlertView } from '#shared/contract/notify-alerts.ts';
import type { AlertState, GroupState, PipelineState } from './model.ts';
import { countBehind } from './plan.ts';
import { type CompiledRoute, groupOf, type Routing } from './routing.ts';

const RANK = { critical: 0, warning: 1, info: 2 } as const;

/** Every open alert with all that decides whether somebody is told of it, worst first. */
export function alertViews(state: PipelineState, routing: Routing): AlertView[] {
  const behind = countBehind(state.alerts);
  return [...state.alerts.values()]
    .filter(({ until }) => until === null)
    .map((alert) => alertView(alert, state, routing, behind))
    .toSorted(
      (a, b) =>
        RANK[a.problem.severity] - RANK[b.problem.severity] ||
        b.behind - a.behind ||
        a.problem.since - b.problem.since,
    );
}

/** One open alert. */
export function alertView(
  alert: AlertState,
  { groups }: Pick<PipelineState, 'groups'>,
  routing: Routing,
  behind: ReadonlyMap<string, number>,
): AlertView {
  const { problem, since, causes, ack, flappingSince, openings } = alert;
  const own = alert.groups.flatMap((key) => groups.get(key) ?? []);
  const isQuiet = own.length > 0 && own.every(({ quiet }) => quiet !== null);
  const suppressedBy = [
    ...causes.filter(({ kind }) => kind !== 'acknowledged'),
    ...(isQuiet ? own.flatMap(({ quiet }) => quiet ?? []) : []),
  ];
  const isTold = own.some(({ told }) => told[alert.id] !== undefined);
  const waits = suppressedBy.every(({ kind }) => kind === 'waiting_for_cause');
  const state = ((): AlertView['state'] => {
    if (ack !== null) return 'acknowledged';
    if (suppressedBy.length > 0 && !waits) return 'suppressed';
    if (flappingSince !== null) return 'flapping';
    return isTold ? 'told' : 'waiting';
  })();
  return {
    problem: { ...problem, since },
    labels: { ...problem.labels },
    state,
    suppressedBy,
    acknowledgement: ack,
    routes: own.flatMap((group) => {
      const route = routing.routeAt(group.path);
      return route === undefined ? [] : [routeView(alert, group, route)];
    }),
    behind: behind.get(alert.id) ?? 0,
    flaps: flappingSince === null ? 0 : openings,
  };
}

function routeView(alert: AlertState, group: GroupState, route: CompiledRoute): AlertRoute {
  const told = group.told[alert.id];
  return {
    path: [...route.path],
    receiver: route.receiver,
    groupKey: group.key,
    groupLabels: { ...group.labels },
    next: nextNotice(alert, group, route),
    toldAt: told?.at ?? null,
    escalated: told?.steps ?? 0,
    steps: route.escalation.length,
  };
}

/** What a group tells next of an alert if nothing changes. */
function nextNotice(alert: AlertState, group: GroupState, route: CompiledRoute): AlertRoute['next'] {
  if (group.quiet !== null) return null;
  const { ack, causes } = alert;
  if (causes.some(({ kind }) => kind !== 'acknowledged' && kind !== 'waiting_for_cause')) return null;
  if (ack !== null) return ack.remindAt === null ? null : { at: ack.remindAt, kind: 'reminder' };
  const told = group.told[alert.id];
  const planned: NonNullable<AlertRoute['next']>[] = [];
  if (group.newsAt !== null || told === undefined) {
    const begun = group.newsAt ?? alert.seenAt;
    const at = Math.max(begun + route.groupWaitMs, group.readyAt, causes.length > 0 ? alert.holdUntil : 0);
    planned.push({ at, kind: 'firing' });
  }
  if (told === undefined) return planned[0] ?? null;
  if (group.lastNoticeAt !== null)
    planned.push({ at: group.lastNoticeAt + route.repeatIntervalMs, kind: 'reminder' });
  const step = route.escalation[told.steps];
  if (step !== undefined) planned.push({ at: told.from + step.afterMs, kind: 'escalation' });
  return planned.toSorted((a, b) => a.at - b.at)[0] ?? null;
}

/** What would become of an alert with some labels: the routes that take it, and whether they speak now. */
export function testRoutes(routing: Routing, labels: Readonly<Record<string, string>>, now: number) {
  return routing.routesOf(labels).map((route) => ({
    path: [...route.path],
    receiver: route.receiver,
    groupLabels: groupOf(route, labels).labels,
    groupWaitMs: route.groupWaitMs,
    groupIntervalMs: route.groupIntervalMs,
    repeatIntervalMs: route.repeatIntervalMs,
    mutedBy: routing.mutedBy(route, now),
  }));
}
