import type { NotifySettings } from '#shared/contract/notify-config.ts';
import type { Problem } from '#shared/contract/site.ts';
import { alertLinks } from '#shared/domain/alert-links.ts';
import { type Dependencies, hostOf } from './causes.ts';
import type { AlertState, FlapRecord, Tracer } from './model.ts';
import { causeText, traceText } from './trace-text.ts';

/** What becomes of alerts from one look to the next. */
export type FollowInput = {
  readonly now: number;
  /** Every open problem of the ledger. */
  readonly problems: readonly Problem[];
  readonly settings: NotifySettings;
  readonly dependencies: Dependencies;
};

/**
 * Takes up what opened and what ended. An alert that opens too often is kept open, whatever its condition says, until it has
 * been quiet for long enough: its opening and closing are told once, not each time.
 *
 * @returns the alerts with those that have ended, and the openings of each
 */
export function followProblems(
  before: {
    readonly alerts: ReadonlyMap<string, AlertState>;
    readonly flaps: ReadonlyMap<string, FlapRecord>;
  },
  input: FollowInput,
  trace: Tracer,
): { readonly alerts: Map<string, AlertState>; readonly flaps: ReadonlyMap<string, FlapRecord> } {
  const { now, settings } = input;
  const alerts = new Map(before.alerts);
  const flaps = new Map(before.flaps);
  const seen = new Set<string>();
  for (const problem of input.problems) {
    seen.add(problem.id);
    const known = alerts.get(problem.id);
    if (known?.isOpen === true) {
      // The ledger makes a new object when something has changed, or at every look.
      if (!isSame(known.problem, problem)) alerts.set(problem.id, { ...known, problem });
      continue;
    }
    flaps.set(problem.id, recordOpening(flaps.get(problem.id), now, settings.flapping.windowMs));
    alerts.set(problem.id, opened(known, problem, input, trace));
  }
  for (const alert of alerts.values()) {
    if (!alert.isOpen || seen.has(alert.id)) continue;
    touch(flaps, alert.id, now);
    alerts.set(alert.id, closed(alert, now, trace));
  }
  for (const alert of alerts.values()) {
    const flapped = followFlapping(alert, flaps.get(alert.id), input, trace);
    if (flapped !== alert) alerts.set(alert.id, flapped);
  }
  for (const [id, { changedAt }] of flaps)
    if (!alerts.has(id) && changedAt < now - settings.flapping.windowMs) flaps.delete(id);
  return { alerts, flaps };
}

function opened(
  known: AlertState | undefined,
  problem: Problem,
  { now, settings, dependencies }: FollowInput,
  trace: Tracer,
): AlertState {
  if (known !== undefined && known.until === null) {
    const openings = known.openings + 1;
    trace(known, { kind: 'opened', text: traceText.openedAgain(openings) });
    return { ...known, problem, isOpen: true, openings };
  }
  const host = hostOf(problem.labels);
  // A check may fail before its host is known to be dead.
  const mayBeExplained =
    host !== '' && (problem.condition === 'check_failing' || dependencies.isBehind(host));
  const mustWait = settings.dependencies.enabled && mayBeExplained;
  const alert: AlertState = {
    id: problem.id,
    since: uniqueSince(known, problem.since, now),
    problem,
    seenAt: now,
    until: null,
    isOpen: true,
    openings: 1,
    flappingSince: null,
    ack: null,
    acked: null,
    causes: [],
    holdUntil: mustWait ? now + settings.dependencies.waitMs : 0,
    unhidden: null,
    hadCauses: [],
    // Whoever was told of the one before and not of its end takes this one for the same.
    toldAt: known?.toldAt ?? null,
    notices: 0,
    // Its groups may still have to tell that it ended; they go on as if it had not.
    groups: known?.groups ?? [],
    routedBy: -1,
  };
  trace(alert, {
    at: problem.alert?.activeAt ?? problem.since,
    kind: 'observed',
    text: traceText.observed(problem),
    link: problem.link,
  });
  trace(alert, { kind: 'opened', text: traceText.opened(problem), link: alertLinks.alert(problem.id) });
  return alert;
}

/** An alert that comes back may name the same beginning; the history tells episodes apart by it. */
function uniqueSince(known: AlertState | undefined, since: number, now: number): number {
  return known !== undefined && since <= known.since ? Math.max(now, known.since + 1) : since;
}

function closed(alert: AlertState, now: number, trace: Tracer): AlertState {
  if (alert.flappingSince !== null) {
    trace(alert, { kind: 'ended', text: traceText.endedWhileFlapping });
    return { ...alert, isOpen: false };
  }
  trace(alert, { kind: 'ended', text: alert.toldAt === null ? traceText.endedUntold : traceText.ended });
  return { ...alert, isOpen: false, until: now, problem: { ...alert.problem, until: now } };
}

function followFlapping(
  alert: AlertState,
  flap: FlapRecord | undefined,
  { now, settings: { flapping } }: FollowInput,
  trace: Tracer,
): AlertState {
  if (flap === undefined || alert.until !== null) return alert;
  const recent = flap.openings.filter((at) => at > now - flapping.windowMs).length;
  if (alert.flappingSince === null) {
    if (!flapping.enabled || recent < flapping.openings || !alert.isOpen) return alert;
    trace(alert, { kind: 'flapping', text: causeText.flapping(recent, flapping.windowMs) });
    return { ...alert, flappingSince: now, openings: Math.max(alert.openings, recent) };
  }
  if (flapping.enabled && now - flap.changedAt < flapping.calmMs && now >= flap.changedAt) return alert;
  trace(alert, { kind: 'calm', text: traceText.calm });
  const calm = { ...alert, flappingSince: null };
  if (alert.isOpen) return calm;
  trace(alert, { kind: 'ended', text: alert.toldAt === null ? traceText.endedUntold : traceText.ended });
  return { ...calm, until: flap.changedAt, problem: { ...alert.problem, until: flap.changedAt } };
}

/** More openings than this in a window tell nothing more. */
const MOST_OPENINGS = 1_000;

function recordOpening(flap: FlapRecord | undefined, now: number, windowMs: number): FlapRecord {
  const recent = (flap?.openings ?? []).filter((at) => at > now - windowMs && at <= now);
  return { openings: [...recent, now].slice(-MOST_OPENINGS), changedAt: now };
}

function touch(flaps: Map<string, FlapRecord>, id: string, now: number): void {
  const flap = flaps.get(id);
  if (flap !== undefined) flaps.set(id, { ...flap, changedAt: now });
}

function isSame(a: Problem, b: Problem): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
