import type { GapPolicy } from '#shared/contract/rules-authoring.ts';
import type { Labels } from '#shared/domain/labels.ts';
import { labelsFromRecord, labelsToRecord, METRIC_NAME } from '#shared/domain/labels.ts';
import { type ActiveAlert, type AlertStates, activeOf } from '../rules/alert-state.ts';
import type { AlertingRule } from '../rules/model.ts';

/** An alert that was last seen longer ago begins anew. */
const OUTAGE_TOLERANCE_MS = 3_600_000;
/** An alert that was pending when the console stopped is pending for at least so long after the start. */
const FOR_GRACE_MS = 600_000;

/** The newest sample of a series; the value of `ALERTS_FOR_STATE` is since when the alert is active, in seconds. */
export type LastSample = { readonly time: number; readonly value: number };

/** The newest sample of a series in [from, to]; null when there is none, or the series ended. */
export type FindLast = (labels: Labels, from: number, to: number) => LastSample | null;

/**
 * Since when an alert counts as active after a restart (`RestoreForState` in rules/manager.go of Prometheus 2.42): the time
 * without watching does not count towards `for`, and little that is left of it becomes the grace period.
 *
 * @param last what the store knows of it from before
 * @param at now
 */
export function restoredActiveAt(
  activeAt: number,
  forMs: number,
  last: LastSample | null,
  at: number,
): number {
  if (last === null) return activeAt;
  const before = last.value * 1000;
  const left = forMs - (Math.floor(last.time / 1000) * 1000 - before);
  if (left <= 0) return before;
  if (left < FOR_GRACE_MS) return at + FOR_GRACE_MS - forMs;
  return before + at - Math.floor(last.time / 1000) * 1000;
}

/** A rule that says itself what a gap means is asked for up to a week. */
const LONGEST_GAP_MS = 7 * 86_400_000;

/**
 * Restores since when the alerts of a rule are active. As in Prometheus, a rule whose `for` is below the grace period waits for
 * all of it.
 *
 * @param gap what the time without watching means
 */
export function restoreAlerts(
  rule: AlertingRule,
  alerts: AlertStates,
  at: number,
  findLast: FindLast,
  gap: GapPolicy = 'prometheus',
): AlertStates {
  if (gap === 'restart' || (gap === 'prometheus' && rule.forMs < FOR_GRACE_MS)) return alerts;
  const restored = new Map(alerts);
  const active = new Set(activeOf(alerts));
  const back = gap === 'prometheus' ? OUTAGE_TOLERANCE_MS : LONGEST_GAP_MS;
  for (const [key, alert] of alerts) {
    if (!active.has(alert)) continue;
    const last = findLast(forStateLabels(rule.name, alert), at - back, at);
    const activeAt =
      gap === 'prometheus' || last === null
        ? restoredActiveAt(alert.activeAt, rule.forMs, last, at)
        : last.value * 1000 + (gap === 'count' ? 0 : at - Math.floor(last.time / 1000) * 1000);
    restored.set(key, { ...alert, activeAt });
  }
  return restored;
}

/** What a gap in one run, such as a sleep of the machine, does to alerts that wait for their `for`. */
export function afterGap(alerts: AlertStates, gap: GapPolicy, gapMs: number, at: number): AlertStates {
  if (gap === 'prometheus' || gap === 'count') return alerts;
  return new Map(
    [...alerts].map(([key, alert]) => {
      if (alert.phase !== 'pending') return [key, alert];
      return [key, { ...alert, activeAt: gap === 'restart' ? at : Math.min(at, alert.activeAt + gapMs) }];
    }),
  );
}

function forStateLabels(name: string, { labels }: ActiveAlert): Labels {
  return labelsFromRecord({ ...labelsToRecord(labels), [METRIC_NAME]: 'ALERTS_FOR_STATE', alertname: name });
}
