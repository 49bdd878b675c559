import type { NoticeKind } from '#shared/contract/notice.ts';
import { buildNotice } from './build-notice.ts';
import type { AlertState, GroupState, PlannedNotice, Told, Tracer } from './model.ts';
import { NOTICE_KIND } from './notice-text.ts';
import type { CompiledRoute, Routing } from './routing.ts';
import { traceText } from './trace-text.ts';

/** What groups are looked at with. */
export type GroupContext = {
  readonly now: number;
  readonly routing: Routing;
  /** Open alerts that are suppressed because another one is their cause, by its id. */
  readonly behind: ReadonlyMap<string, number>;
  readonly newId: () => string;
  readonly trace: Tracer;
  /** Alerts by id; what is told of them is written there. */
  readonly alerts: Map<string, AlertState>;
  /** The notices that are to leave. */
  readonly send: (notice: PlannedNotice) => void;
};

/** One group while it is looked at. */
export type Working = {
  readonly route: CompiledRoute;
  readonly members: readonly AlertState[];
  group: GroupState;
};

/** What a group has told of an alert. */
export const toldOf = ({ group }: Working, { id }: AlertState): Told | undefined => group.told[id];

/** Sends a notice of a group, and notes in group, alerts and their stories that it did. @returns its id */
export function tell(
  work: Working,
  context: GroupContext,
  kind: NoticeKind,
  firing: readonly AlertState[],
  ended: readonly AlertState[],
  step: { readonly receiver: string; readonly step: number } | null = null,
): string {
  const { now, routing, behind, trace, newId, send } = context;
  const id = newId();
  const receiver = step?.receiver ?? work.route.receiver;
  const hearsEnds = routing.receivers.get(receiver)?.sendResolved !== false;
  const toldEnds = hearsEnds ? ended : [];
  const parts = { id, at: now, kind, group: work.group, behind };
  if (firing.length + toldEnds.length > 0) {
    const planned = buildNotice({ ...parts, receiver, firing, ended: toldEnds, step: step?.step ?? 0 });
    send(planned);
    const text = traceText.notice(NOTICE_KIND[kind], receiver, planned.alerts.length);
    for (const alert of [...firing, ...toldEnds]) trace(alert, { kind: 'notice', text, notice: id });
  }
  if (!hearsEnds)
    for (const alert of ended) trace(alert, { kind: 'notice', text: traceText.endNotTold(receiver) });
  tellEscalated(work, context, ended);
  noteTold(work, context, { firing, ended, heard: [...firing, ...toldEnds] }, step);
  return id;
}

/** Those whom an escalation called hear of the end, too. */
function tellEscalated(work: Working, context: GroupContext, ended: readonly AlertState[]): void {
  const { now, routing, behind, trace, newId, send } = context;
  for (const [index, { receiver }] of work.route.escalation.entries()) {
    const called = ended.filter((alert) => (toldOf(work, alert)?.steps ?? 0) > index);
    if (called.length === 0 || receiver === work.route.receiver) continue;
    if (routing.receivers.get(receiver)?.sendResolved === false) continue;
    const id = newId();
    send(
      buildNotice({
        id,
        at: now,
        kind: 'resolved',
        group: work.group,
        receiver,
        behind,
        firing: [],
        ended: called,
      }),
    );
    const text = traceText.notice(NOTICE_KIND.resolved, receiver, called.length);
    for (const alert of called) trace(alert, { kind: 'notice', text, notice: id });
  }
}

function noteTold(
  work: Working,
  { now, alerts }: GroupContext,
  {
    firing,
    ended,
    heard,
  }: {
    readonly firing: readonly AlertState[];
    readonly ended: readonly AlertState[];
    readonly heard: readonly AlertState[];
  },
  step: { readonly step: number } | null,
): void {
  const told = without(
    work.group.told,
    ended.map(({ id }) => id),
  );
  for (const { id, flappingSince } of firing) {
    const known = told[id];
    const isNew = known === undefined || known.again;
    told[id] = {
      at: known?.at ?? now,
      from: isNew || alerts.get(id)?.unhidden != null ? now : known.from,
      steps: step === null ? (isNew ? 0 : known.steps) : step.step,
      flapping: flappingSince !== null,
      again: false,
    };
  }
  for (const { id } of heard) {
    const alert = alerts.get(id);
    if (alert !== undefined)
      alerts.set(id, { ...alert, toldAt: alert.toldAt ?? now, notices: alert.notices + 1 });
  }
  // An escalation does not put off what the group's own receiver is still to hear.
  const own =
    step === null ? { lastNoticeAt: now, readyAt: now + work.route.groupIntervalMs, newsAt: null } : {};
  work.group = { ...work.group, told, ...own };
}

export function without(told: Readonly<Record<string, Told>>, ids: readonly string[]): Record<string, Told> {
  const left = { ...told };
  for (const id of ids) delete left[id];
  return left;
}
