import type {
  EscalationStep,
  NotifyConfig,
  Receiver,
  Route,
  TimeInterval,
} from '#shared/contract/notify-config.ts';
import { showLabels, showMatchers } from '#shared/domain/alert-matchers.ts';
import { compileMatchers, type LabelSet, type LabelTest, pickLabels } from './matchers.ts';
import { isWithin } from './time-intervals.ts';

/** A route with all that it takes over from those above it. */
export type CompiledRoute = {
  /** Place in the tree, from the root. */
  readonly path: readonly number[];
  /** The same as long as matchers on the way to it are, wherever it stands in the tree. */
  readonly key: string;
  readonly title: string;
  readonly receiver: string;
  readonly groupBy: readonly string[];
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly muteTimes: readonly string[];
  readonly activeTimes: readonly string[];
  readonly escalation: readonly EscalationStep[];
};

/** A configuration made ready. */
export type Routing = {
  readonly config: NotifyConfig;
  /** Grows with each configuration; alerts that another one routed are routed again. */
  readonly revision: number;
  /** The routes that take an alert with these labels, in the order of the tree; at least one. */
  readonly routesOf: (labels: LabelSet) => readonly CompiledRoute[];
  /** The route at a place in the tree. */
  readonly routeAt: (path: readonly number[]) => CompiledRoute | undefined;
  readonly receivers: ReadonlyMap<string, Receiver>;
  readonly inhibitions: readonly Inhibition[];
  /** Name of the time interval because of which a route is silent at a moment; null: it speaks. */
  readonly mutedBy: (route: CompiledRoute, at: number) => string | null;
};

/** An inhibition rule made ready. */
export type Inhibition = {
  readonly title: string;
  readonly source: LabelTest;
  readonly target: LabelTest;
  readonly equal: readonly string[];
};

/** What a root that says nothing has: Alertmanager's values, but news of a group after a minute instead of five. */
const ROOT: Omit<CompiledRoute, 'receiver' | 'path' | 'key' | 'title'> = {
  groupBy: [],
  groupWaitMs: 30_000,
  groupIntervalMs: 60_000,
  repeatIntervalMs: 4 * 3_600_000,
  muteTimes: [],
  activeTimes: [],
  escalation: [],
};

type Node = {
  readonly route: CompiledRoute;
  readonly test: LabelTest;
  readonly goesOn: boolean;
  readonly children: readonly Node[];
};

/** Makes a configuration ready that was found sound. */
export function compileRouting(config: NotifyConfig, revision: number): Routing {
  const root = compileNode(
    config.route,
    { ...ROOT, receiver: '', path: [], key: '', title: '' },
    [],
    new Map(),
  );
  const intervals = new Map(config.timeIntervals.map((interval) => [interval.name, interval]));
  return {
    config,
    revision,
    routesOf: (labels) => routesFrom(root, labels),
    routeAt: (path) => path.reduce<Node | undefined>((node, index) => node?.children[index], root)?.route,
    receivers: new Map(config.receivers.map((receiver) => [receiver.name, receiver])),
    inhibitions: config.inhibitRules.map(({ title, source, target, equal }) => ({
      title,
      source: compileMatchers(source),
      target: compileMatchers(target),
      equal,
    })),
    mutedBy: (route, at) => mutedBy(route, intervals, at),
  };
}

/** @param siblings how often a key was given under the same parent */
function compileNode(
  route: Route,
  above: CompiledRoute,
  path: readonly number[],
  siblings: Map<string, number>,
): Node {
  const own = `${path.length === 0 ? '' : `${above.key}/`}${showMatchers(route.matchers)}`;
  const nth = (siblings.get(own) ?? 0) + 1;
  siblings.set(own, nth);
  const compiled: CompiledRoute = {
    path,
    key: nth === 1 ? own : `${own}#${nth}`,
    title: route.title,
    receiver: route.receiver ?? above.receiver,
    groupBy: route.groupBy ?? above.groupBy,
    groupWaitMs: route.groupWaitMs ?? above.groupWaitMs,
    groupIntervalMs: route.groupIntervalMs ?? above.groupIntervalMs,
    repeatIntervalMs: route.repeatIntervalMs ?? above.repeatIntervalMs,
    // As in Alertmanager, times hold for one route only.
    muteTimes: route.muteTimes,
    activeTimes: route.activeTimes,
    escalation: (route.escalation ?? above.escalation).toSorted((a, b) => a.afterMs - b.afterMs),
  };
  const below = new Map<string, number>();
  return {
    route: compiled,
    test: compileMatchers(route.matchers),
    goesOn: route.continue,
    children: route.routes.map((child, index) => compileNode(child, compiled, [...path, index], below)),
  };
}

/** The deepest routes that match; a node whose children all decline takes the alert itself. */
function routesFrom(node: Node, labels: LabelSet): readonly CompiledRoute[] {
  if (!node.test(labels)) return [];
  const found: CompiledRoute[] = [];
  for (const child of node.children) {
    const taken = routesFrom(child, labels);
    found.push(...taken);
    if (taken.length > 0 && !child.goesOn) break;
  }
  return found.length === 0 ? [node.route] : found;
}

function mutedBy(
  { muteTimes, activeTimes }: CompiledRoute,
  intervals: ReadonlyMap<string, TimeInterval>,
  at: number,
): string | null {
  const holds = (name: string): boolean => {
    const interval = intervals.get(name);
    return interval !== undefined && isWithin(interval, at);
  };
  if (activeTimes.length > 0 && !activeTimes.some(holds)) return activeTimes.join(', ');
  return muteTimes.find(holds) ?? null;
}

/** Key and labels of the group that an alert belongs to in a route, in Alertmanager's form. */
export function groupOf(
  route: CompiledRoute,
  labels: LabelSet,
): { readonly key: string; readonly labels: Record<string, string> } {
  const picked = pickLabels(labels, route.groupBy);
  return { key: `${route.key}:${showLabels(picked)}`, labels: picked };
}
