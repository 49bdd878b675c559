import { alertLinks } from '#shared/domain/alert-links.ts';
import { type AlertState, createTracer, type PipelineState, type TraceRecord } from './model.ts';
import { causeText, traceText } from './trace-text.ts';

/** What became of acknowledging. */
export type Acknowledged = {
  readonly state: PipelineState;
  readonly trace: readonly TraceRecord[];
  /** Ids of the alerts that it was done to. */
  readonly ids: readonly string[];
};

/** Notes that somebody is on some open alerts: until they end, or until it is taken back, nobody is told of them again. */
export function acknowledge(
  state: PipelineState,
  ids: readonly string[],
  who: { readonly by: string; readonly note: string; readonly remindAfterMs: number | null },
  now: number,
): Acknowledged {
  const { by, note, remindAfterMs } = who;
  const { trace, entries } = createTracer(now);
  const done = change(state, ids, (alert) => {
    trace(alert, {
      kind: 'acknowledged',
      text: causeText.acknowledged(by, note),
      link: alertLinks.alert(alert.id),
    });
    const remindAt = remindAfterMs === null ? null : now + remindAfterMs;
    return {
      ...alert,
      ack: { by, note, at: now, remindAt, remindEveryMs: remindAfterMs },
      // Statistics count the first time: that is when somebody came.
      acked: { at: alert.acked?.at ?? now, by, note },
    };
  });
  return { ...done, trace: entries };
}

/** Takes acknowledgements back; escalation counts from now on. */
export function unacknowledge(
  state: PipelineState,
  ids: readonly string[],
  by: string,
  now: number,
): Acknowledged {
  const { trace, entries } = createTracer(now);
  const done = change(state, ids, (alert) => {
    if (alert.ack === null) return null;
    trace(alert, { kind: 'unacknowledged', text: traceText.unacknowledged(by) });
    return { ...alert, ack: null };
  });
  const groups = new Map(done.state.groups);
  for (const [key, group] of groups) {
    const told = { ...group.told };
    for (const id of done.ids) {
      const known = told[id];
      if (known !== undefined) told[id] = { ...known, from: now };
    }
    if (done.ids.some((id) => group.told[id] !== undefined)) groups.set(key, { ...group, told });
  }
  return { state: { ...done.state, groups }, ids: done.ids, trace: entries };
}

/** Changes those of some alerts that are open; null changes nothing. */
function change(
  state: PipelineState,
  ids: readonly string[],
  how: (alert: AlertState) => AlertState | null,
): Omit<Acknowledged, 'trace'> {
  const alerts = new Map(state.alerts);
  const done: string[] = [];
  for (const id of new Set(ids)) {
    const alert = alerts.get(id);
    const changed = alert === undefined || alert.until !== null ? null : how(alert);
    if (changed === null) continue;
    alerts.set(id, changed);
    done.push(id);
  }
  return { state: { ...state, alerts }, ids: done };
}
