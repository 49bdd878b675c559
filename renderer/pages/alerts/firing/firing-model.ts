import type { AlertView } from '#shared/contract/notify-alerts.ts';
import type { LiveGroup } from '#shared/contract/rules.ts';
import { type Severity, severitySchema } from '#shared/contract/site.ts';
import { formatMatchers, matches, parseMatchers } from '../alert-address.ts';

/** What narrows the list; all of it lives in the address. */
export type FiringFilters = {
  readonly severity: Severity | null;
  readonly host: string;
  /** Conditions on labels, as a person writes them. */
  readonly labels: string;
};

export function parseFilters(params: URLSearchParams): FiringFilters {
  return {
    severity: severitySchema.options.find((known) => known === params.get('severity')) ?? null,
    host: params.get('host') ?? '',
    labels: params.get('labels') ?? '',
  };
}

/** Writes the filters into an address, leaving every other member of it as it is. */
export function writeFilters(params: URLSearchParams, filters: FiringFilters): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [key, value] of Object.entries(filters)) {
    if (value === null || value === '') next.delete(key);
    else next.set(key, value);
  }
  return next;
}

/** Whether an alert passes; conditions that cannot be read narrow nothing, the field says so. */
export function passes(view: AlertView, filters: FiringFilters): boolean {
  const { severity, host } = filters;
  const matchers = parseMatchers(filters.labels) ?? [];
  return (
    (severity === null || view.problem.severity === severity) &&
    (host === '' || view.labels.host === host) &&
    matches(matchers, view.labels)
  );
}

/** Hosts that the list can be narrowed to. */
export function hostsOf(views: readonly AlertView[]): readonly string[] {
  const names = new Set(views.flatMap(({ labels }) => (labels.host ? [labels.host] : [])));
  return [...names].sort((a, b) => a.localeCompare(b));
}

/** An alert with everything that is not told of because of it. */
export type Cause = { readonly view: AlertView; readonly behind: readonly AlertView[] };

/** Alerts that the router puts into one notice. */
export type FiringGroup = {
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly causes: readonly Cause[];
};

/** The page's whole content: what somebody has to look at, and what is kept quiet on purpose. */
export type Firing = {
  readonly groups: readonly FiringGroup[];
  /** In a silence or a maintenance, inhibited, muted. */
  readonly quiet: readonly AlertView[];
};

const RANK: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/** Worst first, then the oldest, then by id, so that the order never depends on the order of the answer. */
function byUrgency(a: AlertView, b: AlertView): number {
  return (
    RANK[a.problem.severity] - RANK[b.problem.severity] ||
    a.problem.since - b.problem.since ||
    a.problem.id.localeCompare(b.problem.id)
  );
}

/** Kinds of suppression whose `ref` is the alert that is their cause. */
const CAUSES: ReadonlySet<string> = new Set(['dependency', 'inhibition']);

/** The alert that a view stands behind, when it is one of the list; a chain is followed to its beginning. */
function rootOf(view: AlertView, byId: ReadonlyMap<string, AlertView>): AlertView {
  const seen = new Set([view.problem.id]);
  let root = view;
  for (;;) {
    const cause = root.suppressedBy.find(({ kind, ref }) => CAUSES.has(kind) && byId.has(ref));
    const next = cause === undefined ? undefined : byId.get(cause.ref);
    if (next === undefined) return root;
    // Alerts that blame each other would all be folded away.
    if (seen.has(next.problem.id)) return view;
    seen.add(next.problem.id);
    root = next;
  }
}

/** Whether somebody chose that an alert is quiet, in contrast to one that waits, is acknowledged or flaps. */
function isQuiet({ state }: AlertView): boolean {
  return state === 'suppressed';
}

/** Puts alerts under their causes, causes into the router's groups, and all of them into order. */
export function arrange(views: readonly AlertView[]): Firing {
  const sorted = [...views].sort(byUrgency);
  const byId = new Map(sorted.map((view) => [view.problem.id, view]));
  const behind = new Map<string, AlertView[]>();
  const tops: AlertView[] = [];
  for (const view of sorted) {
    const root = rootOf(view, byId);
    if (root === view) tops.push(view);
    else behind.set(root.problem.id, [...(behind.get(root.problem.id) ?? []), view]);
  }
  const groups = new Map<string, { labels: Record<string, string>; causes: Cause[] }>();
  const quiet: AlertView[] = [];
  for (const view of tops) {
    const its = behind.get(view.problem.id) ?? [];
    if (isQuiet(view) && its.length === 0) {
      quiet.push(view);
      continue;
    }
    const route = view.routes[0];
    const key = route?.groupKey ?? view.problem.id;
    const group = groups.get(key) ?? { labels: route?.groupLabels ?? {}, causes: [] };
    group.causes.push({ view, behind: its });
    groups.set(key, group);
  }
  // The first alert of a group is its worst, and groups came up in the order of their first.
  return { groups: [...groups].map(([key, group]) => ({ key, ...group })), quiet };
}

/** An alert of a rule that waits for its `for`. */
export type PendingAlert = {
  readonly key: string;
  readonly name: string;
  readonly text: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly activeAt: number;
  readonly firesAt: number;
};

/** What is about to fire, the next first. */
export function pendingAlerts(groups: readonly LiveGroup[]): readonly PendingAlert[] {
  return groups
    .flatMap((group) =>
      group.rules.flatMap((rule) =>
        rule.alerts
          .filter(({ state }) => state === 'pending')
          .map(({ labels, annotations, activeAt }): PendingAlert => {
            const { alertname: _, ...others } = labels;
            const where = formatMatchers(
              Object.entries(others).map(([name, value]) => ({ name, op: '=' as const, value })),
            );
            return {
              key: `${group.file}\n${group.name}\n${rule.name}\n${where}`,
              name: rule.name,
              text: annotations.summary || `${rule.name} ${where === '' ? '' : `{${where}}`}`.trim(),
              labels,
              activeAt,
              firesAt: activeAt + rule.forMs,
            };
          }),
      ),
    )
    .sort((a, b) => a.firesAt - b.firesAt);
}
