import type { NotifyConfig, Route, TimeInterval } from '#shared/contract/notify-config.ts';

/** Place of a route in the tree: `[]` is the root, `[0, 2]` the third route of the first. */
export type RoutePath = readonly number[];

/** A route with what it takes over from the routes above. */
export type EffectiveRoute = {
  readonly path: RoutePath;
  readonly route: Route;
  readonly receiver: string;
  readonly groupBy: readonly string[];
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly escalation: NonNullable<Route['escalation']>;
};

/** What holds where not even the root says anything, as in Alertmanager. */
const WAIT_MS = 30_000;
const INTERVAL_MS = 300_000;
const REPEAT_MS = 4 * 3_600_000;

/** Every route with all it takes over: the children of a route before itself, the root last, in the order they are tried. */
export function effectiveRoutes(config: NotifyConfig): readonly EffectiveRoute[] {
  const visit = (route: Route, path: RoutePath, above: EffectiveRoute | null): EffectiveRoute[] => {
    const own: EffectiveRoute = {
      path,
      route,
      receiver: route.receiver ?? above?.receiver ?? '',
      groupBy: route.groupBy ?? above?.groupBy ?? [],
      groupWaitMs: route.groupWaitMs ?? above?.groupWaitMs ?? WAIT_MS,
      groupIntervalMs: route.groupIntervalMs ?? above?.groupIntervalMs ?? INTERVAL_MS,
      repeatIntervalMs: route.repeatIntervalMs ?? above?.repeatIntervalMs ?? REPEAT_MS,
      escalation: route.escalation ?? above?.escalation ?? [],
    };
    return [...route.routes.flatMap((child, index) => visit(child, [...path, index], own)), own];
  };
  return visit(config.route, [], null);
}

/** `1`, `2.1`, …: what a route is called on the page; empty for the root. */
export function routeNumber(path: RoutePath): string {
  return path.map((index) => index + 1).join('.');
}

/** The tree with the route at a place replaced by what `change` makes of it. */
export function changeRoute(root: Route, path: RoutePath, change: (route: Route) => Route): Route {
  const [first, ...rest] = path;
  if (first === undefined) return change(root);
  return {
    ...root,
    routes: root.routes.map((child, index) => (index === first ? changeRoute(child, rest, change) : child)),
  };
}

/** A tree without the route at a place, and without all that are below it. The root stays. */
export function removeRoute(root: Route, path: RoutePath): Route {
  const last = path.at(-1);
  if (last === undefined) return root;
  return changeRoute(root, path.slice(0, -1), (parent) => ({
    ...parent,
    routes: parent.routes.filter((_, index) => index !== last),
  }));
}

/** A tree with a route moved one place up (-1) or down (1) among its neighbours; the same where there is none. */
export function moveRoute(root: Route, path: RoutePath, by: -1 | 1): Route {
  const last = path.at(-1);
  if (last === undefined) return root;
  return changeRoute(root, path.slice(0, -1), (parent) => {
    const routes = [...parent.routes];
    const [here, there] = [routes[last], routes[last + by]];
    if (here === undefined || there === undefined) return parent;
    routes[last] = there;
    routes[last + by] = here;
    return { ...parent, routes };
  });
}

/** A tree with a new route behind the others of a place. */
export function addRoute(root: Route, parent: RoutePath, added: Route): Route {
  return changeRoute(root, parent, (route) => ({ ...route, routes: [...route.routes, added] }));
}

/** A route that says nothing yet: it takes over everything. */
export const emptyRoute: Route = {
  title: '',
  receiver: null,
  matchers: [],
  continue: false,
  groupBy: null,
  groupWaitMs: null,
  groupIntervalMs: null,
  repeatIntervalMs: null,
  muteTimes: [],
  activeTimes: [],
  escalation: null,
  routes: [],
};

/**
 * The configuration with the time interval at a place replaced, added, or (null) taken away. A new name is carried to
 * the routes that use it; what a route still needs cannot be taken away, which the engine says.
 */
export function withInterval(config: NotifyConfig, index: number, made: TimeInterval | null): NotifyConfig {
  const before = config.timeIntervals[index];
  const timeIntervals = [...config.timeIntervals];
  timeIntervals.splice(index, 1, ...(made === null ? [] : [made]));
  if (before === undefined || made === null || before.name === made.name) return { ...config, timeIntervals };
  const renamed = (names: readonly string[]): string[] =>
    names.map((name) => (name === before.name ? made.name : name));
  const visit = (route: Route): Route => ({
    ...route,
    muteTimes: renamed(route.muteTimes),
    activeTimes: renamed(route.activeTimes),
    routes: route.routes.map(visit),
  });
  return { ...config, timeIntervals, route: visit(config.route) };
}
