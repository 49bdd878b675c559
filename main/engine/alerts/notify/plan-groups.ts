import { alertLinks } from '#shared/domain/alert-links.ts';
import type { AlertState, Cause, GroupState } from './model.ts';
import type { CompiledRoute, Routing } from './routing.ts';
import { type GroupContext, tell, toldOf, type Working, without } from './tell.ts';
import { causeText, traceText } from './trace-text.ts';

/**
 * Decides what a group tells now: what a silence hid, what is new (after waiting for more of the same), what fires still, what
 * nobody has acknowledged.
 *
 * @returns the group as it is afterwards
 */
export function planGroup(
  before: GroupState,
  route: CompiledRoute,
  members: readonly AlertState[],
  context: GroupContext,
): GroupState {
  const ids = new Set(members.map(({ id }) => id));
  const gone = Object.keys(before.told).filter((id) => !ids.has(id));
  const work: Working = {
    route,
    members,
    group: gone.length === 0 ? before : { ...before, told: without(before.told, gone) },
  };
  hush(work, context);
  mendTold(work, context.now);
  if (work.group.quiet === null) {
    tellUnhidden(work, context);
    tellNews(work, context);
    remind(work, context);
    remindAcknowledged(work, context);
    escalate(work, context);
  }
  return work.group;
}

/** Open alerts that nothing suppresses. */
const visible = ({ members }: Working): readonly AlertState[] =>
  members.filter(({ until, causes }) => until === null && causes.length === 0);

/** Whether the route speaks now; each alert's story says once why it does not. */
function hush(work: Working, { routing, now, trace, alerts }: GroupContext): void {
  const { group, route } = work;
  const quiet = quietBy(route, routing, now);
  if (quiet === null) {
    if (group.quiet === null) return;
    const was = group.quiet;
    for (const alert of work.members.filter(({ id }) => group.hushed.includes(id)))
      trace(alert, {
        kind: 'unsuppressed',
        text: traceText.unsuppressed(was.text),
        link: was.link,
        cause: was,
      });
    work.group = { ...group, quiet: null, hushed: [] };
    return;
  }
  const open = work.members.filter(({ until }) => until === null);
  const fresh = open.filter(({ id }) => !group.hushed.includes(id));
  if (fresh.length === 0 && group.quiet?.ref === quiet.ref && group.quiet.kind === quiet.kind) return;
  for (const { id } of fresh) {
    const alert = alerts.get(id);
    if (alert === undefined) continue;
    trace(alert, { kind: 'suppressed', text: quiet.text, link: quiet.link, cause: quiet });
    alerts.set(id, { ...alert, hadCauses: [...new Set([...alert.hadCauses, quiet.kind])] });
  }
  work.group = { ...group, quiet, hushed: open.map(({ id }) => id), newsAt: null };
}

function quietBy(route: CompiledRoute, routing: Routing, now: number): Cause | null {
  const { receiver } = route;
  if ((routing.receivers.get(receiver)?.targets.length ?? 0) === 0)
    return {
      kind: 'nobody',
      ref: receiver,
      text: traceText.noTargets(receiver),
      link: alertLinks.routes,
      until: null,
    };
  const name = routing.mutedBy(route, now);
  if (name === null) return null;
  return {
    kind: 'mute_time',
    ref: name,
    text: causeText.muteTime(name),
    link: alertLinks.routes,
    until: null,
  };
}

/**
 * Whoever was told of an alert before a dead thing in front explained it is told again if it stays when that is over. And what
 * was told in the future was so by a clock that has been set back.
 */
function mendTold(work: Working, now: number): void {
  const told = { ...work.group.told };
  let isChanged = false;
  for (const alert of work.members) {
    const known = told[alert.id];
    if (known === undefined) continue;
    const isExplained = alert.until === null && alert.causes.some(({ kind }) => kind === 'dependency');
    const mended = { ...known, again: known.again || isExplained, from: Math.min(known.from, now) };
    if (mended.again === known.again && mended.from === known.from) continue;
    told[alert.id] = mended;
    isChanged = true;
  }
  if (isChanged) work.group = { ...work.group, told };
}

function tellUnhidden(work: Working, context: GroupContext): void {
  const firing = visible(work).filter(({ unhidden }) => unhidden !== null);
  if (firing.length > 0) tell(work, context, 'silence_ended', firing, []);
}

function tellNews(work: Working, context: GroupContext): void {
  const { now, trace } = context;
  const { route } = work;
  const isNews = (alert: AlertState): boolean => {
    const told = toldOf(work, alert);
    return told === undefined || told.again || (alert.flappingSince !== null && !told.flapping);
  };
  const open = visible(work);
  const news = open.filter(isNews);
  const held = work.members.filter(
    (alert) =>
      alert.until === null &&
      alert.causes.length > 0 &&
      alert.causes.every(({ kind }) => kind === 'waiting_for_cause') &&
      isNews(alert),
  );
  const ended = work.members.filter((alert) => alert.until !== null && toldOf(work, alert) !== undefined);
  if (news.length + held.length + ended.length === 0) {
    if (work.group.newsAt !== null) work.group = { ...work.group, newsAt: null };
    return;
  }
  // A clock that was set back must not make news wait for years.
  const newsAt = Math.min(work.group.newsAt ?? now, now);
  const readyAt = Math.min(work.group.readyAt, now + route.groupIntervalMs);
  const dueAt = Math.max(newsAt + route.groupWaitMs, readyAt);
  if (work.group.newsAt === null && dueAt > now)
    for (const alert of news) trace(alert, { kind: 'waiting', text: traceText.waiting(dueAt) });
  if (work.group.newsAt !== newsAt || work.group.readyAt !== readyAt)
    work.group = { ...work.group, newsAt, readyAt };
  if (now < dueAt || news.length + ended.length === 0) return;
  tell(work, context, open.length > 0 ? 'firing' : 'resolved', open, ended);
}

function remind(work: Working, context: GroupContext): void {
  const { lastNoticeAt, newsAt, readyAt } = work.group;
  if (lastNoticeAt === null || newsAt !== null || context.now < readyAt) return;
  if (lastNoticeAt > context.now) {
    // The clock was set back.
    work.group = { ...work.group, lastNoticeAt: context.now };
    return;
  }
  const open = visible(work).filter((alert) => toldOf(work, alert) !== undefined);
  if (open.length > 0 && context.now - lastNoticeAt >= work.route.repeatIntervalMs)
    tell(work, context, 'reminder', open, []);
}

/** Somebody wanted to be reminded of what they had acknowledged. */
function remindAcknowledged(work: Working, context: GroupContext): void {
  const due = work.members.filter(
    ({ until, ack, causes }) =>
      until === null &&
      ack?.remindAt != null &&
      ack.remindAt <= context.now &&
      causes.every(({ kind }) => kind === 'acknowledged'),
  );
  if (due.length > 0) tell(work, context, 'reminder', due, []);
}

function escalate(work: Working, context: GroupContext): void {
  const { now, trace } = context;
  const { escalation } = work.route;
  for (const [index, { afterMs, receiver }] of escalation.entries()) {
    const due = visible(work).filter((alert) => {
      const told = toldOf(work, alert);
      return told !== undefined && !told.again && told.steps === index && now >= told.from + afterMs;
    });
    if (due.length === 0) continue;
    const notice = tell(work, context, 'escalation', due, [], { receiver, step: index + 1 });
    for (const alert of due)
      trace(alert, {
        kind: 'escalated',
        text: traceText.escalated(index + 1, afterMs, receiver),
        link: alertLinks.routes,
        notice,
      });
  }
}
