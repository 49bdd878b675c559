import type { Labels } from '#shared/domain/labels.ts';

/** How an alert stands. An inactive one was firing and is resolved. */
export type AlertPhase = 'pending' | 'firing' | 'inactive';

/** An alert: one element of a rule's result, told apart by its labels. Times in UTC milliseconds. */
export type ActiveAlert = {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number;
  readonly phase: AlertPhase;
  readonly activeAt: number;
  readonly firedAt: number | null;
  readonly resolvedAt: number | null;
  /** Since when its element is missing while it goes on firing. */
  readonly keepFiringSince: number | null;
};

/** The alerts of one rule by their labels' key. */
export type AlertStates = ReadonlyMap<string, ActiveAlert>;

/** An element of the rule's result with its expanded texts. */
export type AlertCandidate = Pick<ActiveAlert, 'labels' | 'annotations' | 'value'>;

/** What decides how an alert goes on. */
export type AlertTimes = { readonly forMs: number; readonly keepFiringForMs: number };

/** A resolved alert stays known so long, so that a receiver that was away still hears of it. */
const RESOLVED_RETENTION_MS = 15 * 60_000;

/**
 * Takes the alerts of a rule one evaluation further (rules/alerting.go of Prometheus 2.42).
 *
 * @param candidates the elements that the expression has now, by key
 * @param at time of the evaluation
 */
export function nextStates(
  states: AlertStates,
  candidates: ReadonlyMap<string, AlertCandidate>,
  { forMs, keepFiringForMs }: AlertTimes,
  at: number,
): AlertStates {
  const next = new Map<string, ActiveAlert>();
  for (const [key, candidate] of candidates) {
    const known = states.get(key);
    const alert: ActiveAlert =
      known === undefined || known.phase === 'inactive'
        ? {
            ...candidate,
            phase: 'pending',
            activeAt: at,
            firedAt: null,
            resolvedAt: null,
            keepFiringSince: null,
          }
        : { ...known, value: candidate.value, annotations: candidate.annotations, keepFiringSince: null };
    next.set(key, fired(alert, forMs, at));
  }
  for (const [key, alert] of states) {
    if (candidates.has(key)) continue;
    const after = missing(alert, keepFiringForMs, at);
    if (after !== null) next.set(key, after);
  }
  return next;
}

function fired(alert: ActiveAlert, forMs: number, at: number): ActiveAlert {
  return alert.phase === 'pending' && at - alert.activeAt >= forMs
    ? { ...alert, phase: 'firing', firedAt: at }
    : alert;
}

/** An alert whose element is no longer there; null when it is forgotten. */
function missing(alert: ActiveAlert, keepFiringForMs: number, at: number): ActiveAlert | null {
  if (alert.phase === 'pending') return null;
  if (alert.phase === 'inactive')
    return alert.resolvedAt !== null && at - alert.resolvedAt > RESOLVED_RETENTION_MS ? null : alert;
  if (keepFiringForMs > 0) {
    const since = alert.keepFiringSince ?? at;
    if (at - since < keepFiringForMs) return { ...alert, keepFiringSince: since };
  }
  return { ...alert, phase: 'inactive', resolvedAt: at };
}

/** The alerts that are pending or firing. */
export function activeOf(states: AlertStates): readonly ActiveAlert[] {
  return [...states.values()].filter(({ phase }) => phase !== 'inactive');
}
