import { alertLinks } from '#shared/domain/alert-links.ts';
import { showMatchers } from '#shared/domain/alert-matchers.ts';
import { createCauseFinder, type Dependencies, hostOf, type Suppressors } from './causes.ts';
import type { AlertState, Cause, GroupState, Tracer } from './model.ts';
import { type CompiledRoute, groupOf, type Routing } from './routing.ts';
import { causeText, traceText } from './trace-text.ts';

/** Puts every alert into its groups that no routing, or another one, has put there; makes groups that are not there yet. */
export function routeAlerts(
  alerts: Map<string, AlertState>,
  groups: Map<string, GroupState>,
  before: ReadonlyMap<string, AlertState>,
  routing: Routing,
  trace: Tracer,
): void {
  for (const alert of alerts.values()) {
    const known = before.get(alert.id);
    const isRouted =
      alert.routedBy === routing.revision &&
      (known === undefined || known.problem === alert.problem || sameLabels(known, alert));
    if (isRouted) continue;
    const { labels } = alert.problem;
    const found = routing.routesOf(labels).map((route) => ({ route, group: groupOf(route, labels) }));
    for (const { route, group } of found)
      groups.set(group.key, {
        ...(groups.get(group.key) ?? NEW_GROUP),
        ...group,
        path: route.path,
      });
    const keys = found.map(({ group }) => group.key);
    const isNews = alert.routedBy === -1 || keys.some((key) => !alert.groups.includes(key));
    alerts.set(alert.id, { ...alert, groups: keys, routedBy: routing.revision });
    if (!isNews || alert.until !== null) continue;
    for (const { route, group } of found)
      trace(alert, {
        kind: 'routed',
        text: traceText.routed(route, group.labels, whyTaken(routing, route)),
        link: alertLinks.routes,
      });
  }
}

const NEW_GROUP: Omit<GroupState, 'key' | 'labels' | 'path'> = {
  told: {},
  newsAt: null,
  readyAt: 0,
  lastNoticeAt: null,
  quiet: null,
  hushed: [],
};

function sameLabels(a: AlertState, b: AlertState): boolean {
  return JSON.stringify(a.problem.labels) === JSON.stringify(b.problem.labels);
}

function whyTaken({ config }: Routing, { path }: CompiledRoute): string {
  let route = config.route;
  for (const index of path) route = route.routes[index] ?? route;
  return showMatchers(route.matchers);
}

/** Finds for every open alert why it is not told of, and says what of that is new and what is over. */
export function suppressAlerts(
  alerts: Map<string, AlertState>,
  suppressors: Omit<Suppressors, 'open'>,
  trace: Tracer,
): void {
  const { now, routing, dependencies } = suppressors;
  const { settings } = routing.config;
  const open = [...alerts.values()].filter(({ until }) => until === null);
  const find = createCauseFinder({ ...suppressors, open });
  /** What explained an alert goes on doing so until its host was asked again: a restart of the console frees nothing. */
  const unseen = ({ causes, problem }: AlertState, found: readonly Cause[]): readonly Cause[] =>
    causes.filter(
      (cause) =>
        cause.kind === 'dependency' &&
        !found.some((each) => isSameCause(each, cause)) &&
        alerts.get(cause.ref)?.until === null &&
        dependencies.isUnseen(hostOf(problem.labels)),
    );
  for (const alert of alerts.values()) {
    if (alert.until !== null) {
      if (alert.causes.length > 0 || alert.unhidden !== null || alert.ack !== null)
        alerts.set(alert.id, { ...alert, causes: [], unhidden: null, ack: null });
      continue;
    }
    const found = [...find(alert.id, alert.problem.labels), ...ownCauses(alert)];
    const lasting = settings.dependencies.enabled ? [...found, ...unseen(alert, found)] : found;
    const settling = settlingMs(alert, dependencies);
    const waitMs = settings.dependencies.waitMs + (settling ?? 0);
    // A wait that is longer than this was begun by a clock that ran ahead.
    const longestMs = settling === null ? Number.POSITIVE_INFINITY : waitMs;
    const next = withCauses(alert, lasting, { waitMs, longestMs }, now, trace);
    if (next !== alert) alerts.set(alert.id, next);
  }
}

/** The alert's own cause of silence: somebody is on it. */
function ownCauses({ id, ack }: AlertState): readonly Cause[] {
  if (ack === null) return [];
  const text = causeText.acknowledged(ack.by, ack.note);
  return [{ kind: 'acknowledged', ref: id, text, link: alertLinks.alert(id), until: null }];
}

/** Rules and checks are looked at once a minute, as a rule; until then nobody knows that they are well again. */
const RARE_LOOK_MS = 60_000;

/** How long what an alert is about takes, once what hid it is over, to show that it is well; besides the wait of the settings; null: not known yet. */
function settlingMs({ id, problem }: AlertState, { silenceMs }: Dependencies): number | null {
  // A log has the time that it may be quiet anyway.
  if (problem.condition === 'log_silence') return silenceMs(id);
  return problem.alert !== undefined || problem.condition === 'check_failing' ? RARE_LOOK_MS : 0;
}

const isSameCause = (a: Cause, b: Cause): boolean => a.kind === b.kind && a.ref === b.ref;

function withCauses(
  alert: AlertState,
  lasting: readonly Cause[],
  { waitMs, longestMs }: { readonly waitMs: number; readonly longestMs: number },
  now: number,
  trace: Tracer,
): AlertState {
  const gone = alert.causes.filter((cause) => !lasting.some((each) => isSameCause(each, cause)));
  // What was hidden by a dead thing in front needs a moment to come back after that has.
  const isFreed =
    gone.some(({ kind }) => kind === 'dependency') && !lasting.some(({ kind }) => kind === 'dependency');
  const holdUntil = isFreed ? now + waitMs : alert.holdUntil;
  const isHeld = lasting.length === 0 && now < holdUntil && holdUntil <= now + longestMs;
  const causes = isHeld ? [...lasting, heldCause(alert, holdUntil)] : lasting;
  const isNews = (cause: Cause): boolean => !alert.causes.some((each) => isSameCause(each, cause));
  for (const cause of gone)
    if (cause.kind !== 'waiting_for_cause' && cause.kind !== 'acknowledged')
      trace(alert, {
        kind: 'unsuppressed',
        text: traceText.unsuppressed(cause.text),
        link: cause.link,
        cause,
      });
  for (const cause of causes.filter(isNews))
    if (cause.kind !== 'acknowledged')
      trace(alert, { kind: 'suppressed', text: cause.text, link: cause.link, cause });
  const hidden = gone.find(({ kind }) => kind === 'silence' || kind === 'maintenance') ?? alert.unhidden;
  const unhidden = lasting.some(({ kind }) => kind === 'silence' || kind === 'maintenance') ? null : hidden;
  const isSame =
    unhidden === alert.unhidden &&
    holdUntil === alert.holdUntil &&
    JSON.stringify(causes) === JSON.stringify(alert.causes);
  if (isSame) return alert;
  const hadCauses = [...new Set([...alert.hadCauses, ...causes.map(({ kind }) => kind)])];
  return { ...alert, causes, holdUntil, unhidden, hadCauses };
}

function heldCause({ id }: AlertState, until: number): Cause {
  return {
    kind: 'waiting_for_cause',
    ref: id,
    text: causeText.waiting(until),
    link: alertLinks.alert(id),
    until,
  };
}
